//! A row of a table: what its cells say, by the columns that they are in.

use super::columns::{Column, Meaning, kind};
use super::draft::{Origin, Record, Value};
use super::text::clean;
use crate::directory::ChannelKind;

/// What separates several values in a cell: a list, lines, and Google's own sign.
const SEPARATORS: [&str; 4] = ["; ", ":::", "\n", "\r"];

/// What the cells of a row say.
#[derive(Default)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) audiences: Vec<String>,
    pub(super) hours: String,
    /// The audiences that an option does not serve, the language after it, and where it leads.
    pub(super) not_for: Vec<String>,
    pub(super) language: String,
    pub(super) leads: String,
    kind: String,
    /// What the next channel is labelled.
    label: String,
    address: Vec<String>,
    pub(super) channels: Vec<Record>,
    alert: Record,
    /// The other fields.
    pub(super) record: Record,
}

/// A cell without the apostrophe with which spreadsheet programs are kept from running it as a formula.
fn unguarded(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@'])).unwrap_or(cell)
}

impl Row {
    /// Reads the cells of a row.
    pub(super) fn new(cells: &csv::StringRecord, columns: &[Column], origin: &Origin) -> Self {
        let mut row = Self { record: Record::new(origin), ..Self::default() };
        let filled = columns.iter().enumerate().filter_map(|(i, column)| {
            Some((i, column, cells.get(column.index).map(str::trim).filter(|cell| !cell.is_empty())?))
        });
        for (i, column, cell) in filled {
            row.cell(column, columns.get(i + 1), unguarded(cell));
        }
        let cells = cells.iter().map(str::trim).enumerate().filter(|(_, cell)| !cell.is_empty());
        for (i, cell) in cells.filter(|(i, _)| columns.binary_search_by_key(i, |column| column.index).is_err()) {
            row.record.omit(&format!("column {}: {cell}", i + 1), "the column has no name");
        }
        row.finish();
        row
    }

    fn cell(&mut self, column: &Column, next: Option<&Column>, cell: &str) {
        match &column.meaning {
            Some(Meaning::Field("name")) if self.name.is_empty() => self.name = clean(cell),
            Some(Meaning::Field("name")) => self.record.push("aliases", cell),
            Some(Meaning::Field("id")) => self.id = clean(cell),
            Some(Meaning::Field("hours")) => self.hours = clean(cell),
            // The zone that our own table takes from the directory.
            Some(Meaning::Field("zone")) if cell.ends_with("(assumed)") => {}
            Some(Meaning::Field("alert")) => self.alert.set("text", cell),
            Some(Meaning::Field(name @ ("from" | "until"))) => self.alert.set(name, cell),
            Some(Meaning::Field(name)) => self.record.set(name, cell),
            Some(Meaning::List(name)) => values(cell, *name == "languages").for_each(|one| self.record.push(name, one)),
            Some(Meaning::NamePart) => self.record.push(NAME_PARTS, cell),
            // Groups that Google and others add by themselves begin with an asterisk.
            Some(Meaning::Audiences) => {
                let own = values(cell, true).map(clean).filter(|group| !group.starts_with('*'));
                self.audiences.extend(own);
            }
            Some(Meaning::Internal) => match cell.to_ascii_lowercase().as_str() {
                "true" | "yes" => self.record.set_word("internal", "true"),
                "false" | "no" => {}
                _ => self.record.omit(&format!("{}: {cell}", column.name), "neither yes nor no"),
            },
            Some(Meaning::Channel(kind)) => self.channels(*kind, column, cell),
            Some(Meaning::Kind) => self.kind = cell.to_owned(),
            Some(Meaning::Value) => match kind(&self.kind) {
                Some(kind) => self.channels(kind, column, cell),
                None => {
                    let why = format!("the kind `{}` is not known", self.kind);
                    self.record.omit(&format!("{}: {cell}", column.name), &why);
                }
            },
            Some(Meaning::Label) if next.is_some_and(|next| is_same_number(column, next)) => self.label = clean(cell),
            Some(Meaning::Label) => self.of_last_channel(column, cell, |channel| channel.set("label", cell)),
            Some(Meaning::ChannelNote) => self.of_last_channel(column, cell, |channel| channel.set("note", cell)),
            Some(Meaning::Extension) => self.of_last_channel(column, cell, |channel| {
                if let Some((_, Value::Text(number))) = channel.fields.first_mut() {
                    *number += &format!(" x{}", clean(cell.trim_start_matches(['x', 'X'])));
                }
            }),
            Some(Meaning::AddressPart) => self.address.push(clean(cell)),
            Some(Meaning::NotFor) => self.not_for.extend(values(cell, true).map(clean)),
            Some(Meaning::Language) => self.language = clean(cell),
            Some(Meaning::Leads) => self.leads = clean(cell),
            Some(Meaning::Ignored) => {}
            None => self.record.omit(&format!("{}: {cell}", column.name), "the column is not understood"),
        }
    }

    fn of_last_channel(&mut self, column: &Column, cell: &str, change: impl FnOnce(&mut Record)) {
        self.add_page_without_address();
        match self.channels.last_mut() {
            Some(channel) => change(channel),
            None => self.record.omit(&format!("{}: {cell}", column.name), "there is no number before it"),
        }
    }

    /// Adds the page of a row whose kind is one and whose address is empty: it is mentioned, but not stated.
    fn add_page_without_address(&mut self) {
        if self.channels.is_empty() && kind(&self.kind) == Some(ChannelKind::Web) {
            self.channels.push(Record::new(&self.record.origin).with("web", "not stated"));
        }
    }

    /// Adds the numbers or addresses of a cell. The label of a phone may say that it is a fax.
    fn channels(&mut self, listed: ChannelKind, column: &Column, cell: &str) {
        let label = std::mem::take(&mut self.label);
        let label = if label.is_empty() { column.label.clone().unwrap_or_default() } else { label };
        let kind = if listed == ChannelKind::Phone { kind(&label).unwrap_or(listed) } else { listed };
        let is_place = matches!(kind, ChannelKind::Post | ChannelKind::Visit);
        let several: Vec<String> = match is_place {
            true => vec![cell.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")],
            false => values(cell, false).map(str::to_owned).collect(),
        };
        for value in several {
            let channel = Record::new(&self.record.origin).with(field_of(kind), &value).with("label", &label);
            self.channels.push(channel);
        }
    }

    fn finish(&mut self) {
        self.add_page_without_address();
        if !self.address.is_empty() {
            let address = self.address.join(", ");
            self.channels.push(Record::new(&self.record.origin).with("post", &address));
        }
        if self.alert.text("text").is_some() {
            self.record.fields.push(("alert", Value::Record(std::mem::take(&mut self.alert))));
        }
        if let Some(at) = self.record.fields.iter().position(|(name, _)| *name == NAME_PARTS)
            && let (_, Value::Texts(parts)) = self.record.fields.remove(at)
        {
            match self.name.is_empty() {
                true => self.name = parts.join(" "),
                false => self.record.push("notes", &parts.join(" ")),
            }
        }
        match &self.channels[..] {
            [] => self.record.set("hours", &self.hours.clone()),
            _ => self.channels.iter_mut().for_each(|channel| channel.set("hours", &self.hours)),
        }
    }
}

/// The name under which the parts of a name are collected; no field of a directory.
const NAME_PARTS: &str = "name parts";

/// The field of a data file for a kind of channel.
pub(super) fn field_of(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Phone => "phone",
        ChannelKind::Fax => "fax",
        ChannelKind::Tty => "tty",
        ChannelKind::Relay => "relay",
        ChannelKind::Sms => "sms",
        ChannelKind::WhatsApp => "whatsapp",
        ChannelKind::Email => "email",
        ChannelKind::Web => "web",
        ChannelKind::Chat => "chat",
        ChannelKind::Video => "video",
        ChannelKind::Post => "post",
        ChannelKind::Visit => "visit",
    }
}

/// The values of a cell; at commas too, where they are plain words.
fn values(cell: &str, at_commas: bool) -> impl Iterator<Item = &str> {
    let mut parts = vec![cell];
    for separator in SEPARATORS.iter().chain([",", ";"].iter().filter(|_| at_commas)) {
        parts = parts.iter().flat_map(|part| part.split(separator)).collect();
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty())
}

/// Whether two columns are about one of several numbers: `Phone 2 - Label`, `Phone 2 - Value`.
fn is_same_number(column: &Column, next: &Column) -> bool {
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    let own = digits(&column.name);
    !own.is_empty() && own == digits(&next.name)
}
