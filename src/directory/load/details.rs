//! The fields that contacts and options share.

use std::collections::HashMap;

use jiff::civil::Date;

use super::loader::Loader;
use crate::directory::address::WebAddress;
use crate::directory::details::{Alert, Article, Details, Extra};
use crate::directory::entry_id::{Entry, EntryId};
use crate::directory::model::Directory;
use crate::directory::raw::{RawAlert, RawArticle, RawDetails, RawExtra};
use crate::directory::record::Text;

impl<'a> Loader<'a> {
    /// `wait_is_step` tells that `wait` is what the caller does, not how long it usually takes.
    pub(super) fn details(&mut self, raw: &RawDetails<'a>, wait_is_step: bool) -> Details {
        Details {
            aliases: self.texts(&raw.aliases),
            needs: self.texts(&raw.needs),
            serves: self.texts(&raw.serves),
            services: self.texts(&raw.services),
            hours: self.hours(raw.hours, raw.zone),
            notes: self.texts(&raw.notes),
            extra: raw.extra.as_ref().and_then(|raw| self.extra(raw, wait_is_step)),
        }
    }

    fn extra(&mut self, raw: &RawExtra<'a>, wait_is_step: bool) -> Option<Box<Extra>> {
        if let (Some(escalate), Some(contact)) = (raw.escalate, self.contact) {
            let entry = self.option.map_or(Entry::Contact(contact), |option| Entry::Option(contact, option));
            self.escalations.push((entry, escalate));
        }
        let extra = Extra {
            languages: self.texts(&raw.languages),
            wait: raw.wait.filter(|_| !wait_is_step).and_then(|wait| self.text(wait)),
            have_ready: self.texts(&raw.have_ready),
            alert: raw.alert.and_then(|alert| self.alert(alert)),
            escalate: None,
            region: self.texts(&raw.region),
            articles: raw.articles.iter().flatten().filter_map(|article| self.article(article)).collect(),
            is_internal: self.flag(raw.internal),
            checked: raw.checked.and_then(|checked| self.date(checked)),
            checked_by: self.optional(raw.checked_by),
        };
        (raw.escalate.is_some() || extra != Extra::default()).then(|| Box::new(extra))
    }

    fn alert(&mut self, text: Text<'a>) -> Option<Alert> {
        let raw: &RawAlert<'a> = &self.record(text, r#"(text: "Lines are down.", until: "2026-12-02")"#)?;
        let text = self.required(raw.text, raw, "text");
        let (from, until) = (raw.from.and_then(|day| self.date(day)), raw.until.and_then(|day| self.date(day)));
        self.check_period(raw.until, from, until);
        Some(Alert { text, from, until })
    }

    /// Reports a period that ends before it begins.
    pub(super) fn check_period(&mut self, until_text: Option<Text<'a>>, from: Option<Date>, until: Option<Date>) {
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            self.report_at(until_text, format!("ends on {until}, before it begins on {from}; swap the dates"));
        }
    }

    fn article(&mut self, raw: &RawArticle<'a>) -> Option<Article> {
        self.fields(raw);
        let title = self.required(raw.title, raw, "title");
        if raw.link.is_none() {
            self.missing(raw, "link");
        }
        let printed = self.optional(raw.link)?;
        match WebAddress::parse(&printed) {
            Ok(link) => Some(Article { title, link }),
            Err(error) => {
                self.report_at(raw.link, format!("`{printed}` {error}"));
                None
            }
        }
    }

    /// Resolves the entries that `escalate` names, once all are loaded.
    pub(super) fn resolve_escalations(&mut self, directory: &mut Directory) {
        if self.escalations.is_empty() {
            return;
        }
        let contacts = contacts_by_id(directory);
        for (entry, text) in std::mem::take(&mut self.escalations) {
            let Some(target) = self.named_entry(directory, &contacts, text) else { continue };
            if target.entry == entry {
                self.report_at(Some(text), "an entry cannot escalate to itself; name another one");
            } else if let Some(details) = directory.details_mut(entry) {
                details.extra.get_or_insert_default().escalate = Some(target);
            }
        }
    }

    /// The contact, line or option with an id as people type it.
    pub(super) fn named_entry(
        &mut self,
        directory: &Directory,
        contacts: &HashMap<Box<str>, usize>,
        text: Text<'a>,
    ) -> Option<EntryId> {
        let id = self.text(text)?;
        let (contact, below) = id.split_once('/').map_or((&*id, None), |(contact, below)| (contact, Some(below)));
        let found = contacts.get(contact).and_then(|contact| directory.below_contact(*contact, below));
        if found.is_none() {
            self.report_at(Some(text), format!("there is no entry `{id}`; write an id such as main-line/1"));
        }
        found
    }
}

/// The index of each contact by its id. Looking every reference up in a list would take quadratic time.
pub(super) fn contacts_by_id(directory: &Directory) -> HashMap<Box<str>, usize> {
    directory.contacts.iter().enumerate().map(|(index, contact)| (contact.id.clone(), index)).collect()
}
