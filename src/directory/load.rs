//! From a file to a checked [`Directory`], or to everything that is wrong with the file.

mod gates;
mod values;

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use opening_hours::localization::Country;

use super::address::{Email, WebAddress};
use super::hours::{Hours, Schedule, Zone};
use super::needs::NeedIndex;
use super::phone::{Key, PhoneNumber};
use super::problem::{Collector, Problems};
use super::progress::{LoadStage, Progress};
use super::raw::{
    self, RawAudience, RawChannel, RawContact, RawDirectory, RawNotice, RawOption, RawSynonym, Record, Text,
};
use super::text::excerpt;
use super::{
    Account, Audience, AudienceSet, Channel, Contact, Details, Directory, Endpoint, MenuOption, Notice, NoticeSection,
    Synonym,
};

/// The version of the format that this program reads.
pub(super) const SCHEMA: &str = "1";

/// What stands where the source says that a thing exists but not what it is.
pub(super) const NOT_STATED: &str = "not stated";

impl Directory {
    /// Reads a directory from the text of a file. `file` is its name as the user knows it.
    ///
    /// # Errors
    /// Everything that is wrong with the file, with line and column.
    pub fn load(file: &str, source: &str) -> Result<Self, Problems> {
        Self::load_with_progress(file, source, &mut |_| {})
    }

    /// The same in sight of whoever waits: they are told with every contact how far it has come.
    ///
    /// # Errors
    /// As for [`Directory::load`].
    pub fn load_with_progress(
        file: &str,
        source: &str,
        on_progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, Problems> {
        let source = source.strip_prefix('\u{feff}').unwrap_or(source);
        let mut parsed = |done| on_progress(Progress { stage: LoadStage::Parse, done, of: source.len() });
        let raw = raw::read(source, &mut parsed)
            .map_err(|problem| Problems { file: file.to_owned(), list: vec![problem] })?;
        let mut loader = Loader::new(source);
        let contacts = raw.contacts.as_ref().map_or(0, Vec::len);
        let mut checked = |done| on_progress(Progress { stage: LoadStage::Check, done, of: contacts });
        let directory = loader.directory(&raw, &mut checked);
        match directory {
            Some(directory) if loader.problems.is_empty() => Ok(directory),
            _ => Err(loader.problems.into_problems(file)),
        }
    }
}

/// Checks a raw directory. Every method reports what it finds wrong and goes on with a stand-in, so that the next
/// problem is found too; a directory with any problem is thrown away.
struct Loader<'a> {
    problems: Collector<'a>,
    audiences: HashMap<Box<str>, usize>,
    accounts: HashMap<Box<str>, usize>,
    notices: HashMap<Box<str>, usize>,
    ids: HashSet<Box<str>>,
    zone: Option<Zone>,
    holidays: Option<Country>,
    /// Many contacts share few hours, and reading them is slow.
    schedules: HashMap<(&'a str, Option<&'a str>), Hours>,
    /// The last field that was read a second time, and its values: a list of many is read again once only.
    odd: (&'a str, Vec<&'a str>),
}

impl<'a> Loader<'a> {
    fn new(source: &'a str) -> Self {
        Self {
            problems: Collector::new(source),
            audiences: HashMap::new(),
            accounts: HashMap::new(),
            notices: HashMap::new(),
            ids: HashSet::new(),
            zone: None,
            holidays: None,
            schedules: HashMap::new(),
            odd: ("", Vec::new()),
        }
    }

    fn directory(&mut self, raw: &RawDirectory<'a>, on_contact: &mut dyn FnMut(usize)) -> Option<Directory> {
        self.fields(raw);
        match raw.schema {
            Some(schema) if self.written(schema) == SCHEMA => {}
            Some(schema) => {
                let written = excerpt(self.written(schema));
                self.at(raw.schema, format!("schema {written} is not one this program reads; write schema: {SCHEMA}"));
            }
            None => self.missing(raw, "schema"),
        }
        let id = self.id(raw.id, raw);
        let transcribed = self.needed(raw.transcribed, raw, "transcribed");
        let transcribed = match Date::strptime("%Y-%m-%d", &*transcribed) {
            Ok(date) if date.to_string() == *transcribed => date,
            Ok(_) | Err(_) => {
                // What is missing, empty or no text has been reported.
                if !transcribed.is_empty() {
                    self.at(raw.transcribed, format!("`{transcribed}` is not a day such as 2026-11-23"));
                }
                Date::ZERO
            }
        };
        self.zone = self.zone(raw.zone).map(|rules| Zone { rules, stated: false });
        self.holidays = self.optional(raw.holidays).and_then(|country| {
            let known = country.parse().ok();
            if known.is_none() {
                self.at(raw.holidays, format!("`{country}` is not a two-letter country code such as US"));
            }
            known
        });
        self.ids.clear();
        let audiences = self.audiences(raw);
        let accounts = self.accounts(raw);
        self.ids.clear();
        let notices: Vec<Notice> = raw.notices.iter().flatten().map(|notice| self.notice(notice)).collect();
        let contacts = raw.contacts.iter().flatten().enumerate().map(|(place, contact)| {
            on_contact(place);
            self.contact(contact)
        });
        let contacts: Vec<Contact> = contacts.collect();
        if raw.audiences.is_none() {
            self.missing(raw, "audiences");
        }
        match &raw.contacts {
            None => self.missing(raw, "contacts"),
            Some(none) if none.is_empty() => {
                self.problems
                    .report(raw.fields().first, "`contacts` is an empty list; a directory has one at the least");
            }
            Some(_) => {}
        }
        let directory = Directory {
            name: self.needed(raw.name, raw, "name"),
            id,
            organisation: self.needed(raw.organisation, raw, "organisation"),
            source: self.needed(raw.source, raw, "source"),
            transcribed,
            zone: self.zone.clone(),
            holidays: self.holidays.map(|country| country.iso_code().into()),
            audiences,
            accounts,
            contacts,
            notices,
            synonyms: raw.synonyms.iter().flatten().map(|synonym| self.synonym(synonym)).collect(),
            gates: raw.gates.iter().flatten().filter_map(|gate| self.gate(gate)).collect(),
            by_need: NeedIndex::default(),
            index: 0,
        };
        self.circles(raw, &directory);
        Some(directory)
    }

    fn audiences(&mut self, raw: &RawDirectory<'a>) -> Vec<Audience> {
        let mut audiences = Vec::new();
        for audience in raw.audiences.iter().flatten() {
            if audiences.len() == AudienceSet::MAX_AUDIENCES {
                let message = format!("more than {} audiences; group some", AudienceSet::MAX_AUDIENCES);
                self.problems.report(audience.fields().first, message);
                break;
            }
            audiences.push(self.audience(audience, audiences.len()));
        }
        audiences
    }

    fn audience(&mut self, raw: &RawAudience<'a>, place: usize) -> Audience {
        self.fields(raw);
        let id = self.id(raw.id, raw);
        self.audiences.insert(id.clone(), place);
        Audience {
            id,
            name: self.needed(raw.name, raw, "name"),
            short: self.needed(raw.short, raw, "short"),
            aliases: self.texts(&raw.aliases),
        }
    }

    fn accounts(&mut self, raw: &RawDirectory<'a>) -> Vec<Account> {
        self.ids.clear();
        let mut accounts = Vec::new();
        for account in raw.accounts.iter().flatten() {
            self.fields(account);
            let id = self.id(account.id, account);
            self.accounts.insert(id.clone(), accounts.len());
            let name = self.needed(account.name, account, "name");
            accounts.push(Account { id, name, choice: self.optional(account.choice) });
        }
        accounts
    }

    fn contact(&mut self, raw: &RawContact<'a>) -> Contact {
        self.fields(raw);
        let mut options = Vec::new();
        let channels = raw.channels.iter().flatten().enumerate();
        let channels = channels.filter_map(|(place, channel)| {
            let options_before = options.len();
            if options_before > 0 && channel.menu.is_some() {
                let place = channel.fields().first;
                self.problems
                    .report(place, "a contact has one menu at the most; make the other line a contact of its own");
            }
            self.menu(&channel.menu, place, None, &mut options);
            self.channel(channel, options.len() > options_before)
        });
        let channels = channels.collect();
        Contact {
            id: self.id(raw.id, raw),
            name: self.needed(raw.name, raw, "name"),
            source: self.needed(raw.source, raw, "source"),
            audiences: self.audience_set(&raw.audiences),
            account: self.reference(raw.account, |loader| &loader.accounts, "account"),
            channels,
            options,
            details: Details {
                aliases: self.texts(&raw.aliases),
                needs: self.texts(&raw.needs),
                serves: self.texts(&raw.serves),
                services: self.texts(&raw.services),
                hours: self.hours(raw.hours, raw.zone),
                notes: self.texts(&raw.notes),
            },
        }
    }

    fn channel(&mut self, raw: &RawChannel<'a>, has_menu: bool) -> Option<Channel> {
        self.fields(raw);
        let ways = [raw.phone, raw.fax, raw.tty, raw.email, raw.web];
        let mut given = ways.into_iter().flatten();
        let (Some(way), None) = (given.next(), given.next()) else {
            self.problems.report(raw.fields().first, "a channel has exactly one of phone, fax, tty, email or web");
            return None;
        };
        let printed = self.checked(way)?;
        if raw.web.is_none() && &*printed == NOT_STATED {
            self.at(Some(way), "only a web page may be `not stated`; leave this channel out");
            return None;
        }
        let endpoint = if raw.web.is_some() && &*printed == NOT_STATED {
            Ok(Endpoint::Web(None))
        } else if raw.web.is_some() {
            WebAddress::parse(&printed).map(Some).map(Endpoint::Web)
        } else if raw.email.is_some() {
            Email::parse(&printed).map(Endpoint::Email)
        } else {
            PhoneNumber::parse(&printed).map(match (raw.phone, raw.fax) {
                (Some(_), _) => Endpoint::Phone,
                (_, Some(_)) => Endpoint::Fax,
                _ => Endpoint::Tty,
            })
        };
        if has_menu && raw.phone.is_none() {
            self.at(Some(way), "only a phone has a menu");
        }
        let (label, note) = (self.optional(raw.label), self.optional(raw.note));
        match endpoint {
            Ok(endpoint) => Some(Channel { endpoint, label, note }),
            Err(wrong) => {
                self.at(Some(way), format!("`{printed}` {wrong}"));
                None
            }
        }
    }

    /// Adds a menu's options, each before its own menu.
    fn menu(
        &mut self,
        raw: &Option<Vec<RawOption<'a>>>,
        channel: usize,
        parent: Option<usize>,
        options: &mut Vec<MenuOption>,
    ) {
        let mut keys = HashSet::new();
        for option in raw.iter().flatten() {
            self.fields(option);
            let written = self.needed(option.key, option, "key");
            let mut characters = written.chars();
            let key = match (characters.next().and_then(Key::new), characters.next()) {
                (Some(key), None) => {
                    if !keys.insert(key) {
                        self.at(option.key, format!("key {key} is twice in this menu; each option has its own"));
                    }
                    Some(key)
                }
                _ => {
                    if !written.is_empty() {
                        self.at(option.key, format!("`{written}` is not a key; write one of 0 to 9, * or #"));
                    }
                    None
                }
            };
            let label = self.needed(option.label, option, "label");
            let (also, not_for) = (self.audience_set(&option.also), self.audience_set(&option.not_for));
            if also.intersects(&not_for) {
                let place = option.not_for.iter().flatten().next().copied();
                self.at(place, "`also` and `not_for` name the same audience; an option serves it or it does not");
            }
            let built = MenuOption {
                key: key.unwrap_or(Key::ZERO),
                label,
                also,
                not_for,
                channel,
                parent,
                details: Details {
                    aliases: self.texts(&option.aliases),
                    needs: self.texts(&option.needs),
                    serves: self.texts(&option.serves),
                    services: self.texts(&option.services),
                    hours: self.hours(option.hours, option.zone),
                    notes: self.texts(&option.notes),
                },
            };
            options.push(built);
            let place = options.len() - 1;
            self.menu(&option.menu, channel, Some(place), options);
        }
    }

    fn notice(&mut self, raw: &RawNotice<'a>) -> Notice {
        self.fields(raw);
        let id = self.id(raw.id, raw);
        self.notices.insert(id.clone(), self.notices.len());
        let sections = raw.sections.iter().flatten().map(|section| {
            self.fields(section);
            NoticeSection { title: self.needed(section.title, section, "title"), text: self.texts(&section.text) }
        });
        let sections = sections.collect();
        let choices = self.texts(&raw.choices);
        if let Some(third) = raw.choices.iter().flatten().nth(2) {
            self.at(Some(*third), "a notice has two choices at the most: to go on and to stay");
        }
        let site = self.optional(raw.site).and_then(|printed| match WebAddress::parse(&printed) {
            Ok(site) => Some(site),
            Err(wrong) => {
                self.at(raw.site, format!("`{printed}` {wrong}"));
                None
            }
        });
        Notice {
            id,
            title: self.needed(raw.title, raw, "title"),
            source: self.needed(raw.source, raw, "source"),
            wording: self.optional(raw.wording),
            aliases: self.texts(&raw.aliases),
            needs: self.texts(&raw.needs),
            text: self.texts(&raw.text),
            sections,
            choices,
            site,
        }
    }

    fn synonym(&mut self, raw: &RawSynonym<'a>) -> Synonym {
        self.fields(raw);
        match &raw.words {
            None => self.missing(raw, "words"),
            Some(none) if none.is_empty() => {
                self.problems.report(raw.fields().first, "`words` is an empty list; name what people say for it");
            }
            Some(_) => {}
        }
        Synonym { means: self.needed(raw.means, raw, "means"), words: self.texts(&raw.words) }
    }

    fn hours(&mut self, text: Option<Text<'a>>, zone: Option<Text<'a>>) -> Hours {
        let key = text.map(|text| (self.written(text), zone.map(|zone| self.written(zone))));
        if let Some(known) = key.and_then(|key| self.schedules.get(&key)) {
            return known.clone();
        }
        let problems_before = self.problems.len();
        let stated = self.zone(zone).map(|rules| Zone { rules, stated: true });
        let listed = self.optional(text);
        let Some(listed) = listed.as_deref().filter(|listed| *listed != NOT_STATED) else {
            if stated.is_some() {
                self.at(zone, "a zone without hours says nothing; add hours or leave it out");
            }
            return if listed.is_some() { Hours::NotStated } else { Hours::NotListed };
        };
        match Schedule::parse(listed, stated.or_else(|| self.zone.clone()), self.holidays) {
            Ok(schedule) => {
                let hours = Hours::Listed(schedule);
                // A wrong zone is reported wherever it stands, so it is not remembered as read.
                if let (Some(key), true) = (key, self.problems.len() == problems_before) {
                    self.schedules.insert(key, hours.clone());
                }
                hours
            }
            Err(wrong) => {
                self.at(text, format!("the hours `{listed}` {wrong}"));
                Hours::NotListed
            }
        }
    }

    fn zone(&mut self, text: Option<Text<'a>>) -> Option<TimeZone> {
        let name = self.optional(text).filter(|name| &**name != NOT_STATED)?;
        let own = self.zone.as_ref().map(|zone| &zone.rules).filter(|own| own.iana_name() == Some(&*name));
        let zone = own.cloned().or_else(|| TimeZone::get(&name).ok()).filter(|zone| zone.iana_name().is_some());
        if zone.is_none() {
            self.at(text, format!("`{name}` is not a time zone such as America/Los_Angeles"));
        }
        zone
    }
}
