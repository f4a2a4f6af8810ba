//! Contacts and their channels.

use std::collections::HashSet;

use super::loader::{Loader, NOT_STATED};
use crate::directory::address::{Email, WebAddress};
use crate::directory::channel::{Channel, Endpoint};
use crate::directory::channel_kind::{ChannelKind, Form};
use crate::directory::menu::MenuOption;
use crate::directory::model::Contact;
use crate::directory::phone::{PhoneNumber, PhoneWarning, Region};
use crate::directory::raw::{RawChannel, RawContact};
use crate::directory::record::{Record, Text};

/// The fewest digits of a code that takes messages in North America.
const MIN_MESSAGE_CODE: usize = 5;

impl<'a> Loader<'a> {
    pub(super) fn contact(&mut self, raw: &RawContact<'a>, index: usize) -> Contact {
        self.fields(raw);
        (self.contact, self.option) = (Some(index), None);
        let (mut options, mut channels) = (Vec::new(), Vec::new());
        self.has_channel_hours = raw.channels.iter().flatten().any(|channel| channel.hours().is_some());
        let details = self.details(&raw.details, false);
        self.has_channel_hours = false;
        for (index, channel) in raw.channels.iter().flatten().enumerate() {
            self.menus(channel, index, &mut options);
            let zone = raw.details.zone.filter(|_| channel.hours().is_some());
            channels.extend(self.channel(channel, zone));
        }
        self.lines(raw, &channels, &options);
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

    /// Reports a phone that is listed twice where the phones have ids of their own.
    fn lines(&mut self, raw: &RawContact<'a>, channels: &[Channel], options: &[MenuOption]) {
        if !options.iter().any(|option| option.channel > 0) {
            return;
        }
        let mut seen = HashSet::new();
        let lines = channels.iter().filter(|channel| channel.kind == ChannelKind::Phone).filter_map(Channel::number);
        for line in lines.filter(|line| !seen.insert(line.segment())) {
            let again = raw.channels.iter().flatten().filter_map(|channel| channel.phone).rfind(|phone| {
                phone.plain().is_some_and(|printed| PhoneNumber::parse_in(printed, self.region).as_ref() == Ok(line))
            });
            self.report_at(
                again,
                format!("`{line}` is listed twice as a phone of this contact; merge the two channels"),
            );
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
        let printed = self.problems.number(value)?;
        let has_menu = !raw.anywhere().is_empty() || raw.menu.as_ref().is_some_and(|menu| !menu.is_empty());
        if has_menu && kind != ChannelKind::Phone {
            self.report_at(Some(value), "only a phone can have a menu; move the menu to a phone channel");
        }
        let (label, note) = (self.optional(raw.label), self.optional(raw.note));
        let hours = raw.hours().map(|hours| Box::new(self.hours(Some(hours), zone)));
        match endpoint(kind, &printed, self.region) {
            Ok(endpoint) => {
                if let Some(message) = endpoint.as_ref().and_then(|endpoint| misfit(kind, &printed, endpoint)) {
                    self.report_at(Some(value), message);
                }
                if let (true, Some(Endpoint::Number(number))) = (self.wants_warnings, &endpoint)
                    && let Some(warning) = warning(kind, number)
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

/// What is doubtful about a number in a kind of channel. Lists of numbers have codes for messages among their phones.
fn warning(kind: ChannelKind, number: &PhoneNumber) -> Option<PhoneWarning> {
    let is_misplaced = kind == ChannelKind::Phone && number.is_message_code();
    is_misplaced.then_some(PhoneWarning::MessagesOnly).or_else(|| number.warning())
}

/// Why a number cannot be used by a kind of channel, as a whole message: an extension or a short code that it cannot
/// dial.
fn misfit(kind: ChannelKind, printed: &str, endpoint: &Endpoint) -> Option<String> {
    let Endpoint::Number(number) = endpoint else { return None };
    let name = kind.name().to_lowercase();
    if !kind.is_called() && number.extension().is_some() {
        return Some(format!(
            "`{printed}` has an extension, which `{name}` cannot dial; remove it, or put it in `note`"
        ));
    }
    let may_be_code = kind == ChannelKind::Phone && number.dialled().len() >= MIN_MESSAGE_CODE;
    if number.is_message_code() && kind != ChannelKind::Sms && !may_be_code {
        return Some(format!(
            "`{printed}` has too few digits for `{name}`; write the whole number, or `sms` for a code that takes messages"
        ));
    }
    let needs_full = matches!(kind, ChannelKind::Fax | ChannelKind::WhatsApp) && number.is_short_code();
    needs_full.then(|| format!("`{printed}` is a short code, which `{name}` cannot dial; write the whole number"))
}
