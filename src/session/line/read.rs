//! What the navigator in lines reads out: lists with numbers, cards and notices.

use super::line_session::{LineSession, MAX_LISTED, Place};
use crate::directory::{Directory, EntryId};
use crate::present::card::Card;
use crate::present::card_page::{card_page, hours_page};
use crate::present::page::Page;
use crate::present::results::{GENERAL_LINE, NO_GOOD_MATCH, NO_MATCH, is_general, not_listed, retyped};
use crate::present::share::QrLink;

/// The maximum number of results that are listed.
const MAX_RESULTS: usize = 9;

impl LineSession {
    pub(super) fn result_count(&self) -> usize {
        self.app.find.as_ref().map_or(0, |find| find.results.len()).min(MAX_RESULTS)
    }

    /// The keys of the phone that are listed next, as they are read.
    pub(super) fn keys_listed(&self) -> String {
        let Some(id) = self.app.entry() else { return String::new() };
        let directory = self.app.catalog.directory(id);
        let children = directory.children(id).into_iter();
        let keys = children.filter_map(|child| directory.option(child)?.step.key());
        keys.map(|key| key.to_string()).collect::<Vec<_>>().join(" ")
    }

    /// Reads what the numbers of the prompt refer to.
    pub(super) fn read(&self) -> String {
        let directory = self.app.directory();
        match self.place() {
            Place::Start => {
                let sections = self.app.panes.sections.iter().map(|section| section.name(directory).to_owned());
                self.directory_line() + &numbered(sections)
            }
            Place::Directories => numbered(self.app.directory_names().map(str::to_owned)),
            Place::List => self.read_list(),
            Place::Results => self.read_results(),
            Place::Entry => self.card_text(),
            Place::Copy => numbered(self.app.copy_items().into_iter().map(|item| {
                let text = item.text.split_whitespace().collect::<Vec<_>>().join(" ");
                if item.name == "Whole card" { item.name } else { format!("{}: {text}", item.name) }
            })),
            Place::LinkWarning => self.read_warning(),
        }
    }

    /// Which directory is in scope, and how to choose another, where there are several.
    fn directory_line(&self) -> String {
        let line = |name: &str| format!("{name}; \"directory\" chooses one.\n");
        self.app.directory_line().map(line).unwrap_or_default()
    }

    fn read_list(&self) -> String {
        let mut lines = numbered(self.listed.iter().take(MAX_LISTED).map(|id| self.line(*id)));
        if let Some(more) = self.listed.len().checked_sub(MAX_LISTED).filter(|more| *more > 0) {
            lines += &format!("{more} more are not read; type what the caller needs\n");
        }
        let parent = self.listed.first().and_then(|first| self.app.catalog.directory(*first).parent(*first));
        match parent {
            Some(parent) => format!("{}\n{lines}", self.app.catalog.directory(parent).title(parent)),
            None => format!("{}\n{lines}", self.app.panes.tree.section().name(self.app.directory())),
        }
    }

    /// How well the results fit, and the results.
    fn read_results(&self) -> String {
        let Some(find) = &self.app.find else { return String::new() };
        let mut text = String::new();
        let mut remark = |remark: &str| text += &format!("{remark}.\n");
        if let Some((phrase, note)) = find.elsewhere.and_then(|id| self.app.catalog.elsewhere(id)) {
            remark(&not_listed(phrase, note));
        } else if find.results.is_empty() {
            remark(NO_MATCH);
        } else if find.fits_nothing() {
            let general = find.results.first().map(|first| first.id);
            let is_general = general.is_some_and(|id| is_general(self.app.catalog.directory(id), id));
            remark(if is_general { GENERAL_LINE } else { NO_GOOD_MATCH });
        }
        find.retyped.iter().for_each(|typed| remark(&retyped(typed)));
        for (index, result) in find.results.iter().take(MAX_RESULTS).enumerate() {
            if find.outside() == Some(index) {
                text += &format!("Outside {}:\n", self.app.scope_name(find.scope));
            }
            let weak = if result.weak { ", weak match" } else { "" };
            text += &format!("{}. {}{weak}\n", index + 1, self.line(result.id));
        }
        text
    }

    /// An entry in one line: its title, whose it is where there are several directories, for whom it is, and how it is
    /// reached.
    fn line(&self, id: EntryId) -> String {
        let card = Card::new(self.app.catalog.directory(id), id, Some(self.app.now));
        let closed = card.contact().is_some_and(|card| card.hours.is_closed()).then(|| "closed now".to_owned());
        let for_whom = card.contact().map(|_| card.audience_names());
        let parts = [Some(card.title().to_owned()), for_whom, card.say_with_kind(), closed];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    fn card_text(&self) -> String {
        let Some(card) = self.app.card() else { return "Nothing is listed here.\n".to_owned() };
        let page = card_page(&card, &self.app.environment.display, self.width).plain();
        match card {
            Card::Contact(_) => format!("{}\n{page}", card.title()),
            // The page of a notice begins with its title.
            Card::Notice(_) => page,
        }
    }

    fn read_warning(&self) -> String {
        let Some(warning) = self.app.link_warning() else { return String::new() };
        let directory: &Directory = self.app.catalog.directory(warning.notice);
        let card = Card::new(directory, warning.notice, None);
        let page = card_page(&card, &self.app.environment.display, self.width).plain();
        let choices = numbered(warning.choices(directory).into_iter().map(str::to_owned));
        format!("Before this link opens: {}\n{page}\n{choices}", warning.link)
    }

    pub(super) fn hours(&self) -> String {
        let card = self.app.card();
        let contact = card.as_ref().and_then(Card::contact);
        let page =
            contact.map_or_else(|| Page::new(0), |card| hours_page(card, &self.app.environment.display, self.width));
        match page.lines.is_empty() {
            true => "No hours are listed here.\n".to_owned(),
            false => page.plain(),
        }
    }

    pub(super) fn link(&self) -> String {
        let Some(card) = self.app.card() else { return "There is no link here.\n".to_owned() };
        match QrLink::new(self.app.catalog.directory(card.id()), &card) {
            Ok(link) => format!("{}\n{}\n", link.link, link.rest.unwrap_or_default()),
            Err(error) => format!("{error}.\n"),
        }
    }
}

fn numbered(lines: impl Iterator<Item = String>) -> String {
    lines.enumerate().map(|(index, line)| format!("{}. {line}\n", index + 1)).collect()
}
