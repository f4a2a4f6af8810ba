//! Contacts and their channels.

use super::loader::{Loader, NOT_STATED};
use crate::directory::address::{Email, WebAddress};
use crate::directory::channel::{Channel, Endpoint};
use crate::directory::channel_kind::{ChannelKind, Form};
use crate::directory::model::Contact;
use crate::directory::phone::{PhoneNumber, Region};
use crate::directory::raw::{RawChannel, RawContact, Record, Text};

impl<'a> Loader<'a> {
    pub(super) fn contact(&mut self, raw: &RawContact<'a>, index: usize) -> Contact {
        self.fields(raw);
        (self.contact, self.option) = (Some(index), None);
        let (mut options, mut channels) = (Vec::new(), Vec::new());
        self.has_channel_hours = raw.channels.iter().flatten().any(|channel| channel.hours.is_some());
        let details = self.details(&raw.details, false);
        self.has_channel_hours = false;
        for (index, channel) in raw.channels.iter().flatten().enumerate() {
            self.menus(channel, index, &mut options);
            let zone = raw.details.zone.filter(|_| channel.hours.is_some());
            channels.extend(self.channel(channel, zone));
        }
        Contact {
            id: self.id(raw.id, raw),
            name: self.required(raw.name, raw, "name"),
            source: self.required(raw.source, raw, "source"),
            audiences: self.audience_set(&raw.audiences),
            account: self.reference(raw.account, |loader| &loader.accounts, "account"),
            channels,
            options,
            details,
        }
    }

    fn channel(&mut self, raw: &RawChannel<'a>, zone: Option<Text<'a>>) -> Option<Channel> {
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
        let has_menu = [&raw.menu, &raw.anywhere].into_iter().flatten().any(|menu| !menu.is_empty());
        if has_menu && kind != ChannelKind::Phone {
            self.report_at(Some(value), "only a phone can have a menu; move the menu to a phone channel");
        }
        let (label, note) = (self.optional(raw.label), self.optional(raw.note));
        let hours = raw.hours.map(|hours| Box::new(self.hours(Some(hours), zone)));
        match endpoint(kind, &printed, self.region) {
            Ok(endpoint) => {
                if let (true, Some(Endpoint::Number(number))) = (self.wants_warnings, &endpoint)
                    && let Some(warning) = number.warning()
                {
                    self.warnings.report(value.0, format!("`{printed}` {warning}"));
                }
                Some(Channel { kind, endpoint, label, note, hours })
            }
            Err(message) => {
                self.report_at(Some(value), message);
                None
            }
        }
    }
}

/// Parses the number or address of a channel; `None` for a page that is mentioned without one. The error is a whole
/// message.
fn endpoint(kind: ChannelKind, printed: &str, region: Region) -> Result<Option<Endpoint>, String> {
    let invalid = |error: &dyn std::error::Error| format!("`{printed}` {error}");
    let endpoint = match kind.form() {
        Form::Web if printed == NOT_STATED && kind == ChannelKind::Web => return Ok(None),
        _ if printed == NOT_STATED => return Err("only a web page may be `not stated`; omit this channel".to_owned()),
        Form::Web => WebAddress::parse(printed).map(Endpoint::Web).map_err(|error| invalid(&error)),
        Form::Place => Ok(Endpoint::Place(printed.into())),
        Form::Email => Email::parse(printed).map(Endpoint::Email).map_err(|error| invalid(&error)),
        Form::Number => PhoneNumber::parse_in(printed, region).map(Endpoint::Number).map_err(|error| invalid(&error)),
    };
    endpoint.map(Some)
}
