//! Contacts, their channels and phone menus.

use std::collections::HashSet;

use super::loader::{Loader, NOT_STATED};
use crate::directory::address::{Email, WebAddress};
use crate::directory::model::{Channel, Contact, Details, Endpoint, MenuOption};
use crate::directory::phone::{Key, PhoneNumber};
use crate::directory::raw::{RawChannel, RawContact, RawOption, Record, Text};

impl<'a> Loader<'a> {
    pub(super) fn contact(&mut self, raw: &RawContact<'a>) -> Contact {
        self.fields(raw);
        let mut options = Vec::new();
        let channels = raw.channels.iter().flatten().enumerate();
        let channels = channels.filter_map(|(index, channel)| {
            let options_before = options.len();
            if options_before > 0 && channel.menu.is_some() {
                let message = "a contact can have only one menu; make this line a contact of its own";
                self.problems.report(channel.fields().first, message);
            }
            self.menu(&channel.menu, index, None, &mut options);
            self.channel(channel, options.len() > options_before)
        });
        let channels = channels.collect();
        Contact {
            id: self.id(raw.id, raw),
            name: self.required(raw.name, raw, "name"),
            source: self.required(raw.source, raw, "source"),
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
        let mut values = [raw.phone, raw.fax, raw.tty, raw.email, raw.web].into_iter().flatten();
        let (Some(value), None) = (values.next(), values.next()) else {
            self.problems.report(raw.fields().first, "a channel needs exactly one of phone, fax, tty, email or web");
            return None;
        };
        let printed = self.text(value)?;
        if has_menu && raw.phone.is_none() {
            self.report_at(Some(value), "only a phone can have a menu; move the menu to a phone channel");
        }
        let (label, note) = (self.optional(raw.label), self.optional(raw.note));
        match endpoint(raw, &printed) {
            Ok(endpoint) => Some(Channel { endpoint, label, note }),
            Err(message) => {
                self.report_at(Some(value), message);
                None
            }
        }
    }

    /// Adds the options of a menu, each before the options of its own submenu.
    fn menu(
        &mut self,
        raw: &Option<Vec<RawOption<'a>>>,
        channel: usize,
        parent: Option<usize>,
        options: &mut Vec<MenuOption>,
    ) {
        let mut keys = HashSet::new();
        for raw in raw.iter().flatten() {
            self.fields(raw);
            let key = self.key(raw);
            if let Some(key) = key.filter(|key| !keys.insert(*key)) {
                self.report_at(raw.key, format!("key {key} is used twice in this menu; give each option its own key"));
            }
            options.push(self.option(raw, key.unwrap_or(Key::ZERO), channel, parent));
            let index = options.len() - 1;
            self.menu(&raw.menu, channel, Some(index), options);
        }
    }

    fn key(&mut self, raw: &RawOption<'a>) -> Option<Key> {
        let text = self.required(raw.key, raw, "key");
        let mut characters = text.chars();
        let key = characters.next().and_then(Key::new).filter(|_| characters.next().is_none());
        if key.is_none() && !text.is_empty() {
            self.report_at(raw.key, format!("`{text}` is not a phone key; write one of 0 to 9, * or #"));
        }
        key
    }

    fn option(&mut self, raw: &RawOption<'a>, key: Key, channel: usize, parent: Option<usize>) -> MenuOption {
        let (also, not_for) = (self.audience_set(&raw.also), self.audience_set(&raw.not_for));
        if also.intersects(&not_for) {
            let first: Option<Text<'a>> = raw.not_for.iter().flatten().next().copied();
            self.report_at(first, "`also` and `not_for` name the same audience; remove it from one of them");
        }
        MenuOption {
            key,
            label: self.required(raw.label, raw, "label"),
            also,
            not_for,
            channel,
            parent,
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
}

/// Parses the number or address of a channel that has exactly one. The error is a whole message.
fn endpoint(raw: &RawChannel<'_>, printed: &str) -> Result<Endpoint, String> {
    if printed == NOT_STATED {
        let message = "only a web page may be `not stated`; omit this channel";
        return if raw.web.is_some() { Ok(Endpoint::Web(None)) } else { Err(message.to_owned()) };
    }
    let invalid = |error: &dyn std::error::Error| format!("`{printed}` {error}");
    if raw.web.is_some() {
        return WebAddress::parse(printed).map(|page| Endpoint::Web(Some(page))).map_err(|error| invalid(&error));
    }
    if raw.email.is_some() {
        return Email::parse(printed).map(Endpoint::Email).map_err(|error| invalid(&error));
    }
    let kind = match (raw.phone, raw.fax) {
        (Some(_), _) => Endpoint::Phone,
        (_, Some(_)) => Endpoint::Fax,
        _ => Endpoint::Tty,
    };
    PhoneNumber::parse(printed).map(kind).map_err(|error| invalid(&error))
}
