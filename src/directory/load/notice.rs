//! Notices.

use super::loader::Loader;
use crate::directory::address::WebAddress;
use crate::directory::model::{Notice, NoticeSection};
use crate::directory::raw::RawNotice;

impl<'a> Loader<'a> {
    pub(super) fn notice(&mut self, raw: &RawNotice<'a>) -> Notice {
        self.fields(raw);
        let id = self.id(raw.id, raw);
        self.notices.insert(id.clone(), self.notices.len());
        let sections = raw.sections.iter().flatten().map(|section| {
            self.fields(section);
            NoticeSection { title: self.required(section.title, section, "title"), text: self.texts(&section.text) }
        });
        let sections = sections.collect();
        let choices = self.texts(&raw.choices);
        if let Some(third) = raw.choices.iter().flatten().nth(2) {
            self.report_at(Some(*third), "a notice can have only two choices: continue and cancel");
        }
        Notice {
            id,
            title: self.required(raw.title, raw, "title"),
            source: self.required(raw.source, raw, "source"),
            wording: self.optional(raw.wording),
            aliases: self.texts(&raw.aliases),
            needs: self.texts(&raw.needs),
            text: self.texts(&raw.text),
            sections,
            choices,
            site: self.site(raw),
        }
    }

    fn site(&mut self, raw: &RawNotice<'a>) -> Option<WebAddress> {
        let printed = self.optional(raw.site)?;
        match WebAddress::parse(&printed) {
            Ok(site) => Some(site),
            Err(error) => {
                self.report_at(raw.site, format!("`{printed}` {error}"));
                None
            }
        }
    }
}
