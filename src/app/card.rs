//! The card: what is known about one answer, in the order in which a caller needs it.

use jiff::Timestamp;

use super::page::{Page, Role};
use super::{Environment, Glyphs};
use crate::directory::hours::{Hours, Now, Standing, time_of_day, weekday_of, zone_name};
use crate::directory::{Answer, AudienceSet, Channel, Contact, Directory, Reach};

/// Lays out the card of an answer, as things stand at a moment.
pub fn card(directory: &Directory, answer: Answer, now: Timestamp, environment: &Environment, width: u16) -> Page {
    let mut card = Card { directory, now, environment, page: Page::new(width) };
    match answer {
        Answer::Contact(_) | Answer::Option(..) => card.contact(answer),
        Answer::Notice(_) | Answer::Section(..) => card.notice(answer),
    }
    card.page
}

struct Card<'a> {
    directory: &'a Directory,
    now: Timestamp,
    environment: &'a Environment,
    page: Page,
}

impl Card<'_> {
    fn contact(&mut self, answer: Answer) {
        let Some(contact) = self.directory.contact(answer) else { return };
        let path = self.directory.path(answer);
        let main = self.directory.channel(answer);
        match main.map(|channel| (channel, channel.reach.printed())) {
            Some((channel, Some(printed))) => self.page.text(&headline(channel, printed), Role::Number),
            Some((_, None)) => self.page.text("Address not stated", Role::Strong),
            None => self.page.text("No number or address listed", Role::Strong),
        }
        for option in &path {
            self.page.key(&option.key.to_string(), &option.label);
        }
        if let Some(note) = main.and_then(|channel| channel.note.as_deref()) {
            self.page.text(note, Role::Quiet);
        }
        self.choices(answer);
        self.page.gap();
        self.hours(answer, contact);
        for channel in contact.channels.iter().filter(|channel| !main.is_some_and(|main| std::ptr::eq(main, *channel)))
        {
            self.channel(channel);
        }
        self.page.gap();
        self.scope(answer, contact);
        if let Some(about) = self.directory.about(answer) {
            self.list("Does", &about.services);
            self.list("Notes", &about.notes);
        }
        self.page.gap();
        let checked = format!("{}, checked {}", contact.source, self.directory.transcribed);
        self.page.field("Source", &checked, Role::Quiet);
    }

    /// The keys to press next.
    fn choices(&mut self, answer: Answer) {
        let options = self.directory.children(answer).into_iter().filter_map(|child| self.directory.option(child));
        let options: Vec<_> = options.map(|option| (option.key.to_string(), &*option.label)).collect();
        if options.is_empty() {
            return;
        }
        self.page.gap();
        self.page.text(if self.directory.option(answer).is_some() { "then press" } else { "press" }, Role::Quiet);
        for (key, label) in options {
            self.page.key(&key, label);
        }
    }

    fn hours(&mut self, answer: Answer, contact: &Contact) {
        let hours = self.directory.hours(answer);
        let now = hours.at(self.now);
        let Hours::Listed(schedule) = hours else {
            // A page on the web has no hours to list.
            if contact.channels.iter().all(|channel| matches!(channel.reach, Reach::Web(_))) {
                return;
            }
            self.page.field("Hours", "not listed", Role::Quiet);
            return;
        };
        let Glyphs { open, closed, .. } = self.environment.glyphs;
        let (text, role) = match &now.standing {
            Standing::Open(until) => {
                (format!("{open} Open now{}", self.change("closes", until.as_ref())), Role::Strong)
            }
            Standing::Closed(until) => {
                (format!("{closed} Closed now{}", self.change("opens", until.as_ref())), Role::Alert)
            }
            Standing::Unsure | Standing::NoZone | Standing::NotListed => {
                ("Ask: open or closed is not certain".into(), Role::Strong)
            }
        };
        self.page.field("Hours", &text, role);
        if let Some(warning) = holiday(&now) {
            self.page.field("", warning, Role::Alert);
        }
        for line in schedule.week(self.now) {
            self.page.field("", &line, Role::Plain);
        }
        self.page.field("", &self.zone(hours, &now), Role::Quiet);
        if matches!(now.standing, Standing::Closed(_)) {
            self.alternatives(contact);
        }
    }

    /// ` · closes 5:00 PM PT`, with the weekday when it is not today and the reader's own time when that differs.
    fn change(&self, verb: &str, when: Option<&jiff::ZonedDateTime>) -> String {
        let Some(when) = when else { return String::new() };
        let here = self.now.to_zoned_datetime(when.time_zone().clone());
        let day = match (when.date() == here.date(), when.date().duration_since(here.date()).as_hours() < 7 * 24) {
            (true, _) => String::new(),
            (false, true) => format!("{} ", weekday_of(when)),
            (false, false) => format!("{} ", when.date()),
        };
        let mut text =
            format!(" {} {verb} {day}{} {}", self.environment.glyphs.dot, time_of_day(when), zone_name(when));
        let own = self.environment.reader_zone.as_ref().map(|zone| when.timestamp().to_zoned_datetime(zone.clone()));
        if let Some(own) = own.filter(|own| own.datetime() != when.datetime()) {
            let day = if own.date() == when.date() { "" } else { weekday_of(&own) };
            let space = if day.is_empty() { "" } else { " " };
            text += &format!(" ({day}{space}{} your time)", time_of_day(&own));
        }
        text
    }

    fn zone(&self, hours: &Hours, now: &Now) -> String {
        let Hours::Listed(schedule) = hours else { return String::new() };
        let holidays = if schedule.names_holidays() { "closed on public holidays" } else { "holidays not mentioned" };
        let name = schedule.zone().map(|zone| zone_name(&self.now.to_zoned_datetime(zone.rules.clone())));
        match (schedule.zone(), name) {
            (Some(zone), Some(name)) if zone.stated => format!("{name}, {holidays}"),
            (Some(_), Some(name)) => format!("time zone not stated, {name} assumed; {holidays}"),
            _ => {
                debug_assert_eq!(now.standing, Standing::NoZone);
                format!("time zone not stated; {holidays}")
            }
        }
    }

    /// What does not have to wait until a closed line opens.
    fn alternatives(&mut self, contact: &Contact) {
        let written: Vec<_> = contact.channels.iter().filter(|channel| channel.reach.is_written()).collect();
        for channel in written {
            let (kind, printed) = (channel.reach.kind().to_lowercase(), channel.reach.printed().unwrap_or_default());
            self.page.field("Now", &format!("{kind} {printed}"), Role::Strong);
        }
    }

    fn channel(&mut self, channel: &Channel) {
        let printed = channel.reach.printed();
        let mut text = printed.unwrap_or("address not stated").to_owned();
        if let Some(label) = &channel.label {
            text += &format!(" ({label})");
        }
        let role = if printed.is_some() { Role::Number } else { Role::Quiet };
        self.page.field(channel.reach.kind(), &text, role);
        if let Some(note) = &channel.note {
            self.page.field("", note, Role::Quiet);
        }
    }

    /// Whom it is for, whom it is not for, and who may use it.
    fn scope(&mut self, answer: Answer, contact: &Contact) {
        let audiences = self.directory.audiences(answer);
        let whom = if audiences.is_empty() { "Every audience".to_owned() } else { self.names(audiences) };
        self.page.field("For", &whom, Role::Plain);
        let not_for = self.directory.path(answer).iter().fold(AudienceSet::default(), |set, o| set.union(o.not_for));
        if !not_for.is_empty() {
            self.page.field("Not for", &self.names(not_for), Role::Alert);
        }
        let serves = self.directory.about(answer).map(|about| &about.serves).filter(|serves| !serves.is_empty());
        let serves = serves.unwrap_or(&contact.about.serves);
        if !serves.is_empty() {
            self.page.field("Callers", &serves.join(", "), Role::Plain);
        }
    }

    fn names(&self, audiences: AudienceSet) -> String {
        let names = audiences.iter().filter_map(|audience| self.directory.audiences.get(audience));
        names.map(|audience| &*audience.short).collect::<Vec<_>>().join(", ")
    }

    fn list(&mut self, label: &str, texts: &[Box<str>]) {
        for (place, text) in texts.iter().enumerate() {
            self.page.field(if place == 0 { label } else { "" }, text, Role::Plain);
        }
    }

    fn notice(&mut self, answer: Answer) {
        let Some(notice) = self.directory.notice(answer) else { return };
        let sections = match answer {
            Answer::Section(_, section) => notice.sections.get(section..=section).unwrap_or_default(),
            _ => &notice.sections[..],
        };
        if sections.len() != 1 {
            self.page.text(&notice.title, Role::Strong);
            if let Some(site) = &notice.site {
                self.page.text(site.printed(), Role::Number);
            }
            self.paragraphs(&notice.text);
        }
        for section in sections {
            self.page.gap();
            self.page.text(&section.title, Role::Strong);
            self.paragraphs(&section.text);
        }
        self.page.gap();
        if let Some(wording) = &notice.wording {
            self.page.text(wording, Role::Quiet);
        }
        let checked = format!("{}, checked {}", notice.source, self.directory.transcribed);
        self.page.field("Source", &checked, Role::Quiet);
    }

    fn paragraphs(&mut self, paragraphs: &[Box<str>]) {
        for paragraph in paragraphs {
            self.page.gap();
            self.page.text(paragraph, Role::Plain);
        }
    }
}

fn headline(channel: &Channel, printed: &str) -> String {
    let kind = match channel.reach {
        Reach::Phone(_) | Reach::Email(_) | Reach::Web(_) => "",
        Reach::Fax(_) => "Fax ",
        Reach::Tty(_) => "TTY ",
    };
    format!("{kind}{printed}")
}

fn holiday(now: &Now) -> Option<&'static str> {
    match (now.holiday, now.holidays_listed) {
        (true, true) => Some("public holiday today"),
        (true, false) => Some("public holiday today: hours may differ"),
        (false, _) => None,
    }
}
