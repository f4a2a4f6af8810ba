//! Entries, one per line, worded so that a screen reader reads them well, with fields separated by tabs.

use std::sync::Arc;

use super::{Reader, by_channel, tree};
use crate::directory::{EntryId, Scope};
use crate::present::card::{Card, ContactCard};
use crate::present::display::Clock;
use crate::present::explanation::explanation;
use crate::present::facts::alert_words;
use crate::present::script::outcome;
use crate::search::{Catalog, SearchResult, SearchResults};

/// A line for each result: what to dial or write to, the title, the audiences, the target, `sure` or `weak`, and the
/// explanation where it is requested. A better result outside the chosen audience is last and says `outside`. What is
/// known not to be listed is first and says `elsewhere`, with where to turn instead of the number.
pub fn plain(catalog: &Catalog, found: &SearchResults, with_reasons: bool) -> String {
    let results = found.results.iter().map(|result| (result, if result.weak { "weak" } else { "sure" }));
    let outside = found.outside.iter().map(|result| (result, "outside"));
    let line = |(result, trust): (&SearchResult, &str)| {
        let directory = catalog.directory(result.id);
        let mut fields = head(&Card::new(directory, result.id, None)).to_vec();
        fields.push(trust.to_owned());
        if with_reasons {
            fields.push(explanation(catalog.trust(), found, result).join("; "));
        }
        fields.join("\t") + "\n"
    };
    let elsewhere = found.elsewhere.and_then(|id| catalog.elsewhere(id));
    let elsewhere =
        elsewhere.map(|(phrase, note)| format!("{}\t{phrase}\t\t\telsewhere\n", note.unwrap_or("not stated")));
    elsewhere.into_iter().chain(results.chain(outside).map(line)).collect()
}

/// A line for each channel of each entry, or for the requested one: what to dial or write to, the title, the
/// audiences, the target, whether it is open at a moment, the id, and remarks where there are any: warnings, the usual
/// wait and the languages.
pub fn plain_of(catalog: &Catalog, ids: &[EntryId], reader: &Reader<'_>) -> String {
    let ids = ids.iter().flat_map(|id| by_channel(catalog.directory(*id), *id));
    ids.map(|id| plain_line(catalog, id, reader)).collect()
}

/// The entries of the tree of an audience, or of the whole tree, each before those under it.
pub fn tree_entries(catalog: Arc<Catalog>, scope: Scope) -> impl Iterator<Item = EntryId> {
    let mut stack = tree::tops(&catalog, scope);
    stack.reverse();
    std::iter::from_fn(move || {
        let id = stack.pop()?;
        stack.extend(catalog.directory(id).children(id).into_iter().rev());
        Some(id)
    })
}

/// A line for an entry: what to dial or write to, the title, the audiences, the target, whether it is open at a moment,
/// the id, and remarks.
pub fn plain_line(catalog: &Catalog, id: EntryId, reader: &Reader<'_>) -> String {
    let directory = catalog.directory(id);
    let card = Card::new(directory, id, Some(reader.now));
    let [say, title, audiences, target] = head(&card);
    let status = card.contact().map_or_else(|| "no hours".to_owned(), |card| status(card, reader.display.clock));
    let mut line = format!("{say}\t{title}\t{audiences}\t{target}\t{status}\t{}", directory.text_id(id));
    let remarks = card.contact().map(remarks).unwrap_or_default();
    if !remarks.is_empty() {
        line += &format!("\t{}", remarks.join("; "));
    }
    line + "\n"
}

/// What few entries have and a caller should know at once.
fn remarks(card: &ContactCard<'_>) -> Vec<String> {
    let facts = &card.facts;
    let outcome = card.script().and_then(|script| outcome(script.steps.last()?, card.options));
    let alert = facts.alert.map(alert_words);
    let wait = facts.wait.map(|wait| format!("usual wait: {wait}"));
    let languages = (!facts.languages.is_empty()).then(|| format!("languages: {}", facts.languages.join(", ")));
    alert.into_iter().chain(card.hours.closures()).chain(outcome).chain(wait).chain(languages).collect()
}

/// A line for each paragraph of notices and sections: its section and its text; without any, a line for each notice:
/// its id and its title.
pub fn plain_of_notices(catalog: &Catalog, scope: Scope, ids: &[EntryId]) -> String {
    if ids.is_empty() {
        let notices = catalog.within(scope).flat_map(|directory| &directory.notices);
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
fn status(card: &ContactCard<'_>, clock: Clock) -> String {
    // A fax, an email address or a page has no hours.
    if !card.script().is_some_and(|script| script.channel.kind.is_live()) {
        return "no hours".to_owned();
    }
    let hours = card.hours.clone().with_clock(clock);
    let cautions = hours.cautions().map(|caution| caution.words().to_owned());
    let parts = [Some(hours.status_words().to_owned()), hours.change_words()].into_iter().flatten();
    parts.chain(cautions).collect::<Vec<_>>().join(", ")
}
