//! A minimal two-pane ratatui program, the baseline of `benches/terminal.rs`.
//!
//! The benchmark runs it and dialtree in the same kind of terminal and reports the ratio of their times, which excludes
//! the cost of ratatui and of the machine. The program loads and searches nothing: it shows a list on the left and a few
//! lines about the selected row on the right. Keep it minimal, or the ratios are no longer comparable with earlier ones.

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

/// Moves the selection until `q` is pressed.
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
            let details = Paragraph::new(details(state.selected().unwrap_or(0)))
                .block(Block::bordered().title(" Details "))
                .wrap(Wrap { trim: true });
            frame.render_widget(details, right);
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

/// A few lines that differ between rows, as those of a real details pane do.
fn details(row: usize) -> Vec<Line<'static>> {
    let n = row + 1;
    vec![
        Line::from(format!("Line {n:02}")).bold(),
        Line::default(),
        Line::from(format!("There are {row} lines before it and {} after.", 29_usize.saturating_sub(row))),
        Line::from(format!("Its square is {}, its cube {}.", n * n, n * n * n)),
        Line::from("The words in this pane are made up: only their number matters here."),
    ]
}
