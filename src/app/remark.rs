//! The remark above the results of the find box: how well they fit, and how the words were understood.

use super::find::Find;
use super::layout::{Layout, Pane};
use super::state::App;
use crate::directory::Scope;
use crate::present::display::Glyphs;
use crate::present::page::wrap;
use crate::present::results::{
    GENERAL_LINE, LACKS_CHANNEL, NO_GOOD_MATCH, NO_MATCH, TYPE_A_NEED, equal_matches, is_general, not_listed, retyped,
};
use crate::search::{MatchKind, SearchResult};

/// The columns before the remark.
pub const REMARK_INDENT: u16 = 2;

impl App {
    /// The remark in lines: at least one for a query, and so many that a row for a result is left. What is listed
    /// without a query has headings instead.
    pub fn remark_lines(&self, find: &Find, layout: &Layout) -> Vec<String> {
        if find.is_empty() && !find.results.is_empty() {
            return Vec::new();
        }
        let inner = layout.inner(Pane::Tree).unwrap_or_default();
        let mut lines = wrap(&self.remark(find), usize::from(inner.width.saturating_sub(REMARK_INDENT + 1).max(1)));
        let max = usize::from(inner.height.saturating_sub(1).max(1));
        if lines.len() > max {
            lines.truncate(max);
            lines.iter_mut().skip(max - 1).for_each(|last| last.push_str(self.environment.display.glyphs.ellipsis));
        }
        lines
    }

    fn remark(&self, find: &Find) -> String {
        let is_limited = find.scope != Scope::All;
        let name = || self.scope_name(find.scope);
        if let Some((phrase, note)) = find.elsewhere.and_then(|id| self.catalog.elsewhere(id)) {
            return not_listed(phrase, note);
        }
        let (first, result) = match (find.results.first(), find.result()) {
            (Some(first), Some(result)) => (first, result),
            _ if find.is_empty() => return TYPE_A_NEED.to_owned(),
            _ => return NO_MATCH.to_owned(),
        };
        let glyphs = &self.environment.display.glyphs;
        let mut parts: Vec<String> = find.retyped.iter().map(|text| retyped(text)).collect();
        let is_outside = find.outside().is_some_and(|outside| find.cursor.selected >= outside);
        match find.scope {
            _ if is_limited && find.outside() == Some(0) && !find.is_empty() => {
                parts.push(format!("no match in {}", name()))
            }
            Scope::Audience(_) if is_outside => parts.push(format!("not for {}", name())),
            Scope::Directory(_) if is_outside => parts.push(format!("not in {}", name())),
            Scope::Audience(_) if find.fits_nothing() && is_general(self.catalog.directory(result.id), result.id) => {
                parts.push(GENERAL_LINE.to_owned());
            }
            _ if result.lacks_channel => parts.push(LACKS_CHANNEL.to_owned()),
            _ if is_limited && find.fits_nothing() => parts.push(format!("{NO_GOOD_MATCH} in {}", name())),
            _ if find.fits_nothing() => parts.push(NO_GOOD_MATCH.to_owned()),
            _ => {}
        }
        parts.extend(reasons(result, glyphs));
        if find.by_audience > 0 && find.outside().is_none() && !first.weak {
            parts.push(equal_matches(&find.results[..find.by_audience.min(find.results.len())]));
        }
        parts.join(&format!(" {} ", glyphs.dot))
    }
}

/// How words were understood, where that is not obvious: `paid → commission`.
fn reasons(result: &SearchResult, glyphs: &Glyphs) -> impl Iterator<Item = String> {
    // A weak result shares some meaning with nearly any query.
    let is_obvious = |kind| match kind {
        MatchKind::Exact | MatchKind::Stem | MatchKind::Prefix | MatchKind::Lookup => true,
        MatchKind::Meaning => result.weak,
        _ => false,
    };
    let arrow = glyphs.arrow;
    let notable =
        result.reasons.iter().filter(move |reason| !is_obvious(reason.kind) && reason.typed != reason.matched);
    notable.map(move |reason| format!("{} {arrow} {}", reason.typed, reason.matched))
}
