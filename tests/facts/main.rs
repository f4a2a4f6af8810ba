//! Compares the built-in directory with the facts of its source page, in both directions.
//!
//! `fixtures/facts.json` has the facts that the page states: one for each number, key, address, hour, note and
//! provision. A fact whose kind or id no check handles is a failure, so that none is skipped.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashSet;

use dialtree::directory::address::Host;
use dialtree::directory::hours::{Hours, OpenStatus, Schedule};
use dialtree::directory::target::Target;
use dialtree::directory::{
    Channel, ChannelKind, Contact, Details, Directory, EMBEDDED, Entry, EntryId, MenuOption, Notice, NoticeSection,
};
use jiff::ToSpan;
use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;
use serde::Deserialize;

mod hours;
mod mistakes;
mod pages;

const FACTS: &str = include_str!("../fixtures/facts.json");

/// A fact that the page states.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    id: String,
    section: String,
    kind: String,
    label: String,
    value: String,
    e164: Option<String>,
    keys: Option<Vec<u8>>,
    audience: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    provisions: Vec<String>,
}

/// The error says how a fact and the directory differ.
type Check = Result<(), String>;

#[test]
fn every_fact_is_in_the_directory() {
    let (checked, wrong) = compare(&embedded(), &facts());
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(checked, 121);
}

#[test]
fn the_directory_has_nothing_that_is_not_in_the_facts() {
    let invented = invented(&embedded(), &facts());
    assert!(invented.is_empty(), "{} are not in the facts:\n{}", invented.len(), invented.join("\n"));
}

#[test]
fn a_fact_of_unknown_kind_or_id_is_a_failure() {
    for (field, value) in [("kind", "carrier-pigeon"), ("id", "page-footer")] {
        let mut unknown: Vec<serde_json::Value> = serde_json::from_str(FACTS).unwrap();
        unknown[0][field] = value.into();
        let unknown: Vec<Fact> = serde_json::from_value(unknown.into()).unwrap();
        let (_, wrong) = compare(&embedded(), &unknown);
        assert!(wrong.iter().any(|wrong| wrong.contains(value)), "{value} passed");
    }
}

#[test]
fn every_mistake_is_found() {
    let facts = facts();
    for (correct, wrong, reported) in mistakes::MISTAKES {
        assert!(EMBEDDED.contains(correct), "the directory no longer contains {correct}");
        let source = EMBEDDED.replacen(correct, wrong, 1);
        let directory = Directory::load("data/healthnet.ron", &source).unwrap_or_else(|e| panic!("{wrong}: {e}"));
        let mut found = compare(&directory, &facts).1;
        found.extend(invented(&directory, &facts));
        assert!(
            found.iter().any(|found| found.contains(reported)),
            "{wrong} instead of {correct} was not reported as {reported}; found: {found:#?}"
        );
    }
}

fn embedded() -> Directory {
    Directory::load("data/healthnet.ron", EMBEDDED).unwrap_or_else(|problems| panic!("{problems}"))
}

fn facts() -> Vec<Fact> {
    serde_json::from_str(FACTS).unwrap()
}

/// The number of facts and the differences from them.
fn compare(directory: &Directory, facts: &[Fact]) -> (usize, Vec<String>) {
    let ids: HashSet<&str> = facts.iter().map(|fact| fact.id.as_str()).collect();
    let differ = |fact: &Fact| check(directory, fact).err().map(|how| format!("{}: {how}", fact.id));
    (ids.len(), facts.iter().filter_map(differ).collect())
}

fn check(directory: &Directory, fact: &Fact) -> Check {
    match fact.kind.as_str() {
        "phone" | "fax" | "tty" | "email" => channel(directory, fact),
        "option" => option(directory, fact),
        "hours" => hours::hours(directory, fact),
        "service" => service(directory, fact),
        "portal" => pages::portal(directory, fact),
        "portal-note" => pages::portal_note(directory, fact),
        "site" => pages::site(directory, fact),
        "notice" => pages::notice(directory, fact),
        "notice-section" => pages::section(directory, fact),
        "statute" => pages::statute(directory, fact),
        other => Err(format!("no check handles the kind {other}")),
    }
}

fn unknown(fact: &Fact) -> Check {
    Err(format!("no check of the kind {} handles the id {}", fact.kind, fact.id))
}

fn ensure(condition: bool, message: impl Into<String>) -> Check {
    if condition { Ok(()) } else { Err(message.into()) }
}

fn same(what: &str, actual: Option<&str>, expected: &str) -> Check {
    ensure(actual == Some(expected), format!("the {what} is {actual:?}, not {expected:?}"))
}

// Numbers and addresses.

fn channel(directory: &Directory, fact: &Fact) -> Check {
    let (contact, channel) = channels(directory)
        .find(|(contact, channel)| is_printed(channel, contact, fact))
        .ok_or("no contact of its section has it as printed")?;
    name(contact, fact)?;
    audience(directory, contact, fact)?;
    same("target", channel.target().map(|target| target.to_string()).as_deref(), &target_of(fact))
}

fn channels(directory: &Directory) -> impl Iterator<Item = (&Contact, &Channel)> {
    directory.contacts.iter().flat_map(|contact| contact.channels.iter().map(move |channel| (contact, channel)))
}

fn is_printed(channel: &Channel, contact: &Contact, fact: &Fact) -> bool {
    let kind = match channel.kind {
        ChannelKind::Web => "portal".to_owned(),
        kind => kind.name().to_lowercase(),
    };
    kind == fact.kind && channel.printed() == Some(&fact.value) && *contact.source == *fact.section
}

/// The target that follows from a fact.
fn target_of(fact: &Fact) -> String {
    let e164 = fact.e164.as_deref().unwrap_or_default();
    let keys: String = fact.keys.iter().flatten().map(|key| format!("/{key}")).collect();
    match fact.kind.as_str() {
        "phone" | "tty" | "option" => format!("tel:{e164}{keys}"),
        "fax" => format!("fax:{e164}"),
        "email" => format!("mailto:{}", fact.value.to_lowercase()),
        _ => format!("https://{}", fact.value.to_lowercase()),
    }
}

/// Every word of a contact's name is in the label or the note of its fact.
fn name(contact: &Contact, fact: &Fact) -> Check {
    let printed = words(&format!("{} {}", fact.label, fact.note));
    ensure(words(&contact.name).is_subset(&printed), format!("it belongs to {}, not to {}", contact.name, fact.label))
}

fn words(text: &str) -> HashSet<String> {
    let split = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    split.map(str::to_lowercase).collect()
}

/// The audience of a fact is a market segment, which is an audience of the contact, or a role that the contact serves.
fn audience(directory: &Directory, contact: &Contact, fact: &Fact) -> Check {
    let ids: Vec<&str> = contact.audiences.iter().map(|index| &*directory.audiences[index].id).collect();
    let segments = ["ifp", "small-business", "medicare", "large-group"];
    if segments.contains(&fact.audience.as_str()) {
        return ensure(ids == [&fact.audience], format!("its audiences are {ids:?}, not {}", fact.audience));
    }
    ensure(ids.is_empty(), format!("its audiences are {ids:?}, but the fact has no segment"))?;
    // The page says "for groups"; the facts interpret them as employers.
    let serves = |role: &str| {
        let groups = role == "employers" && fact.label.ends_with("for groups");
        contact.details.serves.iter().any(|who| who.to_lowercase() == role || groups && who.starts_with("Groups"))
    };
    ensure(fact.audience == "all" || serves(&fact.audience), format!("it does not serve {}", fact.audience))
}

// Menus.

/// The text that the label of each option must contain.
const OPTIONS: [(&str, &str); 15] = [
    ("ifp-brokers", "Brokers"),
    ("ifp-commissions", "Commissions"),
    ("ifp-application-status", "Application status"),
    ("ifp-general", "General"),
    ("ifp-premium-payments", "Premium payments"),
    ("ifp-active-member", "active member"),
    ("small-business-quotes", "New business quotes and proposals"),
    ("small-business-renewals", "Renewals"),
    ("small-business-claims-benefits", "Claims and benefits"),
    ("small-business-new-group-status", "New group enrollment status"),
    ("small-business-commissions-contracting", "Commissions, contracting, appointments"),
    ("small-business-eligibility-billing", "Eligibility and account billing"),
    ("small-business-members", "Members"),
    ("large-group-option-4", "Large and mid-size"),
    ("cobra-department-option-2", "COBRA"),
];

fn option(directory: &Directory, fact: &Fact) -> Check {
    let Some((_, label)) = OPTIONS.iter().find(|(id, _)| *id == fact.id) else { return unknown(fact) };
    let key = fact.keys.iter().flatten().last();
    same("last key", key.map(|key| format!("option {key}")).as_deref(), &fact.value)?;
    let (id, contact, option) = options(directory)
        .find(|(id, ..)| target(directory, *id) == target_of(fact))
        .ok_or("no option has its number and keys")?;
    same("section", Some(&contact.source), &fact.section)?;
    audience(directory, contact, fact)?;
    ensure(option.label.contains(label), format!("its label is {}, which does not contain {label}", option.label))?;
    serves(option, fact)?;
    scope(directory, id, option, fact)
}

fn options(directory: &Directory) -> impl Iterator<Item = (EntryId, &Contact, &MenuOption)> {
    directory.contacts.iter().enumerate().flat_map(move |(index, contact)| {
        let options = contact.options.iter().enumerate();
        options.map(move |(option, record)| (directory.id_of(Entry::Option(index, option)), contact, record))
    })
}

fn target(directory: &Directory, id: EntryId) -> String {
    directory.target(id).as_ref().map(Target::to_string).unwrap_or_default()
}

/// A fact names everyone whom its option serves.
fn serves(option: &MenuOption, fact: &Fact) -> Check {
    let printed = format!("{} {}", fact.label, fact.note).to_lowercase();
    let unnamed = option.details.serves.iter().find(|who| !printed.contains(who.to_lowercase().trim_end_matches('s')));
    ensure(unnamed.is_none(), format!("it serves {unnamed:?}, whom the fact does not name"))?;
    let for_members = fact.label.starts_with("Members");
    ensure(!for_members || !option.details.serves.is_empty(), "it is for members, but its `serves` is empty")
}

/// Checks which other segments an option of one segment's line serves, and which it excludes.
fn scope(directory: &Directory, id: EntryId, option: &MenuOption, fact: &Fact) -> Check {
    let not_for: Vec<&str> = option.not_for.iter().map(|index| &*directory.audiences[index].id).collect();
    let expected: &[&str] = if fact.label.contains("Medicare") { &["medicare"] } else { &[] };
    ensure(not_for == expected, format!("it excludes {not_for:?}, but the fact excludes {expected:?}"))?;
    let mut covered = directory.audiences(id);
    covered.extend(&option.not_for);
    let serves_others = covered.iter().count() == directory.audiences.len();
    let expected = fact.label.contains("every California segment");
    let has_segment = directory.contact(id).is_some_and(|contact| !contact.audiences.is_empty());
    let message = format!("serving every other segment is {serves_others}, not {expected}");
    ensure(!has_segment || serves_others == expected, message)
}

// Hours.

/// The only contact of a section.
fn only<'d>(directory: &'d Directory, section: &str) -> Result<&'d Contact, String> {
    let mut of_section = directory.contacts.iter().filter(|contact| *contact.source == *section);
    match (of_section.next(), of_section.next()) {
        (Some(contact), None) => Ok(contact),
        (None, _) => Err("its section has no contact".to_owned()),
        _ => Err("its section has several contacts".to_owned()),
    }
}

// Services.

/// The wording in the directory of each service of the Account Services Unit.
const SERVICES: [(&str, &str); 6] = [
    ("account-services-benefits", "Benefits inquiries and clarification"),
    ("account-services-plan-overview", "Product and plan overviews"),
    ("account-services-claims", "Claims inquiries, including claims reprocessing"),
    ("account-services-eligibility", "Eligibility verification"),
    ("account-services-password-reset", "Broker and employer password resets"),
    ("account-services-collateral", "Single-copy collateral orders"),
];

fn service(directory: &Directory, fact: &Fact) -> Check {
    let Details { serves, services, .. } = &only(directory, &fact.section)?.details;
    if fact.id == "account-services-supported-roles" {
        let roles: Vec<&str> = fact.value.split(", ").map(|role| role.trim_start_matches("and ")).collect();
        let serves: Vec<&str> = serves.iter().map(|who| &**who).collect();
        return ensure(serves == roles, format!("it serves {serves:?}, not {roles:?}"));
    }
    let Some((_, wording)) = SERVICES.iter().find(|(id, _)| *id == fact.id) else { return unknown(fact) };
    ensure(services.iter().any(|service| **service == **wording), format!("{wording:?} is not one of its services"))
}

// Invented entries and texts.

/// What the directory contains that is not in the facts.
fn invented(directory: &Directory, facts: &[Fact]) -> Vec<String> {
    let mut invented = Vec::new();
    invented_channels(directory, facts, &mut invented);
    let targets: HashSet<String> = facts.iter().filter(|fact| fact.kind == "option").map(target_of).collect();
    invented.extend(options(directory).map(|(option, ..)| target(directory, option)).filter(|t| !targets.contains(t)));
    invented_hours(directory, facts, &mut invented);
    let printed = FACTS.to_lowercase();
    for text in texts(directory) {
        let tokens = text.split_whitespace().map(|token| token.trim_matches(|c: char| !c.is_alphanumeric()));
        let unknown = tokens.filter(|token| is_reference(token) && !printed.contains(&token.to_lowercase()));
        invented.extend(unknown.map(|token| format!("{token} in {text:?}")));
    }
    invented
}

fn invented_channels(directory: &Directory, facts: &[Fact], invented: &mut Vec<String>) {
    for (contact, channel) in channels(directory) {
        let known = facts.iter().any(|fact| is_printed(channel, contact, fact));
        if let (Some(printed), false) = (channel.printed(), known) {
            invented.push(format!("{}: {} {printed}", contact.name, channel.kind.name()));
        }
    }
    for contact in
        directory.contacts.iter().filter(|contact| !facts.iter().any(|fact| *contact.source == *fact.section))
    {
        invented.push(format!("{}: its section {}", contact.name, contact.source));
    }
    for site in directory.notices.iter().filter_map(|notice| notice.site.as_ref()) {
        if !facts.iter().any(|fact| fact.kind == "site" && fact.value == site.printed()) {
            invented.push(format!("the site {}", site.printed()));
        }
    }
}

fn invented_hours(directory: &Directory, facts: &[Fact], invented: &mut Vec<String>) {
    for contact in &directory.contacts {
        let stated = facts.iter().any(|fact| fact.kind == "hours" && *contact.source == *fact.section);
        let mut details = contact.options.iter().map(|option| &option.details).chain([&contact.details]);
        if !stated && details.any(|details| matches!(details.hours, Hours::Listed(_))) {
            invented.push(format!("{}: its hours", contact.name));
        }
    }
}

/// Whether a word looks like part of a number, an email address or a host.
fn is_reference(word: &str) -> bool {
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let host = word.rsplit_once('.').is_some_and(|(_, last)| last.len() > 1 && last.chars().all(char::is_alphabetic));
    digits > 2 || word.contains('@') || host
}

/// Every text that is displayed.
fn texts(directory: &Directory) -> Vec<&str> {
    let mut texts: Vec<&Box<str>> = vec![&directory.name, &directory.organisation, &directory.source];
    for audience in &directory.audiences {
        texts.extend([&audience.name, &audience.short].into_iter().chain(&audience.aliases));
    }
    for contact in &directory.contacts {
        texts.push(&contact.name);
        texts.extend(contact.channels.iter().flat_map(|channel| channel.label.iter().chain(&channel.note)));
        texts.extend(contact.options.iter().map(|option| &option.label));
        let details = contact.options.iter().map(|option| &option.details).chain([&contact.details]);
        texts.extend(
            details.flat_map(|its| [&its.aliases, &its.needs, &its.serves, &its.services, &its.notes]).flatten(),
        );
    }
    for notice in &directory.notices {
        texts.extend([&notice.title].into_iter().chain(&notice.wording).chain(&notice.aliases).chain(&notice.needs));
        texts.extend(notice.text.iter().chain(&notice.choices));
        texts.extend(notice.sections.iter().flat_map(|section| section.text.iter().chain([&section.title])));
    }
    texts.into_iter().map(|text| &**text).collect()
}
