//! From a directory back to the text of a file, in the format that `data/README.md` describes: what is loaded from it
//! is the same directory. Laid out as people write it: what fits stands on one line.

use super::hours::Hours;
use super::load::{NOT_STATED, SCHEMA};
use super::{AudienceSet, Before, Channel, Contact, Details, Directory, MenuOption, Notice};

/// What stands above the records.
const HEAD: &str = "// A dialtree directory. Edit it by hand; `dialtree check FILE` says what is wrong with it.\n\n";

/// The columns of a line, where its texts allow.
const WIDTH: usize = 120;

/// A value of a file.
enum Value {
    /// As it is written, with its quotes.
    Written(String),
    List(Vec<Value>),
    Record(Vec<(&'static str, Value)>),
}

impl Directory {
    /// The text of a file with the contacts that serve an audience, or with all of them.
    pub fn to_ron(&self, audience: Option<usize>) -> String {
        let mut text = HEAD.to_owned();
        self.value(audience).write(0, 0, &mut text);
        text.push('\n');
        text
    }

    fn value(&self, audience: Option<usize>) -> Value {
        let contacts = self.contacts_for(audience).map(|place| self.contact_value(place));
        let audiences = self.audiences.iter().map(|audience| {
            let fields = [text("id", &audience.id), text("name", &audience.name), text("short", &audience.short)];
            record(fields.into_iter().chain([texts("aliases", &audience.aliases)]))
        });
        let accounts = self.accounts.iter().map(|account| {
            let choice = account.choice.as_deref().unwrap_or_default();
            record([text("id", &account.id), text("name", &account.name), text("choice", choice)])
        });
        let gates = self.gates.iter().map(|gate| {
            let before = match &gate.before {
                Before::Host(host) => text("host", host.as_str()),
                Before::Outside(home) => text("outside", home.as_str()),
            };
            record([before, text("notice", &self.notices[gate.notice].id)])
        });
        let synonyms =
            self.synonyms.iter().map(|synonym| record([text("means", &synonym.means), texts("words", &synonym.words)]));
        let zone = self.zone.as_ref().and_then(|zone| zone.rules.iana_name()).unwrap_or_default();
        record([
            Some(("schema", Value::Written(SCHEMA.to_owned()))),
            text("id", &self.id),
            text("name", &self.name),
            text("organisation", &self.organisation),
            text("source", &self.source),
            text("transcribed", &self.transcribed.to_string()),
            text("zone", zone),
            text("holidays", self.holidays.as_deref().unwrap_or_default()),
            // The two that a directory must have, even where they are empty.
            Some(("audiences", Value::List(audiences.collect()))),
            list("accounts", accounts),
            Some(("contacts", Value::List(contacts.collect()))),
            list("notices", self.notices.iter().map(notice_value)),
            list("gates", gates),
            list("synonyms", synonyms),
        ])
    }

    fn contact_value(&self, place: usize) -> Value {
        let contact = &self.contacts[place];
        let account = contact.account.map_or("", |account| &self.accounts[account].id);
        let channels = contact.channels.iter().enumerate().map(|(place, channel)| {
            let menu = self.menu_value(contact, place, None);
            let printed = channel.reach.printed().unwrap_or(NOT_STATED);
            let (label, note) = (channel.label.as_deref(), channel.note.as_deref());
            record([
                text(field_of(channel), printed),
                text("label", label.unwrap_or_default()),
                text("note", note.unwrap_or_default()),
                menu,
            ])
        });
        let fields = [text("id", &contact.id), text("name", &contact.name)];
        let place =
            [self.ids("audiences", contact.audiences), text("account", account), text("source", &contact.source)];
        let fields = fields.into_iter().chain(about_fields(&contact.about)).chain(place);
        record(fields.chain([list("channels", channels)]))
    }

    /// The menu of a line, or what follows one of its options.
    fn menu_value(&self, contact: &Contact, channel: usize, parent: Option<usize>) -> Option<(&'static str, Value)> {
        let options = contact.options.iter().enumerate().skip(parent.map_or(0, |parent| parent + 1));
        let under = options.take_while(|(_, option)| option.parent >= parent);
        let here = under.filter(|(_, option)| option.parent == parent && option.channel == channel);
        list("menu", here.map(|(place, option)| self.option_value(contact, place, option)))
    }

    fn option_value(&self, contact: &Contact, place: usize, option: &MenuOption) -> Value {
        let fields = [text("key", &option.key.to_string()), text("label", &option.label)];
        let scope = [self.ids("also", option.also), self.ids("not_for", option.not_for)];
        let fields = fields.into_iter().chain(about_fields(&option.about)).chain(scope);
        record(fields.chain([self.menu_value(contact, option.channel, Some(place))]))
    }

    fn ids(&self, field: &'static str, audiences: AudienceSet) -> Option<(&'static str, Value)> {
        list(field, audiences.iter().map(|audience| quoted(&self.audiences[audience].id)))
    }
}

fn field_of(channel: &Channel) -> &'static str {
    use super::Endpoint::{Email, Fax, Phone, Tty, Web};
    match channel.reach {
        Phone(_) => "phone",
        Fax(_) => "fax",
        Tty(_) => "tty",
        Email(_) => "email",
        Web(_) => "web",
    }
}

fn about_fields(about: &Details) -> [Option<(&'static str, Value)>; 7] {
    let (hours, zone) = match &about.hours {
        Hours::NotListed => ("", None),
        Hours::NotStated => (NOT_STATED, None),
        Hours::Listed(schedule) => (schedule.listed(), schedule.zone().filter(|zone| zone.stated)),
    };
    [
        texts("aliases", &about.aliases),
        texts("needs", &about.needs),
        texts("serves", &about.serves),
        texts("services", &about.services),
        text("hours", hours),
        text("zone", zone.and_then(|zone| zone.rules.iana_name()).unwrap_or_default()),
        texts("notes", &about.notes),
    ]
}

fn notice_value(notice: &Notice) -> Value {
    let sections = notice.sections.iter().map(|s| record([text("title", &s.title), texts("text", &s.text)]));
    record([
        text("id", &notice.id),
        text("title", &notice.title),
        text("source", &notice.source),
        text("wording", notice.wording.as_deref().unwrap_or_default()),
        texts("aliases", &notice.aliases),
        texts("needs", &notice.needs),
        texts("text", &notice.text),
        list("sections", sections),
        texts("choices", &notice.choices),
        text("site", notice.site.as_ref().map_or("", |site| site.printed())),
    ])
}

/// A field, or nothing where it is empty: no text of a directory is.
fn text(field: &'static str, text: &str) -> Option<(&'static str, Value)> {
    (!text.is_empty()).then(|| (field, quoted(text)))
}

fn texts(field: &'static str, texts: &[Box<str>]) -> Option<(&'static str, Value)> {
    list(field, texts.iter().map(|text| quoted(text)))
}

fn list(field: &'static str, items: impl Iterator<Item = Value>) -> Option<(&'static str, Value)> {
    let items: Vec<Value> = items.collect();
    (!items.is_empty()).then_some((field, Value::List(items)))
}

fn record(fields: impl IntoIterator<Item = Option<(&'static str, Value)>>) -> Value {
    Value::Record(fields.into_iter().flatten().collect())
}

/// A text in quotes. Those of a directory hold nothing that is not written as it is, but quotes and backslashes.
fn quoted(text: &str) -> Value {
    Value::Written(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

impl Value {
    /// Its characters on one line, or any number past `most`.
    fn length(&self, most: usize) -> usize {
        let mut length = 0;
        let mut add = |more: usize| {
            length += more;
            length <= most
        };
        match self {
            Self::Written(text) => return text.chars().count(),
            Self::List(items) => {
                let _ = add(2) && items.iter().all(|item| add(item.length(most) + 2));
            }
            Self::Record(fields) => {
                let _ = add(2) && fields.iter().all(|(name, value)| add(name.len() + 4 + value.length(most)));
            }
        }
        length
    }

    /// Writes it at a depth, where so much stands before it on its line.
    fn write(&self, depth: usize, before: usize, out: &mut String) {
        let room = WIDTH.saturating_sub(2 * depth + before + 1);
        let is_short = depth > 0 && self.length(room) <= room;
        let inner = "  ".repeat(depth + 1);
        let [first, between, last] = match is_short {
            true => [String::new(), ", ".to_owned(), String::new()],
            false => [format!("\n{inner}"), format!(",\n{inner}"), format!(",\n{}", "  ".repeat(depth))],
        };
        match self {
            Self::Written(text) => *out += text,
            Self::List(items) if items.is_empty() => *out += "[]",
            Self::List(items) => {
                *out += "[";
                let mut column = 0;
                for (place, item) in items.iter().enumerate() {
                    // Texts fill their lines, as words do.
                    let width = item.length(WIDTH) + 2;
                    let goes_on = matches!(item, Self::Written(_)) && column + width + 2 * depth + 1 < WIDTH;
                    *out += if place == 0 {
                        &first
                    } else if goes_on {
                        ", "
                    } else {
                        &between
                    };
                    column = if place > 0 && goes_on { column + width } else { width };
                    item.write(depth + 1, 0, out);
                }
                *out += &last;
                *out += "]";
            }
            Self::Record(fields) => {
                *out += "(";
                for (place, (name, value)) in fields.iter().enumerate() {
                    *out += if place == 0 { &first } else { &between };
                    *out += name;
                    *out += ": ";
                    value.write(depth + 1, name.len() + 2, out);
                }
                *out += &last;
                *out += ")";
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::EMBEDDED;

    #[test]
    fn what_is_written_loads_back_the_same() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        let written = directory.to_ron(None);
        let again = Directory::load("written", &written).unwrap();
        assert_eq!(format!("{again:?}"), format!("{directory:?}"));
        assert_eq!(again.to_ron(None), written);
        assert!(written.lines().all(|line| line.trim_end() == line), "no line ends in spaces");
    }

    #[test]
    fn an_audience_is_written_with_those_that_serve_everyone() {
        let directory = Directory::load("built in", EMBEDDED).unwrap();
        let medicare = directory.audiences.iter().position(|audience| &*audience.id == "medicare").unwrap();
        let written = Directory::load("written", &directory.to_ron(Some(medicare))).unwrap();
        let ids: Vec<&str> = written.contacts.iter().map(|contact| &*contact.id).collect();
        assert!(
            ids.contains(&"medicare-broker-services") && ids.contains(&"fraud-hotline") && !ids.contains(&"ifp-line"),
            "{ids:?}"
        );
    }

    #[test]
    fn quotes_and_backslashes_survive() {
        let source = EMBEDDED.replacen("name: \"Broker line\"", r#"name: "The \"broker\" line \\ one""#, 1);
        let directory = Directory::load("quoted", &source).unwrap();
        let again = Directory::load("again", &directory.to_ron(None)).unwrap();
        assert_eq!(&*again.contacts[0].name, r#"The "broker" line \ one"#);
    }
}
