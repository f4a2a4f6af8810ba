//! Phone menus in our own tables, where each option is a row whose id has its steps: `main-line/1/say-billing`.
//!
//! A row states everything with its option, also what the option takes from the entry above it; only what differs from
//! above is taken over. A table does not say what a caller enters, how long to wait, which option reaches a person, nor
//! which hold anywhere in the menu.

use super::draft::{Record, Value};

/// The facts that an option has for itself only.
const OWN_FACTS: [&str; 3] = ["notes", "services", "aliases"];

/// What a row says about an entry.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// The fields that contacts and options share.
    pub(super) record: Record,
    pub(super) hours: String,
    /// The ids of audiences.
    pub(super) audiences: Vec<String>,
    pub(super) not_for: Vec<String>,
}

/// A row about an option.
#[derive(Clone, Debug, Default)]
pub(super) struct OptionRow {
    /// The steps after the id of the contact, and after the number where that has a line in the id.
    pub(super) steps: Vec<String>,
    pub(super) label: String,
    /// The number of its line.
    pub(super) number: String,
    pub(super) language: String,
    /// Where it leads, in words.
    pub(super) leads: String,
    pub(super) facts: Facts,
}

/// The steps in the part of an id behind that of the contact: without the number of a line.
pub(super) fn steps(below: &str) -> Vec<String> {
    let is_line = |segment: &&str| segment.len() > 1 && segment.starts_with(|c: char| c.is_ascii_digit());
    below.split('/').skip_while(is_line).map(str::to_owned).collect()
}

/// Adds an option to the menu of its line. `above` is what was said about the entry above it, `contact_facts` about its
/// contact.
///
/// # Errors
/// Why it cannot be added.
pub(super) fn add(
    contact: &mut Record,
    row: &OptionRow,
    contact_facts: &Facts,
    above: &Facts,
) -> Result<(), &'static str> {
    let (last, parents) = row.steps.split_last().ok_or("its id has no steps")?;
    let mut option = step(row, last).ok_or("a table does not hold what is entered, nor how long to wait")?;
    option.set("label", &row.label);
    let without = |own: &[String], known: &[&[String]]| -> Vec<String> {
        own.iter().filter(|id| !known.iter().any(|known| known.contains(id))).cloned().collect()
    };
    if !contact_facts.audiences.is_empty() {
        let also = without(&row.facts.audiences, &[&contact_facts.audiences, &above.audiences]);
        option.set_texts("also", also.iter().map(String::as_str));
    }
    let not_for = without(&row.facts.not_for, &[&above.not_for]);
    option.set_texts("not_for", not_for.iter().map(String::as_str));
    for (name, value) in &row.facts.record.fields {
        let is_inherited = !OWN_FACTS.contains(name) && above.record.get(name).is_some_and(|known| known == value);
        if *name != "source" && !is_inherited {
            option.fields.push((name, value.clone()));
        }
    }
    match row.facts.hours.as_str() {
        own if own == above.hours => {}
        "" => option.set("hours", "not stated"),
        own => option.set("hours", own),
    }
    option.set("language", &row.language);
    match row.leads.as_str() {
        "" => {}
        "leads to the main menu" => option.set("goto", "main"),
        "leads back to the menu before" => option.set("goto", "back"),
        "repeats the menu" => option.set_word("repeat", "true"),
        words => option.omit(words, "a table does not hold the steps to it"),
    }
    option.omissions.extend(row.facts.record.omissions.iter().cloned());
    let line = contact.records_mut("channels").into_iter().flatten();
    let line = line.into_iter().find(|channel| channel.text("phone") == Some(&row.number));
    let mut menu = line.ok_or("its line is not listed")?;
    for parent in parents {
        let options = menu.records_mut("menu").into_iter().flatten();
        menu =
            options.into_iter().find(|option| segment(option) == *parent).ok_or("the option above it is left out")?;
    }
    menu.push_record("menu", option);
    Ok(())
}

/// The record of an option with the step that is the last of its id.
fn step(row: &OptionRow, segment: &str) -> Option<Record> {
    let option = Record::new(&row.facts.record.origin);
    match segment {
        "enter" | "wait" => None,
        _ => Some(match segment.strip_prefix("say-") {
            Some(words) => option.with("say", &words.replace('-', " ")),
            None => option.with("press", segment),
        }),
    }
}

/// What names the step of an option in ids.
fn segment(option: &Record) -> String {
    match option.fields.first() {
        Some(("say", Value::Text(words))) => format!("say-{}", words.replace(' ', "-")),
        Some((_, Value::Text(key))) => key.clone(),
        _ => String::new(),
    }
}
