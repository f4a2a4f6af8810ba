//! Contacts, their channels and phone menus.

use std::collections::HashSet;

use super::loader::{Loader, NOT_STATED};
use crate::directory::address::{Email, WebAddress};
use crate::directory::channel::{Channel, Endpoint};
use crate::directory::channel_kind::{ChannelKind, Form};
use crate::directory::model::{Contact, Details, MenuOption};
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
        let mut endpoints = ChannelKind::ALL.into_iter().filter_map(|kind| Some((kind, raw.endpoint(kind)?)));
        let (Some((kind, value)), None) = (endpoints.next(), endpoints.next()) else {
            let mut names = ChannelKind::ALL.map(|kind| kind.name().to_lowercase()).to_vec();
            let last = names.pop().unwrap_or_default();
            let message = format!("a channel needs exactly one of {} or {last}", names.join(", "));
            self.problems.report(raw.fields().first, message);
            return None;
        };
        let printed = self.text(value)?;
        if has_menu && kind != ChannelKind::Phone {
            self.report_at(Some(value), "only a phone can have a menu; move the menu to a phone channel");
        }
        let (label, note) = (self.optional(raw.label), self.optional(raw.note));
        match endpoint(kind, &printed) {
            Ok(endpoint) => Some(Channel { kind, endpoint, label, note }),
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

/// Parses the number or address of a channel; `None` for a page that is mentioned without one. The error is a whole
/// message.
fn endpoint(kind: ChannelKind, printed: &str) -> Result<Option<Endpoint>, String> {
    let invalid = |error: &dyn std::error::Error| format!("`{printed}` {error}");
    let endpoint = match kind.form() {
        Form::Web if printed == NOT_STATED => return Ok(None),
        _ if printed == NOT_STATED => return Err("only a web page may be `not stated`; omit this channel".to_owned()),
        Form::Web => WebAddress::parse(printed).map(Endpoint::Web).map_err(|error| invalid(&error)),
        Form::Email => Email::parse(printed).map(Endpoint::Email).map_err(|error| invalid(&error)),
        Form::Number => PhoneNumber::parse(printed).map(Endpoint::Number).map_err(|error| invalid(&error)),
    };
    endpoint.map(Some)
}
