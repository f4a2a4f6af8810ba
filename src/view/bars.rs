//! The lines at the top and at the bottom: title and time, message or hints, and the path to the selection.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use textwrap::core::display_width;

use super::theme::Theme;
use crate::app::App;
use crate::app::keymap::{InputMode, hints};
use crate::app::layout::{Layout, Pane, left};
use crate::present::hours::{time_of_day, weekday, zone_name};
use crate::present::outline::{Section, with_keys};
use crate::present::page::wrap;

pub(super) fn header(app: &App, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) {
    // Where one pane is visible at a time, its path is more useful than the time.
    let clock = if layout.is_split() { clock(app) } else { String::new() };
    let [title_side, clock_side] = sides(layout.header, &clock);
    let mut spans = vec![Span::styled("dialtree", theme.accent)];
    if layout.is_split() {
        let space = usize::from(title_side.width).saturating_sub(spans[0].width());
        spans.extend(title(app, space, theme));
    } else {
        spans.push(Span::raw(format!("  {}", breadcrumb(app, layout))));
    }
    theme.draw(Line::from(spans), title_side, frame);
    Line::styled(clock, theme.quiet).render(clock_side, frame.buffer_mut());
}

/// The name and source of the directory; a problem with its file is more important than both.
fn title<'a>(app: &'a App, space: usize, theme: &Theme) -> Vec<Span<'a>> {
    let (dot, source) = (theme.glyphs.dot, &app.environment.source);
    let name = (!app.directory().name.is_empty()).then(|| Span::raw(format!("  {}", app.directory().name)));
    let name_width = name.as_ref().map_or(0, Span::width);
    let Some(problem) = &app.problem else {
        let source = Span::styled(format!("  {dot} {source}"), theme.quiet);
        let fits = name_width + source.width() <= space;
        return name.into_iter().chain(fits.then_some(source)).collect();
    };
    // The age of the data says what can be trusted, so a long problem is cut rather than the age.
    let (problem, loaded) = (format!("  {problem}"), data_age(app));
    let (long, short) = (format!("; showing the {loaded}"), format!("; {loaded}"));
    let is_space = |name: usize, since: &str| name + display_width(&problem) + display_width(since) <= space;
    let since = if is_space(0, &long) { &long } else { &short };
    let name = name.filter(|_| is_space(name_width, since));
    let left = space.saturating_sub(name.as_ref().map_or(0, Span::width) + display_width(since));
    let cut = theme.fit(Line::from(problem), left);
    let alert = cut.spans.into_iter().map(|span| span.style(theme.alert));
    name.into_iter().chain(alert).chain([Span::styled(since.clone(), theme.alert)]).collect()
}

/// When the directory on the screen was loaded, in words.
fn data_age(app: &App) -> String {
    let zone = app.directory().zone.as_ref().map(|zone| &zone.rules).or(app.environment.display.reader_zone.as_ref());
    match zone {
        Some(zone) if !app.environment.moment_is_set => {
            format!(
                "data of {}",
                time_of_day(&app.loaded.to_zoned_datetime(zone.clone()), app.environment.display.clock)
            )
        }
        _ => "earlier data".to_owned(),
    }
}

/// The time in the zone of the directory.
fn clock(app: &App) -> String {
    let Some(zone) = &app.directory().zone else { return String::new() };
    let here = app.now.to_zoned_datetime(zone.rules.clone());
    let day = if app.environment.moment_is_set { format!(" {}", here.date()) } else { String::new() };
    let time = time_of_day(&here, app.environment.display.clock);
    format!("{}{day} {time} {}", weekday(&here), zone_name(&here))
}

/// The path to the selected entry: the audience, the line, the keys pressed.
fn breadcrumb(app: &App, layout: &Layout) -> String {
    let glyphs = &app.environment.display.glyphs;
    if app.find.is_some() {
        return "Find".to_owned();
    }
    if app.loading.is_some() {
        return app.environment.source.clone();
    }
    let (directory, section) = (app.directory(), app.panes.tree.section());
    let name = section.short(directory);
    let Some(entry) = app.panes.tree.selected().filter(|_| app.focus() != Pane::Audience) else {
        return name.to_owned();
    };
    if directory.option(entry).is_none() {
        let title =
            if layout.is_split() { String::new() } else { format!(" {} {}", glyphs.then, directory.title(entry)) };
        return name.to_owned() + &title;
    }
    // Keys belong to a line. The line's number is shown if the line is of another audience or not visible.
    let is_elsewhere = Section::of(directory, entry) != section || !layout.is_split();
    let number = directory.channel(entry).and_then(|channel| channel.printed()).filter(|_| is_elsewhere);
    with_keys(number.unwrap_or(name), app.steps_to(entry), glyphs)
}

pub(super) fn footer(app: &App, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) {
    if let Some(text) = &app.message {
        return message(text, layout, theme, frame);
    }
    // Where the header shows the path, the footer shows the problem with the file.
    if let (Some(problem), false) = (&app.problem, layout.is_split()) {
        return theme.draw(Line::styled(problem, theme.alert), pad(layout.footer), frame);
    }
    let has_path = layout.is_split() && !matches!(app.mode(), InputMode::Help | InputMode::Loading);
    let path = if has_path { breadcrumb(app, layout) } else { String::new() };
    let [hints_side, path_side] = sides(layout.footer, &path);
    let mut spans: Vec<Span<'_>> = Vec::new();
    let mut space = usize::from(hints_side.width);
    for (_, key, word) in hints(app.mode()).filter(|(action, ..)| app.offers(*action)) {
        let width = display_width(&key) + 1 + display_width(word) + 3;
        // A hint that is too long leaves its space to shorter ones after it.
        if width > space + 3 {
            continue;
        }
        space = space.saturating_sub(width);
        spans.push(Span::styled(key, theme.key));
        spans.push(Span::styled(format!(" {word}   "), theme.quiet));
    }
    Line::from(spans).render(hints_side, frame.buffer_mut());
    Line::styled(path, theme.quiet).render(path_side, frame.buffer_mut());
}

/// The message to the user, over as many of the lowest rows as it takes.
fn message(text: &str, layout: &Layout, theme: &Theme, frame: &mut Frame<'_>) {
    let inner = pad(layout.footer);
    let lines = wrap(text, usize::from(inner.width));
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(layout.body.height);
    let top = layout.footer.y + 1 - rows.max(1);
    Clear.render(Rect { y: top, height: rows, ..layout.footer }, frame.buffer_mut());
    for (row, line) in (Rect { y: top, height: rows, ..inner }).rows().zip(lines) {
        Line::styled(line, theme.strong).render(row, frame.buffer_mut());
    }
}

/// Splits a line into a left part and the area of a text at its right end. The area is empty where the text would take
/// more than half of the line.
fn sides(line: Rect, right: &str) -> [Rect; 2] {
    let width = u16::try_from(display_width(right)).unwrap_or(u16::MAX);
    let line = pad(line);
    let width = if width > line.width / 2 { 0 } else { width };
    let gap = u16::from(width > 0) * 2;
    let (left_side, right_side) = left(line, line.width - width);
    [left(left_side, left_side.width - gap).0, right_side]
}

fn pad(line: Rect) -> Rect {
    line.inner(Margin::new(1, 0))
}
