//! Every fact of the source page against the embedded directory, and the embedded directory against the facts.
//!
//! `fixtures/facts.json` holds what is printed on the page, one fact for each number, key, address, hour, note and
//! provision. A kind or id of fact that no check knows is a failure, so that nothing passes unseen.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashSet;

use dialtree::directory::address::Host;
use dialtree::directory::hours::{Hours, OpenStatus, Schedule};
use dialtree::directory::target::Target;
use dialtree::directory::{
    Contact, Details, Directory, EMBEDDED, Endpoint, Entry, EntryId, MenuOption, Notice, NoticeSection,
};
use jiff::ToSpan;
use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;
use serde::Deserialize;

mod errors;
mod hours;
mod pages;

const FACTS: &str = include_str!("../fixtures/facts.json");

/// One thing that is printed on the page.
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

/// Nothing, or how a fact and the directory differ.
type Check = Result<(), String>;

#[test]
fn the_directory_says_what_the_facts_say() {
    let (checked, wrong) = compare(&embedded(), &facts());
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(checked, 121);
}

#[test]
fn the_directory_says_nothing_that_the_facts_do_not() {
    let invented = invented(&embedded(), &facts());
    assert!(invented.is_empty(), "{} are in no fact:\n{}", invented.len(), invented.join("\n"));
}

#[test]
fn a_fact_that_no_check_knows_is_a_failure() {
    for (field, value) in [("kind", "carrier-pigeon"), ("id", "page-footer")] {
        let mut unknown: Vec<serde_json::Value> = serde_json::from_str(FACTS).unwrap();
        unknown[0][field] = value.into();
        let unknown: Vec<Fact> = serde_json::from_value(unknown.into()).unwrap();
        let (_, wrong) = compare(&embedded(), &unknown);
        assert!(wrong.iter().any(|wrong| wrong.contains(value)), "{value} passed");
    }
}

#[test]
fn every_error_is_seen() {
    let facts = facts();
    for (right, wrong, reported) in errors::ERRORS {
        assert!(EMBEDDED.contains(right), "the directory no longer has {right}");
        let source = EMBEDDED.replacen(right, wrong, 1);
        let directory = Directory::load("data/healthnet.ron", &source).unwrap_or_else(|e| panic!("{wrong}: {e}"));
        let mut found = compare(&directory, &facts).1;
        found.extend(invented(&directory, &facts));
        assert!(
            found.iter().any(|found| found.contains(reported)),
            "{wrong} in place of {right} was not reported as {reported}; found: {found:#?}"
        );
    }
}

fn embedded() -> Directory {
    Directory::load("data/healthnet.ron", EMBEDDED).unwrap_or_else(|problems| panic!("{problems}"))
}

fn facts() -> Vec<Fact> {
    serde_json::from_str(FACTS).unwrap()
}

/// How many facts were checked, and how those that differ do so.
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
        other => Err(format!("no check knows the kind {other}")),
    }
}

fn unknown(fact: &Fact) -> Check {
    Err(format!("no check of a {} knows the id {}", fact.kind, fact.id))
}

fn ensure(holds: bool, otherwise: impl Into<String>) -> Check {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

fn same(what: &str, found: Option<&str>, wanted: &str) -> Check {
    ensure(found == Some(wanted), format!("the {what} is {found:?}, not {wanted:?}"))
}

// Numbers and addresses.

fn channel(directory: &Directory, fact: &Fact) -> Check {
    let (contact, reach) = reaches(directory)
        .find(|(contact, reach)| is_printed(reach, contact, fact))
        .ok_or("no contact of its section has it as printed")?;
    named(contact, fact)?;
    audience(directory, contact, fact)?;
    same("target", reach.target().map(|target| target.to_string()).as_deref(), &target_of(fact))
}

fn reaches(directory: &Directory) -> impl Iterator<Item = (&Contact, &Endpoint)> {
    directory
        .contacts
        .iter()
        .flat_map(|contact| contact.channels.iter().map(move |channel| (contact, &channel.endpoint)))
}

fn is_printed(reach: &Endpoint, contact: &Contact, fact: &Fact) -> bool {
    let kind = match reach {
        Endpoint::Web(_) => "portal".to_owned(),
        _ => reach.kind().to_lowercase(),
    };
    kind == fact.kind && reach.printed() == Some(&fact.value) && *contact.source == *fact.section
}

/// The machine name that follows from a fact.
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

/// A fact's label is not the contact's name, but the name is made of words of the label and the note.
fn named(contact: &Contact, fact: &Fact) -> Check {
    let said = words(&format!("{} {}", fact.label, fact.note));
    ensure(
        words(&contact.name).is_subset(&said),
        format!("it belongs to {}, which is not {}", contact.name, fact.label),
    )
}

fn words(text: &str) -> HashSet<String> {
    let split = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    split.map(str::to_lowercase).collect()
}

/// A market segment is an audience of the directory; a role is among those the contact serves.
fn audience(directory: &Directory, contact: &Contact, fact: &Fact) -> Check {
    let ids: Vec<&str> = contact.audiences.iter().map(|place| &*directory.audiences[place].id).collect();
    let segments = ["ifp", "small-business", "medicare", "large-group"];
    if segments.contains(&fact.audience.as_str()) {
        return ensure(ids == [&fact.audience], format!("its audiences are {ids:?}, not {}", fact.audience));
    }
    ensure(ids.is_empty(), format!("its audiences are {ids:?}, but no segment is stated"))?;
    // "For groups" is printed; that a group is an employer is how the facts read it.
    let serves = |role: &str| {
        let groups = role == "employers" && fact.label.ends_with("for groups");
        contact.details.serves.iter().any(|who| who.to_lowercase() == role || groups && who.starts_with("Groups"))
    };
    ensure(fact.audience == "all" || serves(&fact.audience), format!("it does not serve {}", fact.audience))
}

// Menus.

/// What the label of each option must say.
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
    let (answer, contact, option) = options(directory)
        .find(|(answer, ..)| target(directory, *answer) == target_of(fact))
        .ok_or("no option has its number and keys")?;
    same("section", Some(&contact.source), &fact.section)?;
    audience(directory, contact, fact)?;
    ensure(option.label.contains(label), format!("its label is {}, without {label}", option.label))?;
    serves(option, fact)?;
    scope(directory, answer, option, fact)
}

fn options(directory: &Directory) -> impl Iterator<Item = (EntryId, &Contact, &MenuOption)> {
    directory.contacts.iter().enumerate().flat_map(move |(place, contact)| {
        let options = contact.options.iter().enumerate();
        options.map(move |(option, its)| (directory.id_of(Entry::Option(place, option)), contact, its))
    })
}

fn target(directory: &Directory, answer: EntryId) -> String {
    directory.target(answer).as_ref().map(Target::to_string).unwrap_or_default()
}

/// Whoever an option serves is named in its fact.
fn serves(option: &MenuOption, fact: &Fact) -> Check {
    let said = format!("{} {}", fact.label, fact.note).to_lowercase();
    let stranger = option.details.serves.iter().find(|who| !said.contains(who.to_lowercase().trim_end_matches('s')));
    ensure(stranger.is_none(), format!("it serves {stranger:?}, of whom the fact does not speak"))?;
    let for_members = fact.label.starts_with("Members");
    ensure(!for_members || !option.details.serves.is_empty(), "it is for members, but does not say so")
}

/// Which segments an option of one segment's line serves too, or does not.
fn scope(directory: &Directory, answer: EntryId, option: &MenuOption, fact: &Fact) -> Check {
    let not_for: Vec<&str> = option.not_for.iter().map(|place| &*directory.audiences[place].id).collect();
    let wanted: &[&str] = if fact.label.contains("Medicare") { &["medicare"] } else { &[] };
    ensure(not_for == wanted, format!("it is not for {not_for:?}, but the fact excludes {wanted:?}"))?;
    let mut known = directory.audiences(answer);
    known.extend(&option.not_for);
    let everyone = known.iter().count() == directory.audiences.len();
    let wanted = fact.label.contains("every California segment");
    let stated = directory.contact(answer).is_some_and(|contact| !contact.audiences.is_empty());
    ensure(!stated || everyone == wanted, format!("it serves every other segment: {everyone}, not {wanted}"))
}

// Hours.

/// The one contact of a section.
fn only<'d>(directory: &'d Directory, section: &str) -> Result<&'d Contact, String> {
    let mut of_section = directory.contacts.iter().filter(|contact| *contact.source == *section);
    match (of_section.next(), of_section.next()) {
        (Some(contact), None) => Ok(contact),
        (None, _) => Err("no contact is of its section".to_owned()),
        _ => Err("more than one contact is of its section".to_owned()),
    }
}

// What the Account Services Unit does.

/// The wording of each service in the directory.
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

// Log-ins.

/// What the directory has that is in no fact.
fn invented(directory: &Directory, facts: &[Fact]) -> Vec<String> {
    let mut invented = Vec::new();
    invented_channels(directory, facts, &mut invented);
    let targets: HashSet<String> = facts.iter().filter(|fact| fact.kind == "option").map(target_of).collect();
    invented.extend(options(directory).map(|(option, ..)| target(directory, option)).filter(|t| !targets.contains(t)));
    invented_hours(directory, facts, &mut invented);
    let printed = FACTS.to_lowercase();
    for text in texts(directory) {
        let tokens = text.split_whitespace().map(|token| token.trim_matches(|c: char| !c.is_alphanumeric()));
        let strange = tokens.filter(|token| is_reference(token) && !printed.contains(&token.to_lowercase()));
        invented.extend(strange.map(|token| format!("{token} in {text:?}")));
    }
    invented
}

fn invented_channels(directory: &Directory, facts: &[Fact], invented: &mut Vec<String>) {
    for (contact, reach) in reaches(directory) {
        let known = facts.iter().any(|fact| is_printed(reach, contact, fact));
        if let (Some(printed), false) = (reach.printed(), known) {
            invented.push(format!("{}: {} {printed}", contact.name, reach.kind()));
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
        let mut abouts = contact.options.iter().map(|option| &option.details).chain([&contact.details]);
        if !stated && abouts.any(|about| matches!(about.hours, Hours::Listed(_))) {
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

/// Every text that people read.
fn texts(directory: &Directory) -> Vec<&str> {
    let mut texts: Vec<&Box<str>> = vec![&directory.name, &directory.organisation, &directory.source];
    for audience in &directory.audiences {
        texts.extend([&audience.name, &audience.short].into_iter().chain(&audience.aliases));
    }
    for contact in &directory.contacts {
        texts.push(&contact.name);
        texts.extend(contact.channels.iter().flat_map(|channel| channel.label.iter().chain(&channel.note)));
        texts.extend(contact.options.iter().map(|option| &option.label));
        let abouts = contact.options.iter().map(|option| &option.details).chain([&contact.details]);
        texts.extend(
            abouts
                .flat_map(|about| [&about.aliases, &about.needs, &about.serves, &about.services, &about.notes])
                .flatten(),
        );
    }
    for notice in &directory.notices {
        texts.extend([&notice.title].into_iter().chain(&notice.wording).chain(&notice.aliases).chain(&notice.needs));
        texts.extend(notice.text.iter().chain(&notice.choices));
        texts.extend(notice.sections.iter().flat_map(|section| section.text.iter().chain([&section.title])));
    }
    texts.into_iter().map(|text| &**text).collect()
}
