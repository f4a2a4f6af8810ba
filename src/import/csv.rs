//! Tables: a row is a contact, or one channel of it where several rows have the same name.

use std::collections::{HashMap, HashSet};

use super::columns::{Column, Meaning, name_rank, understand};
use super::draft::{Draft, Omission, Origin, Record, Value};
use super::menus::{self, Facts, OptionRow};
use super::row::Row;
use super::text::{clean, quoted};

/// The characters that separate cells, the most usual one first.
const DELIMITERS: [u8; 4] = *b",;\t|";
/// How much of a table is read to find the delimiter, in bytes, and in rows.
const SAMPLE_SIZE: usize = 64 << 10;
const SAMPLE_ROWS: usize = 20;
/// How a table was understood.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) delimiter: char,
    pub(super) columns: Vec<Column>,
    /// The number of directories whose rows it has; 0 if the rows do not say.
    pub(super) directory_count: usize,
}

/// Reads a table into a draft. `maps` are columns with what they hold, which goes before their names.
pub(super) fn read(file: &str, text: &str, maps: &[(String, Meaning)], draft: &mut Draft) -> Table {
    let (delimiter, text, first_line) = delimiter(text);
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = reader.records().filter_map(Result::ok);
    let header = rows.find(|row| row.iter().any(|cell| !cell.trim().is_empty())).unwrap_or_default();
    let mut columns = understand(header.iter());
    with_one_name(&mut columns);
    for column in &mut columns {
        let is_named = |(name, _): &&(String, Meaning)| clean(name) == column.name;
        if let Some((_, meaning)) = maps.iter().find(is_named) {
            (column.meaning, column.label) = (Some(meaning.clone()), None);
        }
    }
    without_kind(&mut columns);
    let (contacts, known, facts) = (Vec::new(), HashMap::new(), HashMap::new());
    let mut reader = Reader { file, draft, contacts, known, facts };
    let own = columns.iter().find(|column| column.name == "directory" && column.meaning == Some(Meaning::Ignored));
    let mut directories = HashSet::new();
    let mut lines = Lines { text, offset: 0, line: 1 + first_line };
    for row in rows {
        let line = lines.line_of(row.position().map_or(0, csv::Position::byte));
        // A cell with a delimiter that is not quoted moves all cells after it.
        if row.iter().skip(header.len()).any(|cell| !cell.trim().is_empty()) {
            reader.leave_out(
                &row,
                line,
                "the row has more cells than the header; put cells with the delimiter in quotes",
            );
        } else {
            directories.extend(own.and_then(|own| row.get(own.index)).map(str::to_owned));
            let origin = Origin { file: file.to_owned(), line: Some(line) };
            reader.add(Row::new(&row, &columns, &origin));
        }
    }
    reader.finish();
    if text.matches('"').count() % 2 == 1 {
        let why = "a quotation mark is not closed; the rows after it are part of one cell";
        draft.head.omit("rows", why);
    }
    let directory_count = directories.len();
    Table { delimiter: delimiter.into(), columns, directory_count }
}

/// The delimiter, and the text without the line `sep=;` that Excel writes, and the number of lines before it.
fn delimiter(text: &str) -> (u8, &str, u64) {
    let line = text.lines().next().unwrap_or_default();
    if let Some(&[sign]) = line.strip_prefix("sep=").map(str::as_bytes) {
        let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
        return (sign, rest, 1);
    }
    let mut end = SAMPLE_SIZE.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sample = &text[..end];
    // The most rows that are as long as the header, and of those the longest header; the more usual sign where both
    // tie.
    let by_fit = DELIMITERS.iter().rev().max_by_key(|sign| fit(sample, **sign));
    (by_fit.copied().unwrap_or(b','), text, 0)
}

fn fit(sample: &str, delimiter: u8) -> (usize, usize) {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(delimiter).has_headers(false).flexible(true).from_reader(sample.as_bytes());
    let lengths: Vec<usize> = reader.records().take(SAMPLE_ROWS).filter_map(Result::ok).map(|row| row.len()).collect();
    let header = lengths.first().copied().unwrap_or_default();
    let fitting = lengths.iter().filter(|length| header > 1 && **length == header).count();
    (fitting, header)
}

/// A kind without a number or address to be of, or the reverse, is not understood.
fn without_kind(columns: &mut [Column]) {
    for (one, other) in [(Meaning::Kind, Meaning::Value), (Meaning::Value, Meaning::Kind)] {
        let has = |meaning: &Meaning| columns.iter().any(|column| column.meaning.as_ref() == Some(meaning));
        if has(&one) && !has(&other) {
            columns.iter_mut().filter(|column| column.meaning.as_ref() == Some(&one)).for_each(|column| {
                column.meaning = None;
            });
        }
    }
}

/// Of several columns with names, such as `Title` and `Name`, only the one that says so best is the name.
fn with_one_name(columns: &mut [Column]) {
    let is_name = |column: &Column| column.meaning == Some(Meaning::Field("name"));
    let names = columns.iter().filter(|column| is_name(column));
    let Some(best) = names.min_by_key(|column| name_rank(&column.name)).map(|column| column.index) else { return };
    let others = columns.iter_mut().filter(|column| is_name(column) && column.index != best);
    others.for_each(|column| column.meaning = None);
}

/// Counts the lines of a text. The reader of tables counts those that end in CR LF too late.
struct Lines<'t> {
    text: &'t str,
    offset: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the row that begins at a byte or after the line breaks there. Rows come in their order.
    fn line_of(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX).clamp(self.offset, self.text.len());
        let bytes = self.text.as_bytes();
        let breaks = bytes[byte..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let between = &bytes[self.offset..byte + breaks];
        self.line += between.iter().filter(|byte| **byte == b'\n').map(|_| 1).sum::<u64>();
        self.offset = byte + breaks;
        self.line
    }
}

struct Reader<'t> {
    file: &'t str,
    draft: &'t mut Draft,
    contacts: Vec<Record>,
    /// The index of each contact by its id, or its name and audiences.
    known: HashMap<String, usize>,
    /// What the rows of our own tables say, by their ids, and by those of contacts with their numbers.
    facts: HashMap<String, Facts>,
}

impl Reader<'_> {
    fn leave_out(&mut self, cells: &csv::StringRecord, line: u64, why: &str) {
        let origin = Origin { file: self.file.to_owned(), line: Some(line) };
        let what = quoted(&cells.iter().collect::<Vec<_>>().join(" | "));
        self.draft.head.omissions.push(Omission { origin, what, why: why.to_owned() });
    }

    /// Adds the contact of a row, or its channels to the contact that is there already.
    fn add(&mut self, mut row: Row) {
        let is_empty = row.record.fields.is_empty() && row.channels.is_empty() && row.record.omissions.is_empty();
        if row.name.is_empty() && !is_empty {
            let first = row.channels.first().or(Some(&row.record)).and_then(|record| record.fields.first());
            let what = match first {
                Some((field, Value::Text(text))) => format!("{field}: {text}"),
                _ => "row".to_owned(),
            };
            row.record.omit(&what, "the row has no name");
            self.draft.head.omissions.append(&mut row.record.omissions);
        }
        if row.name.is_empty() {
            return;
        }
        let above = row.id.split('/').next().unwrap_or_default().to_owned();
        let key = match above.as_str() {
            "" => format!("{}\n{}", row.name, row.audiences.join("\n")),
            id => id.to_owned(),
        };
        let steps = row.id.split_once('/').map_or_else(Vec::new, |(_, below)| menus::steps(below));
        // The id of a line has the number behind that of its contact.
        if steps.is_empty() {
            row.id.clone_from(&above);
        }
        self.keep_facts(&row);
        if !steps.is_empty() {
            return self.option(&row, &above, steps);
        }
        let index = *self.known.entry(key).or_insert(self.contacts.len());
        if index == self.contacts.len() {
            let id = self.draft.id(if row.id.is_empty() { &row.name } else { &row.id });
            let mut contact = Record::new(&row.record.origin).with("id", &id).with("name", &row.name);
            for audience in &row.audiences {
                let audience = self.draft.audience(audience, &row.record.origin);
                contact.push("audiences", &audience);
            }
            self.contacts.push(contact);
        }
        if let Some(contact) = self.contacts.get_mut(index) {
            merge(contact, row.record);
            row.channels.into_iter().for_each(|channel| contact.push_channel(channel));
        }
    }

    /// Remembers what a row says, for the options below it.
    fn keep_facts(&mut self, row: &Row) {
        if row.id.is_empty() {
            return;
        }
        let facts = facts(row);
        if let Some(number) = row.channels.first().and_then(|channel| channel.text("phone")) {
            self.facts.entry(format!("{}\n{number}", row.id)).or_insert_with(|| facts.clone());
        }
        self.facts.entry(row.id.clone()).or_insert(facts);
    }

    /// Adds an option to its contact.
    fn option(&mut self, row: &Row, contact_id: &str, steps: Vec<String>) {
        let number = row.channels.first().and_then(|channel| channel.text("phone")).unwrap_or_default();
        let nothing = Facts::default();
        let contact_facts = self.facts.get(&format!("{contact_id}\n{number}")).unwrap_or(&nothing);
        let above = row.id.rsplit_once('/').and_then(|(above, _)| self.facts.get(above));
        let above = if steps.len() > 1 { above.unwrap_or(&nothing) } else { contact_facts };
        let contact = self.known.get(contact_id).and_then(|index| self.contacts.get_mut(*index));
        let mut option = OptionRow {
            steps,
            label: row.name.clone(),
            number: number.to_owned(),
            language: row.language.clone(),
            leads: row.leads.clone(),
            facts: facts(row),
        };
        for names in [&mut option.facts.audiences, &mut option.facts.not_for] {
            names.iter_mut().for_each(|name| *name = self.draft.audience(name, &row.record.origin));
        }
        let what = format!("option {}: {}", row.id, row.name);
        match contact {
            Some(contact) => {
                if let Err(why) = menus::add(contact, &option, contact_facts, above) {
                    contact.omit(&what, why);
                }
            }
            None => self.draft.head.omit(&what, "its contact is not in the table"),
        }
    }

    fn finish(self) {
        for mut contact in self.contacts {
            lift_hours(&mut contact);
            if contact.text("source").is_none() {
                contact.set("source", self.file);
            }
            self.draft.contacts.push(contact);
        }
    }
}

/// What a row says about its entry.
fn facts(row: &Row) -> Facts {
    Facts {
        record: row.record.clone(),
        hours: row.hours.clone(),
        audiences: row.audiences.clone(),
        not_for: row.not_for.clone(),
    }
}

/// Adds what a further row says of a contact.
fn merge(contact: &mut Record, row: Record) {
    for (name, value) in row.fields {
        match value {
            Value::Text(text) => match contact.text(name) {
                // The first row keeps its own place in the source.
                Some(_) if name == "source" => {}
                Some(known) if known != clean(&text) => {
                    let what = format!("{name}: {}", quoted(&text));
                    contact.omissions.push(Omission {
                        origin: row.origin.clone(),
                        what,
                        why: "the row before it says otherwise".to_owned(),
                    });
                }
                _ => contact.set(name, &text),
            },
            Value::Texts(texts) => texts.iter().for_each(|text| contact.push(name, text)),
            other if contact.get(name).is_none() => contact.fields.push((name, other)),
            _ => {}
        }
    }
    for omission in row.omissions {
        let is_same = |known: &Omission| (&known.what, &known.why) == (&omission.what, &omission.why);
        if !contact.omissions.iter().any(is_same) {
            contact.omissions.push(omission);
        }
    }
}

/// Makes hours that all channels share those of the contact.
fn lift_hours(contact: &mut Record) {
    let Some((_, Value::Records(channels))) = contact.fields.iter_mut().find(|(name, _)| *name == "channels") else {
        return;
    };
    let Some(hours) = channels.first().and_then(|channel| channel.text("hours")).map(str::to_owned) else { return };
    if channels.iter().all(|channel| channel.text("hours") == Some(&hours)) {
        channels.iter_mut().for_each(|channel| channel.fields.retain(|(name, _)| *name != "hours"));
        contact.set("hours", &hours);
    }
}
