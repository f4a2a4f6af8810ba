//! Entries, one per line, worded so that a screen reader reads them well, with fields separated by tabs.

use jiff::Timestamp;

use super::{by_channel, tree};
use crate::directory::{AudienceId, EntryId};
use crate::present::card::{Card, ContactCard};
use crate::present::results::reasons;
use crate::search::{Catalog, SearchResult, SearchResults};

/// A line for each result: what to dial or write to, the title, the audiences, the target, `sure` or `weak`, and the
/// reasons where they are requested. A better result outside the chosen audience is last and says `outside`.
pub fn plain(catalog: &Catalog, found: &SearchResults, with_reasons: bool) -> String {
    let results = found.results.iter().map(|result| (result, if result.weak { "weak" } else { "sure" }));
    let outside = found.outside.iter().map(|result| (result, "outside"));
    let line = |(result, trust): (&SearchResult, &str)| {
        let mut fields = head(&Card::new(catalog.directory(result.id), result.id, None)).to_vec();
        fields.push(trust.to_owned());
        if with_reasons {
            fields.push(reasons(&result.reasons).collect::<Vec<_>>().join("; "));
        }
        fields.join("\t") + "\n"
    };
    results.chain(outside).map(line).collect()
}

/// A line for each channel of each entry, or for the requested one: what to dial or write to, the title, the
/// audiences, the target, whether it is open at a moment, and the id.
pub fn plain_of(catalog: &Catalog, ids: &[EntryId], now: Timestamp) -> String {
    let ids = ids.iter().flat_map(|id| by_channel(catalog.directory(*id), *id));
    ids.map(|id| line(catalog, id, now)).collect()
}

/// A line for each entry of the tree of an audience, or of the whole tree.
pub fn plain_of_tree(catalog: &Catalog, audience: Option<AudienceId>, now: Timestamp) -> String {
    let mut lines = String::new();
    let mut stack = tree::tops(catalog, audience);
    stack.reverse();
    while let Some(id) = stack.pop() {
        lines += &line(catalog, id, now);
        stack.extend(catalog.directory(id).children(id).into_iter().rev());
    }
    lines
}

fn line(catalog: &Catalog, id: EntryId, now: Timestamp) -> String {
    let directory = catalog.directory(id);
    let card = Card::new(directory, id, Some(now));
    let [say, title, audiences, target] = head(&card);
    let status = card.contact().map_or_else(|| "no hours".to_owned(), status);
    format!("{say}\t{title}\t{audiences}\t{target}\t{status}\t{}\n", directory.text_id(id))
}

/// A line for each paragraph of notices and sections: its section and its text; without any, a line for each notice: its
/// id and its title.
pub fn plain_of_notices(catalog: &Catalog, ids: &[EntryId]) -> String {
    if ids.is_empty() {
        let notices = catalog.directories().iter().flat_map(|directory| &directory.notices);
        return notices.map(|notice| format!("{}\t{}\n", notice.id, notice.title)).collect();
    }
    ids.iter().map(|id| paragraphs(catalog, *id)).collect()
}

fn paragraphs(catalog: &Catalog, id: EntryId) -> String {
    let Card::Notice(card) = Card::new(catalog.directory(id), id, None) else { return String::new() };
    let paragraphs = |title: &str, text: &[Box<str>]| -> String {
        text.iter().map(|paragraph| format!("{title}\t{paragraph}\n")).collect()
    };
    let sections = card.sections.iter().map(|(_, section)| paragraphs(&section.title, &section.text));
    if !card.is_whole {
        return sections.collect();
    }
    let wording = card.notice.wording.iter().map(|wording| format!("Wording\t{wording}\n"));
    std::iter::once(paragraphs(&card.notice.title, &card.notice.text)).chain(sections).chain(wording).collect()
}

fn head(card: &Card<'_>) -> [String; 4] {
    let unknown = || if card.contact().is_none() { "notice" } else { "not stated" }.to_owned();
    [
        card.say_with_kind().unwrap_or_else(unknown),
        title(card),
        card.audience_names(),
        card.target().unwrap_or_else(unknown),
    ]
}

/// The title of an entry, with the label of its channel where the contact has another of the same kind.
fn title(card: &Card<'_>) -> String {
    match card.contact().and_then(|card| card.channel_label(card.script()?.channel)) {
        Some(label) => format!("{} ({label})", card.title()),
        None => card.title().to_owned(),
    }
}

/// The open status in words: `open, closes 5:00 PM PT`.
fn status(card: &ContactCard<'_>) -> String {
    // A fax, an email address or a page has no hours.
    if !card.script().is_some_and(|script| script.channel.kind.is_live()) {
        return "no hours".to_owned();
    }
    let cautions = card.hours.cautions().map(|caution| caution.words().to_owned());
    let parts = [Some(card.hours.status_words().to_owned()), card.hours.change_words()].into_iter().flatten();
    parts.chain(cautions).chain(card.hours.closures()).collect::<Vec<_>>().join(", ")
}
