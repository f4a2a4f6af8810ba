//! Every fact of the source page against the embedded directory, and the embedded directory against the facts.
//!
//! `fixtures/facts.json` holds what is printed on the page, one fact for each number, key, address, hour, note and
//! provision. A kind or id of fact that no check knows is a failure, so that nothing passes unseen.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashSet;

use dialtree::directory::address::Host;
use dialtree::directory::hours::{Hours, Schedule, Standing};
use dialtree::directory::target::Target;
use dialtree::directory::{About, Answer, Contact, Directory, EMBEDDED, MenuOption, Notice, Reach, Section};
use jiff::ToSpan;
use jiff::civil::{Date, Time, date};
use jiff::tz::TimeZone;
use serde::Deserialize;

const FACTS: &str = include_str!("fixtures/facts.json");

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

/// What would be an error in the directory, each as a text of the file and the text that takes its place. The last
/// word is the fact that must be reported, or what must be reported as invented.
const ERRORS: &[(&str, &str, &str)] = &[
    // Numbers and addresses.
    (r#"phone: "1-800-547-2967""#, r#"phone: "1-800-547-2976""#, "account-services-phone"),
    (r#"fax: "(916) 935-4522""#, r#"fax: "(916) 935-4420""#, "ifp-billing-fax"),
    (r#"fax: "1-877-977-2947""#, r#"phone: "1-877-977-2947""#, "broker-services-fax"),
    (r#"fax: "(916) 935-4420""#, r#"fax: "916-935-4420""#, "small-business-membership-fax"),
    (r#"tty: "1-888-926-5180""#, r#"phone: "1-888-926-5180""#, "covered-california-ifp-tty"),
    (r#"(email: "HN_Account_Services@healthnet.com"),"#, "", "account-services-email"),
    (r#"email: "Brokers@healthnet.com""#, r#"email: "brokers@healthnet.com""#, "broker-services-email-ifp"),
    (r#"web: "myhealthnetca.com""#, r#"web: "ambetterhealth.com""#, "portal-member-ifp-ca"),
    (r#"web: "provider.healthnetoregon.com""#, r#"web: "not stated""#, "portal-provider-oregon"),
    (r#"[(phone: "1-800-828-2525")]"#, r#"[(phone: "1-800-865-6288")]"#, "collections-department"),
    // Names, sections, audiences and menus.
    (r#"name: "SBG Account Management, South""#, r#"name: "SBG Account Management, North""#, "south-fax"),
    (r#"source: "Account Services Unit""#, r#"source: "Additional Departmental Contacts""#, "account-services-hours"),
    (r#"audiences: ["medicare"]"#, r#"audiences: ["ifp"]"#, "medicare-broker-services-phone"),
    (r#"audiences: ["medicare"],"#, "", "medicare-broker-services-email"),
    (r#"label: "Commissions""#, r#"label: "Application status""#, "ifp-commissions"),
    (r#"key: "5""#, r#"key: "6""#, "ifp-active-member"),
    (r#"label: "Large and mid-size groups""#, r#"label: "Claims""#, "large-group-option-4"),
    (r#"also: ["small-business", "large-group"]"#, r#"also: ["small-business"]"#, "ifp-commissions"),
    (r#"not_for: ["medicare"]"#, r#"not_for: ["large-group"]"#, "ifp-commissions"),
    (r#"serves: ["Members"]"#, r#"serves: ["Employers"]"#, "small-business-members"),
    // Hours.
    ("Mo-Fr 08:00-17:00", "Mo-Fr 08:00-17:01", "account-services-hours"),
    ("Mo-Fr 08:00-17:00", "Mo-Sa 08:00-17:00", "account-services-hours"),
    ("Mo-Fr 08:00-17:00", "Mo-Fr 08:00-17:00; PH off", "account-services-hours"),
    ("Mo-Fr 09:00-17:00; PH off", "Mo-Fr 09:00-17:00", "medicare-broker-services-hours"),
    ("Mo-Fr 09:00-17:00; PH off", "Mo-Th 09:00-17:00; PH off", "medicare-broker-services-hours"),
    ("            zone: \"America/Los_Angeles\",\n", "", "medicare-broker-services-hours"),
    // What it does and whom it serves.
    (r#""Confirming that someone is eligible","#, "", "account-services-eligibility"),
    (r#""General Agents", "#, "", "account-services-supported-roles"),
    // Log-ins.
    (r#"choice: "I'm a Broker""#, r#"choice: "I'm an Employer""#, "login-type-broker"),
    ("Allwell and Ambetter member", "Allwell member", "login-provider-arizona-hna-note"),
    ("Forgotten password: a link", "A link", "login-member-forgot-password"),
    (r#"account: "employer","#, r#"account: "member","#, "portal-employer"),
    // Notices.
    (r#"site: "Medicare.gov""#, r#"site: "Medicaid.gov""#, "leaving-site-destination"),
    (r#"["Continue", "Cancel"]"#, r#"["Cancel", "Continue"]"#, "leaving-site-cancel"),
    (r#"choices: ["Continue"],"#, "", "important-continue"),
    (r#"title: "No Medical Advice.""#, r#"title: "No Medical Advice""#, "important-no-medical-advice"),
    (r#""The Policies are not medical advice.","#, "", "important-no-medical-advice"),
    (r#""The Policies are not medical advice.","#, r#""The Policies are medical.","#, "important-no-medical-advice"),
    ("Health Net may use the Policies", "Health Net may not use the Policies", "important-general-purpose"),
    ("Code 1367.6 ", "Code 1367.63 ", "statute-1367-6"),
    ("Code 1367.63 ", "Code 1367.6 ", "statute-1367-63"),
    (r#"host: "medicare.gov""#, r#"host: "medicaid.gov""#, "leaving-site-destination"),
    (r#"title: "You are now leaving HealthNet.com""#, r#"title: "You are now leaving""#, "closing-leaving"),
    ("source: \"Broker – Key Contacts", "source: \"Broker - Key Contacts", "page-title"),
    (r#"organisation: "Health Net""#, r#"organisation: "HealthNet""#, "page-logo"),
    // Invented.
    (r#"(phone: "1-800-708-7646"),"#, r#"(phone: "1-800-708-7646"), (fax: "1-800-708-7647"),"#, "1-800-708-7647"),
    (r#"web: "not stated""#, r#"web: "healthnet.com/fraud""#, "healthnet.com/fraud"),
    ("Asks for a user name.", "Asks for a user name at login.healthnet.com.", "login.healthnet.com"),
    ("No phone number is printed", "Call 1-800-555-0100; no phone number is printed", "1-800-555-0100"),
    (r#"services: ["IFP billing"],"#, r#"services: ["IFP billing"], hours: "Mo-Fr 09:00-17:00","#, "IFP Billing"),
    (r#"key: "7""#, r#"key: "8", label: "Fax"), (key: "7""#, "tel:+18004478812/8"),
];

#[test]
fn every_error_is_seen() {
    let facts = facts();
    for (right, wrong, reported) in ERRORS {
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
        "hours" => hours(directory, fact),
        "service" => service(directory, fact),
        "portal" => portal(directory, fact),
        "portal-note" => portal_note(directory, fact),
        "site" => site(directory, fact),
        "notice" => notice(directory, fact),
        "notice-section" => section(directory, fact),
        "statute" => statute(directory, fact),
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

fn reaches(directory: &Directory) -> impl Iterator<Item = (&Contact, &Reach)> {
    directory.contacts.iter().flat_map(|contact| contact.channels.iter().map(move |channel| (contact, &channel.reach)))
}

fn is_printed(reach: &Reach, contact: &Contact, fact: &Fact) -> bool {
    let kind = match reach {
        Reach::Web(_) => "portal".to_owned(),
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
        contact.about.serves.iter().any(|who| who.to_lowercase() == role || groups && who.starts_with("Groups"))
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
    ("small-business-quotes", "quotes"),
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

fn options(directory: &Directory) -> impl Iterator<Item = (Answer, &Contact, &MenuOption)> {
    directory.contacts.iter().enumerate().flat_map(|(place, contact)| {
        let options = contact.options.iter().enumerate();
        options.map(move |(option, its)| (Answer::Option(place, option), contact, its))
    })
}

fn target(directory: &Directory, answer: Answer) -> String {
    directory.target(answer).as_ref().map(Target::to_string).unwrap_or_default()
}

/// Whoever an option serves is named in its fact.
fn serves(option: &MenuOption, fact: &Fact) -> Check {
    let said = format!("{} {}", fact.label, fact.note).to_lowercase();
    let stranger = option.about.serves.iter().find(|who| !said.contains(who.to_lowercase().trim_end_matches('s')));
    ensure(stranger.is_none(), format!("it serves {stranger:?}, of whom the fact does not speak"))?;
    let for_members = fact.label.starts_with("Members");
    ensure(!for_members || !option.about.serves.is_empty(), "it is for members, but does not say so")
}

/// Which segments an option of one segment's line serves too, or does not.
fn scope(directory: &Directory, answer: Answer, option: &MenuOption, fact: &Fact) -> Check {
    let not_for: Vec<&str> = option.not_for.iter().map(|place| &*directory.audiences[place].id).collect();
    let wanted: &[&str] = if fact.label.contains("Medicare") { &["medicare"] } else { &[] };
    ensure(not_for == wanted, format!("it is not for {not_for:?}, but the fact excludes {wanted:?}"))?;
    let everyone = directory.audiences(answer).union(option.not_for).iter().count() == directory.audiences.len();
    let wanted = fact.label.contains("every California segment");
    let stated = directory.contact(answer).is_some_and(|contact| !contact.audiences.is_empty());
    ensure(!stated || everyone == wanted, format!("it serves every other segment: {everyone}, not {wanted}"))
}

// Hours.

/// Hours as printed.
struct Printed {
    opens: Time,
    closes: Time,
    states_zone: bool,
    excludes_holidays: bool,
}

fn hours(directory: &Directory, fact: &Fact) -> Check {
    let contact = only(directory, &fact.section)?;
    audience(directory, contact, fact)?;
    let Hours::Listed(schedule) = &contact.about.hours else { return Err("no hours are listed".to_owned()) };
    let printed = read_hours(&fact.value).ok_or("the printed hours cannot be read")?;
    zone(schedule, &printed)?;
    week(&contact.about.hours, &printed)?;
    holidays(&contact.about.hours, &printed)
}

fn read_hours(printed: &str) -> Option<Printed> {
    let printed_words: Vec<&str> = printed.split_whitespace().collect();
    let times: Vec<Time> = printed_words.windows(2).filter_map(|pair| read_time(pair[0], pair[1])).collect();
    let [opens, closes] = times[..] else { return None };
    if !printed.starts_with("Monday through Friday") {
        return None;
    }
    let (states_zone, excludes_holidays) = (printed.contains("Pacific time"), printed.contains("excluding holidays"));
    Some(Printed { opens, closes, states_zone, excludes_holidays })
}

/// `9:00` and `a.m.`
fn read_time(clock: &str, half: &str) -> Option<Time> {
    let later = match half.get(..4)? {
        "a.m." => 0,
        "p.m." => 12,
        _ => return None,
    };
    let (hour, minute) = clock.split_once(':')?;
    Time::new(hour.parse::<i8>().ok()? % 12 + later, minute.parse().ok()?, 0, 0).ok()
}

fn zone(schedule: &Schedule, printed: &Printed) -> Check {
    let zone = schedule.zone().ok_or("its hours are in no zone")?;
    same("zone", zone.rules.iana_name(), "America/Los_Angeles")?;
    ensure(zone.stated == printed.states_zone, format!("the zone is stated: {}", zone.stated))
}

/// Monday to Sunday of a week in winter time and of one in summer time, neither with a holiday.
fn week(hours: &Hours, printed: &Printed) -> Check {
    for monday in [date(2026, 11, 16), date(2026, 7, 13)] {
        for day in 0..7 {
            let day = monday + day.days();
            let weekend = day.weekday().to_monday_zero_offset() > 4;
            let second = 1.second();
            for (time, open) in [
                (printed.opens - second, false),
                (printed.opens, true),
                (printed.closes - second, true),
                (printed.closes, false),
            ] {
                is_open(hours, day, time, open && !weekend)?;
            }
        }
    }
    Ok(())
}

fn holidays(hours: &Hours, printed: &Printed) -> Check {
    // Thanksgiving, Christmas and New Year's Day, none of them at a weekend.
    for day in [date(2026, 11, 26), date(2026, 12, 25), date(2027, 1, 1)] {
        is_open(hours, day, printed.opens, !printed.excludes_holidays)?;
        let now = hours.at(moment(day, printed.opens));
        ensure(now.holiday, format!("{day} is no holiday"))?;
        let listed = now.holidays_listed;
        ensure(listed == printed.excludes_holidays, format!("the hours speak of holidays: {listed}"))?;
    }
    Ok(())
}

fn is_open(hours: &Hours, day: Date, time: Time, open: bool) -> Check {
    let standing = hours.at(moment(day, time)).standing;
    let fits = if open { matches!(standing, Standing::Open(_)) } else { matches!(standing, Standing::Closed(_)) };
    ensure(fits, format!("on {} {day} at {time} it is {standing:?}", day.weekday().to_monday_one_offset()))
}

fn moment(day: Date, time: Time) -> jiff::Timestamp {
    let pacific = TimeZone::get("America/Los_Angeles").unwrap();
    day.to_datetime(time).to_zoned_datetime(pacific).unwrap().timestamp()
}

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

fn service(directory: &Directory, fact: &Fact) -> Check {
    let About { serves, services, .. } = &only(directory, &fact.section)?.about;
    if fact.id == "account-services-supported-roles" {
        let roles: Vec<&str> = fact.value.split(", ").map(|role| role.trim_start_matches("and ")).collect();
        let serves: Vec<&str> = serves.iter().map(|who| &**who).collect();
        return ensure(serves == roles, format!("it serves {serves:?}, not {roles:?}"));
    }
    ensure(services.iter().any(|service| **service == *fact.label), format!("{} is no service of it", fact.label))
}

// Log-ins.

/// The log-in page that each fact belongs to, by the start of the fact's id.
const LOGINS: [(&str, &str); 20] = [
    ("portal-member-ifp-ca", "IFP member log-in, California"),
    ("portal-member-ifp-or", "IFP member log-in, Oregon"),
    ("portal-member-ifp-az", "IFP member log-in, Arizona"),
    ("portal-member-medicare-advantage", "Medicare Advantage member log-in"),
    ("portal-member-employer-group", "Employer group member log-in"),
    ("portal-member-other", "Other member log-in"),
    ("login-member-", "Member log-in, plan not stated"),
    ("portal-broker", "Broker log-in"),
    ("login-broker-", "Broker log-in"),
    ("portal-employer", "Employer log-in"),
    ("login-employer-", "Employer log-in"),
    ("portal-provider-arizona", "Provider log-in, Arizona"),
    ("login-provider-arizona-", "Provider log-in, Arizona"),
    ("portal-provider-california", "Provider log-in, California"),
    ("login-provider-california-", "Provider log-in, California"),
    ("portal-provider-oregon", "Provider log-in, Oregon"),
    ("login-provider-oregon-", "Provider log-in, Oregon"),
    ("login-provider-other-1-", "Provider log-in, form 1 of 3"),
    ("login-provider-other-2-", "Provider log-in, form 2 of 3"),
    ("login-provider-other-3-", "Provider log-in, form 3 of 3"),
];

fn portal(directory: &Directory, fact: &Fact) -> Check {
    if let Some(account) = fact.id.strip_prefix("login-type-") {
        return account_choice(directory, account, fact);
    }
    let (answer, contact) = login(directory, fact)?;
    audience(directory, contact, fact)?;
    ensure(matches!(contact.channels[..], [_]), "it has not one channel")?;
    if fact.value == fact.section {
        return ensure(target(directory, answer).is_empty(), "it has an address, but none is printed");
    }
    same("address", contact.channels[0].reach.printed(), &fact.value)?;
    same("target", Some(&target(directory, answer)), &target_of(fact))
}

fn account_choice(directory: &Directory, id: &str, fact: &Fact) -> Check {
    let account = directory.accounts.iter().find(|account| *account.id == *id).ok_or("there is no such account")?;
    same("role", Some(&account.name.to_lowercase()), &fact.audience)?;
    same("choice", account.choice.as_deref(), &fact.value)
}

/// The log-in page of a fact, whose section and type of account fit.
fn login<'d>(directory: &'d Directory, fact: &Fact) -> Result<(Answer, &'d Contact), String> {
    let known = LOGINS.iter().find(|(start, _)| fact.id.starts_with(start));
    let name = known.map(|(_, name)| *name).ok_or_else(|| unknown(fact).unwrap_err())?;
    let mut contacts = directory.contacts.iter().enumerate();
    let (place, contact) =
        contacts.find(|(_, contact)| *contact.name == *name).ok_or(format!("no contact is {name}"))?;
    same("section", Some(&contact.source), &fact.section)?;
    let account = contact.account.map(|place| &*directory.accounts[place].name).unwrap_or_default();
    ensure(fact.section.starts_with(&format!("Log In: {account}")), format!("it is a log-in of {account:?}"))?;
    Ok((Answer::Contact(place), contact))
}

fn portal_note(directory: &Directory, fact: &Fact) -> Check {
    let (answer, contact) = login(directory, fact)?;
    audience(directory, contact, fact)?;
    let wanted: Vec<&str> = match fact.value.as_str() {
        "Please enter your user name." => vec!["asks for a user name"],
        "Forgot your user name?" => vec!["forgotten user name: a link"],
        "Forgot your password?" => vec!["forgotten password: a link"],
        "Register now" => vec!["register now"],
        "Log in now" => vec!["log in now"],
        "your username is your email address" => vec!["your username is your email address"],
        "HNA; Allwell; Ambetter" => vec!["hna", "allwell", "ambetter", "email", "password"],
        other => return Err(format!("no check of a portal-note knows {other}")),
    };
    let mentions = |note: &str| wanted.iter().all(|words| note.to_lowercase().contains(words));
    ensure(contact.about.notes.iter().any(|note| mentions(note)), format!("no note of it mentions {wanted:?}"))?;
    let printed = !fact.note.starts_with("No address printed");
    ensure(printed || directory.page(answer).is_none(), "it has an address, but none is printed")
}

// The page, its links and notices.

fn site(directory: &Directory, fact: &Fact) -> Check {
    match fact.id.as_str() {
        "page-title" => same("source", Some(&directory.source), &fact.value),
        "page-logo" => same("logo", Some(&format!("{} logo", directory.organisation)), &fact.value),
        "fraud-report-link" => {
            let mut channels = only(directory, &fact.section)?.channels.iter();
            let link = channels.find(|channel| matches!(channel.reach, Reach::Web(None))).ok_or("there is no link")?;
            same("link", link.label.as_deref(), &fact.value)
        }
        "leaving-site-destination" => destination(directory, fact),
        "closing-leaving" => closing(directory, fact),
        _ => unknown(fact),
    }
}

fn destination(directory: &Directory, fact: &Fact) -> Check {
    let notice = notice_of(directory, &fact.section)?;
    let site = notice.site.as_ref().ok_or("its notice leads nowhere")?;
    same("site", Some(site.printed()), &fact.value)?;
    same("link", Some(&site.to_string()), &target_of(fact))?;
    same("notice before it", gate(directory, &fact.value).map(|notice| &*notice.id), "leaving-site")
}

fn closing(directory: &Directory, fact: &Fact) -> Check {
    let notice = notice_of(directory, &fact.section)?;
    same("title", Some(&notice.title), &fact.section)?;
    ensure(notice.title.contains(&fact.value), "its title does not name the site that is left")?;
    ensure(notice.site.is_none(), "no destination is named, but the notice has one")?;
    ensure(gate(directory, &fact.value).is_none(), "it is shown before a page that does not leave the site")?;
    same("notice before other sites", gate(directory, "example.org").map(|notice| &*notice.title), &fact.section)
}

/// The notice before a host opens.
fn gate<'d>(directory: &'d Directory, host: &str) -> Option<&'d Notice> {
    directory.gate(&Host::parse(host).unwrap()).map(|place| &directory.notices[place])
}

fn notice_of<'d>(directory: &'d Directory, section: &str) -> Result<&'d Notice, String> {
    let mut notices = directory.notices.iter();
    notices.find(|notice| *notice.source == *section).ok_or_else(|| "no notice is of its section".to_owned())
}

fn notice(directory: &Directory, fact: &Fact) -> Check {
    let notice = notice_of(directory, &fact.section)?;
    let choices: Vec<&str> = notice.choices.iter().map(|choice| &**choice).collect();
    match fact.id.as_str() {
        "leaving-site" | "important" => whole_notice(directory, notice, fact),
        "leaving-site-continue" => {
            ensure(matches!(choices[..], [on, _] if on == fact.value), format!("its choices are {choices:?}"))
        }
        "leaving-site-cancel" => {
            ensure(matches!(choices[..], [_, stay] if stay == fact.value), format!("its choices are {choices:?}"))
        }
        "important-continue" => ensure(choices == [&fact.value], format!("its choices are {choices:?}")),
        "leaving-site-alternative" => {
            ensure(notice.text.iter().any(|text| text.contains(&fact.value)), "its text does not name it")
        }
        _ => unknown(fact),
    }
}

fn whole_notice(directory: &Directory, notice: &Notice, fact: &Fact) -> Check {
    same("title", Some(&notice.title), &fact.value)?;
    let place = directory.notices.iter().position(|other| other.id == notice.id).unwrap();
    same("target", Some(&target(directory, Answer::Notice(place))), &format!("notice:{}", fact.id))?;
    let ten = fact.note.starts_with("Ten sections");
    ensure(notice.sections.len() == if ten { 10 } else { 0 }, format!("it has {} sections", notice.sections.len()))?;
    if ten { Ok(()) } else { provisions(&notice.text, &fact.provisions) }
}

fn section(directory: &Directory, fact: &Fact) -> Check {
    let section = section_of(directory, &fact.section)?;
    same("title", Some(&section.title), &fact.value)?;
    provisions(&section.text, &fact.provisions)
}

/// A section by `Notice > Section`.
fn section_of<'d>(directory: &'d Directory, path: &str) -> Result<&'d Section, String> {
    let (notice, title) = path.split_once(" > ").ok_or("it names no section")?;
    let mut sections = notice_of(directory, notice)?.sections.iter();
    sections.find(|section| *section.title == *title).ok_or_else(|| format!("no section has the title {title}"))
}

/// One paragraph for each provision, in the same order and about the same thing: some words are other ones, but at
/// least half of the longer ones come back, and so does a denial.
fn provisions(text: &[Box<str>], provisions: &[String]) -> Check {
    let (found, wanted) = (text.len(), provisions.len());
    ensure(found == wanted, format!("{found} paragraphs for {wanted} provisions"))?;
    for (paragraph, provision) in text.iter().zip(provisions) {
        let (restated, stems) = (stems(paragraph), stems(provision));
        // `No contact is printed` is a remark on the page, not on what it provides.
        let same_sense = denies(paragraph) == denies(provision) || paragraph.ends_with("is printed.");
        let fits = same_sense && stems.intersection(&restated).count() * 2 >= stems.len();
        ensure(fits, format!("{paragraph:?} does not say that {provision:?}"))?;
    }
    Ok(())
}

/// `limit` for limits and limitations.
fn stems(text: &str) -> HashSet<String> {
    words(text).into_iter().filter(|word| word.len() > 3).map(|word| word.chars().take(5).collect()).collect()
}

/// Whether a text denies something, remarks in parentheses aside.
fn denies(text: &str) -> bool {
    let plain: String = text.split('(').map(|part| part.rsplit(')').next().unwrap_or_default()).collect();
    ["not", "neither", "nor", "no"].iter().any(|word| words(&plain).contains(*word))
}

/// One statute's number may start another's, so that what follows counts.
fn statute(directory: &Directory, fact: &Fact) -> Check {
    let section = section_of(directory, &fact.section)?;
    let cited = section.text.iter().any(|paragraph| {
        let mut after = paragraph.match_indices(&fact.value).map(|(at, _)| &paragraph[at + fact.value.len()..]);
        after.any(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    ensure(cited, "its section does not cite it")
}

// The other way round.

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
        let mut abouts = contact.options.iter().map(|option| &option.about).chain([&contact.about]);
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
        let abouts = contact.options.iter().map(|option| &option.about).chain([&contact.about]);
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
