//! The floor: the least a two-pane ratatui program can be.
//!
//! `benches/terminal.rs` runs it next to the real program on the same terminal, so that the times
//! it prints can be read as "so many times what ratatui and the machine cost anyway". It has no
//! data, no state to load and nothing to search: a list on the left, a few lines about the chosen
//! one on the right. Keep it this plain, or the comparison loses its meaning.

#![forbid(unsafe_code)]

use std::io;

use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event, KeyCode, KeyEventKind};
use ratatui::layout::{Constraint, Layout};
use ratatui::style::{Style, Stylize};
use ratatui::text::Line;
use ratatui::widgets::{Block, List, ListState, Paragraph, Wrap};

fn main() -> io::Result<()> {
    ratatui::run(browse)
}

/// Draws, waits for an event and moves the selection, until `q`.
fn browse(terminal: &mut DefaultTerminal) -> io::Result<()> {
    let names: Vec<String> = (1..=30).map(|n| format!("Line {n:02} of the list")).collect();
    let list = List::new(names.iter().map(String::as_str))
        .block(Block::bordered().title(" Bare list "))
        .highlight_style(Style::new().reversed());
    let mut state = ListState::default().with_selected(Some(0));
    loop {
        terminal.draw(|frame| {
            let halves = Layout::horizontal([Constraint::Percentage(50); 2]);
            let [left, right] = halves.areas(frame.area());
            frame.render_stateful_widget(&list, left, &mut state);
            let about = Paragraph::new(about(state.selected().unwrap_or(0)))
                .block(Block::bordered().title(" Details it "))
                .wrap(Wrap { trim: true });
            frame.render_widget(about, right);
        })?;
        let Event::Key(key) = event::read()? else {
            continue;
        };
        match key.code {
            _ if key.kind == KeyEventKind::Release => {}
            KeyCode::Char('q') => return Ok(()),
            KeyCode::Down | KeyCode::Char('j') => state.select_next(),
            KeyCode::Up | KeyCode::Char('k') => state.select_previous(),
            _ => {}
        }
    }
}

/// A few lines that differ from one row to the next, as a real details pane would.
fn about(row: usize) -> Vec<Line<'static>> {
    let n = row + 1;
    vec![
        Line::from(format!("Line {n:02}")).bold(),
        Line::default(),
        Line::from(format!("There are {row} lines before it and {} after.", 29_usize.saturating_sub(row))),
        Line::from(format!("Its square is {}, its cube {}.", n * n, n * n * n)),
        Line::from("The words in this pane are made up: only their number matters here."),
    ]
}
