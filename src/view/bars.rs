//! The lines at the top and at the bottom: title, path and time; messages; hints.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};
use textwrap::core::display_width;

use super::styles::Styles;
use crate::app::keymap::Hint;
use crate::app::layout::{Layout, Pane, left};
use crate::app::{App, Find};
use crate::present::hours::{time_of_day, weekday, zone_name};
use crate::present::outline::{Section, with_keys};
use crate::present::page::wrap;

/// The number of hints at the bottom: more are not read.
const MAX_HINTS: usize = 6;
/// The least space between the parts of the header.
const GAP: usize = 3;

/// The name of the directory, the path to the selection, and the time. Where they do not all fit, the path is the most
/// important.
pub(super) fn header(app: &App, layout: &Layout, styles: &Styles, buffer: &mut Buffer) {
    let line = pad(layout.header);
    let path = breadcrumb(app, layout);
    let brand = Span::styled("dialtree", styles.strong);
    if !layout.is_split() {
        let spans = [brand, Span::styled(format!("  {path}"), styles.base)];
        return styles.draw(Line::from_iter(spans), line, buffer);
    }
    let (clock, width) = (clock(app), usize::from(line.width));
    let name = &app.directory().name;
    let taken = brand.width() + 2 + display_width(&path) + display_width(&clock) + GAP;
    let name_width = display_width(name) + GAP;
    let name = if taken + name_width <= width { format!("  {name}") } else { String::new() };
    let title = Line::from(vec![brand, Span::styled(name, styles.quiet)]);
    // The path is above the tree, where there is room before it.
    let tree = layout.pane(Pane::Tree).map_or(0, |tree| usize::from(tree.x - layout.header.x));
    let column = (title.width() + GAP).max(tree + 1);
    let last = width.saturating_sub(display_width(&clock) + display_width(&path) + GAP);
    let column = column.min(last.max(title.width() + 2));
    let space = width.saturating_sub(column + if clock.is_empty() { 0 } else { display_width(&clock) + 2 });
    styles.draw(title, line, buffer);
    let x = line.x + u16::try_from(column).unwrap_or(0);
    let place = Rect { x, width: u16::try_from(space).unwrap_or(0), ..line }.intersection(line);
    styles.draw(Line::styled(path, styles.strong), place, buffer);
    right_aligned(Line::styled(clock, styles.quiet), line, buffer);
}

/// The source of the data and the day on which it was checked.
pub(super) fn source(app: &App, styles: &Styles) -> Line<'static> {
    let checked = app.directory().transcribed;
    let source = if app.catalog.has_several() { &*app.directory().short } else { &app.environment.source };
    let dot = styles.glyphs.dot;
    Line::styled(format!("{source} {dot} checked {checked}"), styles.quiet)
}

/// Draws a line at the right end of another one, if it takes no more than half of it.
pub(super) fn right_aligned(line: Line<'_>, area: Rect, buffer: &mut Buffer) {
    let width = u16::try_from(line.width()).unwrap_or(u16::MAX);
    if width <= area.width / 2 {
        line.render(left(area, area.width - width).1, buffer);
    }
}

/// The first problem with the file, in one line. The number of the others and the age of the data say what can be
/// trusted, so a long problem is cut rather than they.
fn problem(app: &App, layout: &Layout, styles: &Styles, buffer: &mut Buffer) {
    let Some(problems) = app.problems.first() else { return };
    let age = match layout.is_split() {
        true if problems.has_earlier => format!("; showing the {}", data_age(app)),
        true => "; the file is left out".to_owned(),
        false => String::new(),
    };
    let (sign, line) = (Span::styled("! ", styles.alert), pad(layout.message));
    let space = usize::from(line.width).saturating_sub(sign.width() + display_width(&age));
    let more = app.more_problems(display_width(&problems.first) > space);
    let problem = styles.fit(Line::styled(&problems.first, styles.strong), space.saturating_sub(display_width(&more)));
    let spans =
        std::iter::once(sign).chain(problem.spans).chain([more, age].map(|text| Span::styled(text, styles.quiet)));
    erase(layout.message, styles, buffer);
    styles.draw(Line::from_iter(spans), line, buffer);
}

pub(super) fn erase(area: Rect, styles: &Styles, buffer: &mut Buffer) {
    Clear.render(area, buffer);
    buffer.set_style(area, styles.base);
}

/// When the directory on the screen was loaded, in words.
fn data_age(app: &App) -> String {
    let zone = app.directory().zone.as_ref().map(|zone| &zone.rules).or(app.environment.display.reader_zone.as_ref());
    match zone {
        Some(zone) if !app.environment.moment_is_set => {
            let loaded = app.loaded.to_zoned_datetime(zone.clone());
            format!("data of {}", time_of_day(&loaded, app.environment.display.clock))
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
    if app.loading.is_some() {
        return app.environment.source.clone();
    }
    if let Some(find) = &app.find {
        return find_title(app, find);
    }
    let (directory, section) = (app.directory(), app.panes.tree.section());
    let whose = directory.whose().map(|name| format!("{name}, ")).unwrap_or_default();
    let name = &*format!("{whose}{}", section.short(directory));
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

/// What the find box searches.
pub(super) fn find_title(app: &App, find: &Find) -> String {
    format!("Find {} {}", app.environment.display.glyphs.dot, app.scope_name(find.scope))
}

/// The message, and the hints below it.
pub(super) fn footer(app: &App, layout: &Layout, styles: &Styles, buffer: &mut Buffer) {
    match &app.message {
        Some(text) => message(text, layout, styles, buffer),
        None => problem(app, layout, styles, buffer),
    }
    erase(layout.footer, styles, buffer);
    let line = pad(layout.footer);
    let mut spans: Vec<Span<'_>> = Vec::new();
    let mut space = usize::from(line.width);
    for Hint { key, word, .. } in app.hints() {
        let width = display_width(&key) + 1 + display_width(word) + GAP;
        // A hint that is too long leaves its space to shorter ones after it.
        if spans.len() == 2 * MAX_HINTS || width > space + GAP {
            continue;
        }
        space = space.saturating_sub(width);
        spans.push(Span::styled(key, styles.key));
        spans.push(Span::styled(format!(" {word}   "), styles.quiet));
    }
    if let Some(last) = spans.last_mut() {
        last.content = last.content.trim_end().to_owned().into();
    }
    styles.draw(Line::from(spans), line, buffer);
}

/// A message, in its line and as many above it as it takes.
fn message(text: &str, layout: &Layout, styles: &Styles, buffer: &mut Buffer) {
    let lines = wrap(text, usize::from(pad(layout.message).width));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).clamp(1, layout.message.bottom() - layout.body.y);
    let area = Rect { y: layout.message.bottom() - height, height, ..layout.message };
    erase(area, styles, buffer);
    for (row, line) in pad(area).rows().zip(lines) {
        styles.draw(Line::styled(line, styles.strong), row, buffer);
    }
}

pub(super) fn pad(line: Rect) -> Rect {
    line.inner(Margin::new(1, 0))
}
