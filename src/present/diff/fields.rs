//! The fields of a directory and of its entries as texts, for comparison.

use crate::directory::hours::{Closure, Hours, Schedule};
use crate::directory::{Alert, Audience, AudienceSet, Channel, Details, Directory, EntryId, Extra, MenuOption, Notice};
use crate::present::facts::alert_words;
use crate::present::hours::closure_words;
use crate::present::script::{goal, step_words};

/// A field by its name in the data file, and its values; none where it is not given.
pub(super) type Field = (&'static str, Vec<String>);

fn one(text: Option<impl ToString>) -> Vec<String> {
    text.into_iter().map(|text| text.to_string()).collect()
}

fn list(texts: &[Box<str>]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

fn flag(is_set: bool) -> Vec<String> {
    one(is_set.then_some("true"))
}

fn ids(directory: &Directory, audiences: &AudienceSet) -> Vec<String> {
    audiences.iter().map(|index| directory.audiences[index].id.to_string()).collect()
}

fn closures<'a>(closures: impl IntoIterator<Item = &'a Closure>) -> Vec<String> {
    closures.into_iter().map(closure_words).collect()
}

/// The fields of a directory that are not audiences or entries.
pub(super) fn directory(directory: &Directory) -> Vec<Field> {
    let of = |name: &str, texts: &[Box<str>]| format!("{name}: {}", texts.join(", "));
    let synonyms = directory.synonyms.iter().map(|synonym| of(&synonym.means, &synonym.words));
    let elsewhere = directory.elsewhere.iter();
    let elsewhere = elsewhere.map(|item| of(item.note.as_deref().unwrap_or("not listed"), &item.phrases));
    let accounts = directory.accounts.iter().map(|account| format!("{}: {}", account.id, account.name));
    vec![
        ("id", one(Some(&directory.id))),
        ("name", one(Some(&directory.name))),
        ("organisation", one(Some(&directory.organisation))),
        ("source", one(Some(&directory.source))),
        ("transcribed", one(Some(directory.transcribed))),
        ("owner", one(directory.owner.as_ref())),
        ("region", one(Some(directory.region))),
        ("zone", one(directory.zone.as_ref().and_then(|zone| zone.rules.iana_name()))),
        ("holidays", one(directory.holidays.as_ref())),
        ("closures", closures(&directory.closures)),
        ("accounts", accounts.collect()),
        ("common_needs", list(&directory.common_needs)),
        ("gates", directory.gate_rules().map(|(hosts, notice)| format!("{hosts}: {notice}")).collect()),
        ("synonyms", synonyms.collect()),
        ("elsewhere", elsewhere.collect()),
    ]
}

pub(super) fn audience(audience: &Audience) -> Vec<Field> {
    vec![
        ("name", one(Some(&audience.name))),
        ("short", one(Some(&audience.short))),
        ("aliases", list(&audience.aliases)),
    ]
}

/// The fields of an entry, without its channels and without what it has from the entries above it.
pub(super) fn entry(directory: &Directory, id: EntryId) -> Vec<Field> {
    if let Some(section) = directory.section(id) {
        return vec![("title", one(Some(&section.title))), ("text", list(&section.text))];
    }
    if let Some(record) = directory.notice(id) {
        return notice(record);
    }
    let (Some(contact), Some(details)) = (directory.contact(id), directory.details(id)) else { return Vec::new() };
    let mut fields = match directory.option(id) {
        Some(own) => option(directory, own, &contact.options),
        None => vec![
            ("name", one(Some(&contact.name))),
            ("source", one(Some(&contact.source))),
            ("audiences", ids(directory, &contact.audiences)),
            ("account", one(contact.account.map(|account| &directory.accounts[account].id))),
        ],
    };
    fields.extend(of_details(directory, details));
    fields
}

fn notice(notice: &Notice) -> Vec<Field> {
    vec![
        ("title", one(Some(&notice.title))),
        ("source", one(Some(&notice.source))),
        ("wording", one(notice.wording.as_ref())),
        ("site", one(notice.site.as_ref())),
        ("text", list(&notice.text)),
        ("choices", list(&notice.choices)),
        ("aliases", list(&notice.aliases)),
        ("needs", list(&notice.needs)),
    ]
}

fn option(directory: &Directory, option: &MenuOption, options: &[MenuOption]) -> Vec<Field> {
    vec![
        ("step", one(Some(step_words(&option.step)))),
        ("label", one(Some(&option.label))),
        ("goto", one(goal(option, options))),
        ("operator", flag(option.is_operator)),
        ("anywhere", flag(option.is_anywhere)),
        ("language", one(option.language.as_ref())),
        ("also", ids(directory, &option.also)),
        ("not_for", ids(directory, &option.not_for)),
    ]
}

fn of_details(directory: &Directory, details: &Details) -> Vec<Field> {
    let none = Extra::default();
    let extra = details.extra.as_deref().unwrap_or(&none);
    let escalate = extra.escalate.map(|id| directory.text_id(directory.id_of(id.entry).by(id.channel)));
    let articles = extra.articles.iter().map(|article| format!("{}: {}", article.title, article.link));
    vec![
        ("alert", one(extra.alert.as_ref().map(alert))),
        ("escalate", one(escalate)),
        ("serves", list(&details.serves)),
        ("services", list(&details.services)),
        ("notes", list(&details.notes)),
        ("languages", list(&extra.languages)),
        ("wait", one(extra.wait.as_ref())),
        ("have_ready", list(&extra.have_ready)),
        ("region", list(&extra.region)),
        ("articles", articles.collect()),
        ("internal", flag(extra.is_internal)),
        ("aliases", list(&details.aliases)),
        ("needs", list(&details.needs)),
        ("checked", one(extra.checked)),
        ("checked_by", one(extra.checked_by.as_ref())),
    ]
}

fn alert(alert: &Alert) -> String {
    let from = alert.from.map_or_else(String::new, |from| format!(" (from {from})"));
    alert_words(alert) + &from
}

/// The hours of an entry and its days of closure beside those of the whole directory, its own or those of the entries
/// above it.
pub(super) fn hours(directory: &Directory, id: EntryId) -> Vec<Field> {
    let hours = directory.hours(id);
    let own = hours.closures().iter().filter(|closure| !directory.closures.contains(closure));
    vec![("hours", listed(hours)), ("closures", closures(own))]
}

fn listed(hours: &Hours) -> Vec<String> {
    let Hours::Listed(schedule) = hours else { return Vec::new() };
    let zone = schedule.zone().filter(|zone| zone.stated).and_then(|zone| zone.rules.iana_name());
    let zone = zone.map_or_else(String::new, |zone| format!(" ({zone})"));
    one(Some(format!("{}{zone}", Schedule::listed(schedule))))
}

/// The fields of a channel beside its number or address.
pub(super) fn channel(channel: &Channel) -> Vec<Field> {
    vec![
        ("label", one(channel.label.as_ref())),
        ("note", one(channel.note.as_ref())),
        ("hours", channel.hours.as_deref().map_or_else(Vec::new, listed)),
    ]
}
