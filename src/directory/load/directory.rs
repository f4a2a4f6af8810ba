//! The directory itself, its audiences, accounts and synonyms.

use std::sync::OnceLock;

use jiff::civil::Date;
use opening_hours::localization::Country;

use super::loader::{Loader, SCHEMAS};
use crate::directory::audience::{Audience, AudienceSet};
use crate::directory::hours::{Zone, parse_country};
use crate::directory::model::{Account, Contact, Directory, Synonym};
use crate::directory::phone::Region;
use crate::directory::raw::{RawAudience, RawDirectory, RawSynonym};
use crate::directory::record::Record;
use crate::directory::text::excerpt;

impl<'a> Loader<'a> {
    pub(super) fn directory(&mut self, raw: &RawDirectory<'a>, on_contact: &mut dyn FnMut(usize)) -> Directory {
        self.fields(raw);
        self.schema(raw);
        let id = self.id(raw.id, raw);
        let transcribed = self.transcribed(raw);
        // Hours depend on the zone and the country, contacts on the audiences and accounts, gates on the notices.
        self.zone = self.zone(raw.zone).map(|rules| Zone { rules, stated: false });
        self.holidays = self.holidays(raw);
        self.region = self.region(raw);
        self.has_invalid_holidays = raw.holidays.is_some() && self.holidays.is_none();
        self.ids.clear();
        let audiences = self.audiences(raw);
        self.ids.clear();
        let accounts = self.accounts(raw);
        self.ids.clear();
        let notices = raw.notices.iter().flatten().map(|notice| self.notice(notice)).collect();
        let contacts = self.contacts(raw, on_contact);
        let name = self.required(raw.name, raw, "name");
        let organisation = self.required(raw.organisation, raw, "organisation");
        let mut directory = Directory {
            name,
            id,
            short: organisation.clone(),
            organisation,
            source: self.required(raw.source, raw, "source"),
            transcribed,
            owner: self.optional(raw.owner),
            region: self.region,
            zone: self.zone.clone(),
            closures: Vec::new(),
            holidays: self.holidays.map(|country| country.iso_code().into()),
            audiences,
            accounts,
            contacts,
            notices,
            synonyms: raw.synonyms.iter().flatten().map(|synonym| self.synonym(synonym)).collect(),
            gates: raw.gates.iter().flatten().filter_map(|gate| self.gate(gate)).collect(),
            common_needs: self.texts(&raw.common_needs),
            elsewhere: Vec::new(),
            by_need: OnceLock::new(),
            index: 0,
            has_others: false,
        };
        directory.elsewhere = self.elsewhere(raw, &directory);
        self.gate_cycles(raw, &directory);
        self.resolve_escalations(&mut directory);
        self.closures(raw, &mut directory);
        directory
    }

    /// Warns of common needs, by index, that have no answer.
    pub(super) fn warn_of_unanswered(&mut self, raw: &RawDirectory<'a>, unanswered: &[usize]) {
        for text in unanswered.iter().filter_map(|index| raw.common_needs.as_ref()?.get(*index)) {
            let message = format!(
                "no answer to the common need `{}` can be trusted; add it to the `needs` of the entry that answers it",
                excerpt(text.plain().unwrap_or(text.0))
            );
            self.warnings.report_at(Some(*text), message);
        }
    }

    fn schema(&mut self, raw: &RawDirectory<'a>) {
        match raw.schema {
            None => self.missing(raw, "schema"),
            Some(text) => {
                let schema = text.plain().unwrap_or(text.0);
                self.is_schema_1 = schema == SCHEMAS[0];
                if !SCHEMAS.contains(&schema) {
                    let current = SCHEMAS[SCHEMAS.len() - 1];
                    let message = format!("schema {} is not supported; write schema: {current}", excerpt(schema));
                    self.report_at(raw.schema, message);
                }
            }
        }
    }

    fn transcribed(&mut self, raw: &RawDirectory<'a>) -> Date {
        if raw.transcribed.is_none() {
            self.missing(raw, "transcribed");
        }
        raw.transcribed.and_then(|text| self.date(text)).unwrap_or(Date::ZERO)
    }

    fn holidays(&mut self, raw: &RawDirectory<'a>) -> Option<Country> {
        let code = self.optional(raw.holidays)?;
        match parse_country(&code) {
            Ok(country) => Some(country),
            Err(error) => {
                self.report_at(raw.holidays, format!("`{code}` {error}"));
                None
            }
        }
    }

    fn region(&mut self, raw: &RawDirectory<'a>) -> Region {
        let Some(code) = self.optional(raw.region) else { return Region::US };
        Region::parse(&code).unwrap_or_else(|error| {
            self.report_at(raw.region, format!("`{code}` {error}"));
            Region::US
        })
    }

    fn audiences(&mut self, raw: &RawDirectory<'a>) -> Vec<Audience> {
        if raw.audiences.is_none() {
            self.missing(raw, "audiences");
        }
        let mut audiences = Vec::new();
        for audience in raw.audiences.iter().flatten() {
            if audiences.len() == AudienceSet::MAX_AUDIENCES {
                let message = format!("more than {} audiences; merge some", AudienceSet::MAX_AUDIENCES);
                self.problems.report(audience.fields().first, message);
                break;
            }
            audiences.push(self.audience(audience, audiences.len()));
        }
        audiences
    }

    fn audience(&mut self, raw: &RawAudience<'a>, index: usize) -> Audience {
        self.fields(raw);
        let id = self.id(raw.id, raw);
        self.audiences.insert(id.clone(), index);
        Audience {
            id,
            name: self.required(raw.name, raw, "name"),
            short: self.required(raw.short, raw, "short"),
            aliases: self.texts(&raw.aliases),
        }
    }

    fn accounts(&mut self, raw: &RawDirectory<'a>) -> Vec<Account> {
        let mut accounts = Vec::new();
        for account in raw.accounts.iter().flatten() {
            self.fields(account);
            let id = self.id(account.id, account);
            self.accounts.insert(id.clone(), accounts.len());
            let name = self.required(account.name, account, "name");
            accounts.push(Account { id, name, choice: self.optional(account.choice) });
        }
        accounts
    }

    fn contacts(&mut self, raw: &RawDirectory<'a>, on_contact: &mut dyn FnMut(usize)) -> Vec<Contact> {
        let Some(contacts) = &raw.contacts else {
            self.missing(raw, "contacts");
            return Vec::new();
        };
        if contacts.is_empty() {
            self.problems.report(raw.fields().first, "`contacts` is empty; add at least one contact");
        }
        let contacts = contacts.iter().enumerate().map(|(index, contact)| {
            on_contact(index);
            self.contact(contact, index)
        });
        contacts.collect()
    }

    fn synonym(&mut self, raw: &RawSynonym<'a>) -> Synonym {
        self.fields(raw);
        match &raw.words {
            None => self.missing(raw, "words"),
            Some(words) if words.is_empty() => {
                self.problems.report(raw.fields().first, "`words` is empty; list the words that people use");
            }
            Some(_) => {}
        }
        Synonym { means: self.required(raw.means, raw, "means"), words: self.texts(&raw.words) }
    }
}
