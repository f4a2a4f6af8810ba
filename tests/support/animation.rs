//! Draws a script of keys as an animated SVG picture, for the README.
//!
//! Each row of the screen is drawn once for each different state and shown while it has that state (CSS, which runs in
//! pictures on web pages too). Where nothing is animated, because the viewer cannot or the reader prefers no motion, the
//! last frame is shown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dialtree::present::theme::Theme;
use ratatui::buffer::Buffer;

use crate::svg::{caption, row, rows, window};

/// A screen, how long it is shown, in seconds, and what is said about it in the title bar.
pub(crate) struct Frame {
    pub(crate) screen: Buffer,
    pub(crate) seconds: f64,
    pub(crate) title: &'static str,
}

/// Draws frames, which repeat without end. `label` describes the picture to a screen reader.
pub(crate) fn animated(frames: &[Frame], theme: &Theme, label: &str) -> String {
    let area = frames[0].screen.area;
    let mut style = String::from("g.f{visibility:hidden}g.s{visibility:visible}\n");
    let mut names = BTreeMap::new();
    let titles = frames.iter().map(|frame| caption(area, frame.title)).collect::<Vec<_>>();
    let title = states(&titles, &mut names);
    let screen: String = (0..usize::from(area.height))
        .map(|index| {
            let drawn = frames.iter().map(|frame| row(rows(&frame.screen).nth(index).unwrap(), index, theme));
            states(&drawn.collect::<Vec<_>>(), &mut names)
        })
        .collect();
    let total: f64 = frames.iter().map(|frame| frame.seconds).sum();
    for (shown, name) in &names {
        let _ = write!(style, ".k{name}{{animation:k{name} {total:.2}s step-end infinite}}@keyframes k{name}{{");
        let (mut start, mut before) = (0.0, None);
        for (is_shown, frame) in shown.iter().zip(frames) {
            if before != Some(is_shown) {
                let visibility = if *is_shown { "visible" } else { "hidden" };
                let _ = write!(style, "{:.2}%{{visibility:{visibility}}}", 100.0 * start / total);
            }
            before = Some(is_shown);
            start += frame.seconds;
        }
        style += "}\n";
    }
    style += "@media (prefers-reduced-motion:reduce){g.f{animation:none}}\n";
    window(area, theme, label, &style, &title, &screen)
}

/// The elements of a part for each of its different states. `drawn` has what is drawn in each frame, `names` a number for
/// each set of frames in which something is shown.
fn states(drawn: &[String], names: &mut BTreeMap<Vec<bool>, usize>) -> String {
    let mut elements = String::new();
    for (index, state) in drawn.iter().enumerate() {
        if state.is_empty() || drawn[..index].contains(state) {
            continue;
        }
        let shown: Vec<bool> = drawn.iter().map(|other| other == state).collect();
        if shown.iter().all(|shown| *shown) {
            elements += state;
            continue;
        }
        let is_last = if shown[shown.len() - 1] { " s" } else { "" };
        let number = names.len();
        let name = names.entry(shown).or_insert(number);
        let _ = write!(elements, "<g class=\"f{is_last} k{name}\">\n{state}</g>\n");
    }
    elements
}
