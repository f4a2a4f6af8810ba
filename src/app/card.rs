//! The card: what is known about one answer, in the order in which a caller needs it.

use jiff::Timestamp;

use super::page::{Page, TextStyle};
use super::{Environment, Glyphs};
use crate::directory::hours::{Hours, OnHolidays, OpenStatus, Schedule, in_words, time_of_day, weekday_of, zone_name};
use crate::directory::{AudienceSet, Channel, Contact, Directory, Endpoint, EntryId};

/// Lays out the card of an answer, as things stand at a moment. It is about one channel: the one that was asked for,
/// else the answer's own.
pub fn card(
    directory: &Directory,
    answer: EntryId,
    channel: Option<&Channel>,
    now: Timestamp,
    environment: &Environment,
    width: u16,
) -> Page {
    let mut card = Card { directory, now, environment, page: Page::new(width) };
    match answer {
        EntryId::Contact(_) | EntryId::Option(..) => {
            card.contact(answer, channel.or_else(|| directory.channel(answer)));
        }
        EntryId::Notice(_) | EntryId::Section(..) => card.notice(answer),
    }
    card.page
}

/// As many other answers as a closed line's card offers.
const MAX_INSTEAD: usize = 3;

struct Card<'a> {
    directory: &'a Directory,
    now: Timestamp,
    environment: &'a Environment,
    page: Page,
}

impl Card<'_> {
    fn contact(&mut self, answer: EntryId, main: Option<&Channel>) {
        let Some(contact) = self.directory.contact(answer) else { return };
        let path = main.map_or_else(Vec::new, |channel| self.directory.path(self.directory.line(answer, channel)));
        match main.map(|channel| (channel, channel.reach.printed())) {
            Some((channel, Some(printed))) => self.page.text(&headline(channel, printed), TextStyle::Number),
            Some((_, None)) => self.page.text("Address not stated", TextStyle::Strong),
            None => self.page.text("No number or address listed", TextStyle::Strong),
        }
        for option in &path {
            self.page.key(&option.key.to_string(), &option.label);
        }
        if let Some(note) = main.and_then(|channel| channel.note.as_deref()) {
            self.page.text(note, TextStyle::Quiet);
        }
        if let Some(channel) = main {
            self.choices(answer, channel);
        }
        self.page.gap();
        let is_closed = self.hours(answer, contact);
        for channel in contact.channels.iter().filter(|channel| !main.is_some_and(|main| std::ptr::eq(main, *channel)))
        {
            self.channel(channel);
            if is_closed && channel.reach.is_written() {
                self.page.field("", "can be used now", TextStyle::Strong);
            }
        }
        if is_closed {
            self.instead(answer);
        }
        self.page.gap();
        self.scope(answer, contact);
        if let Some(about) = self.directory.about(answer) {
            self.list("Does", &about.services);
            self.list("Notes", &about.notes);
        }
        self.source(&contact.source);
    }

    fn source(&mut self, source: &str) {
        self.page.start_foot();
        let checked = format!("{source}, checked {}", self.directory.transcribed);
        self.page.field("Source", &checked, TextStyle::Quiet);
    }

    /// The keys to press next.
    fn choices(&mut self, answer: EntryId, channel: &Channel) {
        let options =
            self.directory.choices(answer, channel).into_iter().filter_map(|child| self.directory.option(child));
        let options: Vec<_> = options.map(|option| (option.key.to_string(), &*option.label)).collect();
        if options.is_empty() {
            return;
        }
        self.page.text(if self.directory.option(answer).is_some() { "then press" } else { "press" }, TextStyle::Quiet);
        for (key, label) in options {
            self.page.key(&key, label);
        }
    }

    /// Open or closed, and the hours as listed; true when closed.
    fn hours(&mut self, answer: EntryId, contact: &Contact) -> bool {
        let hours = self.directory.hours(answer);
        let Hours::Listed(schedule) = hours else {
            // What is written to, or opened, has no hours to list.
            if contact.channels.iter().any(|channel| matches!(channel.reach, Endpoint::Phone(_) | Endpoint::Tty(_))) {
                self.page.field("Hours", "not listed", TextStyle::Quiet);
            }
            return false;
        };
        let now = hours.at(self.now);
        let Glyphs { open, closed, dash, .. } = self.environment.glyphs;
        let (text, style) = match &now.standing {
            OpenStatus::Open(until) => {
                (format!("{open} Open{}", self.change("closes", until.as_ref())), TextStyle::Strong)
            }
            OpenStatus::Closed(until) => {
                (format!("{closed} Closed{}", self.change("opens", until.as_ref())), TextStyle::Alert)
            }
            OpenStatus::Unsure | OpenStatus::NoZone | OpenStatus::NotListed => {
                ("open or closed: not certain".into(), TextStyle::Strong)
            }
        };
        // What is listed may not hold on a holiday that the hours say nothing of: that comes first.
        let is_doubtful = schedule.on_holidays() == OnHolidays::NotMentioned;
        let is_holiday = now.holiday && is_doubtful;
        if is_holiday {
            self.page.field("Hours", "public holiday today: hours may differ", TextStyle::Alert);
        }
        self.page.field(
            if is_holiday { "" } else { "Hours" },
            &text,
            if is_holiday { TextStyle::Plain } else { style },
        );
        if let OpenStatus::Open(Some(when)) | OpenStatus::Closed(Some(when)) = &now.standing {
            self.own_time(when);
        }
        if now.holiday && !is_doubtful {
            self.page.field("", "public holiday today, assumed to be one of theirs", TextStyle::Alert);
        }
        if now.holiday_then && is_doubtful && !now.holiday {
            self.page.field("", "a public holiday then: hours may differ", TextStyle::Alert);
        }
        for line in schedule.week(self.now, dash) {
            self.page.field("", &line, TextStyle::Plain);
        }
        self.page.field("", &self.zone(schedule), TextStyle::Quiet);
        matches!(now.standing, OpenStatus::Closed(_))
    }

    /// ` · closes 5:00 PM PT`, with the weekday when it is not today.
    fn change(&self, verb: &str, when: Option<&jiff::ZonedDateTime>) -> String {
        let dot = self.environment.glyphs.dot;
        when.map_or_else(String::new, |when| format!(" {dot} {verb} {}", in_words(when, self.now)))
    }

    /// The reader's own time of a change, when it differs.
    fn own_time(&mut self, when: &jiff::ZonedDateTime) {
        let Some(zone) = &self.environment.reader_zone else { return };
        let own = when.timestamp().to_zoned_datetime(zone.clone());
        if own.datetime() != when.datetime() {
            let day = if own.date() == when.date() { String::new() } else { format!("{} ", weekday_of(&own)) };
            self.page.field("", &format!("that is {day}{} your time", time_of_day(&own)), TextStyle::Quiet);
        }
    }

    /// The zone of hours and what they say of holidays; what is assumed is said to be.
    fn zone(&self, schedule: &Schedule) -> String {
        let holidays = match schedule.on_holidays() {
            OnHolidays::NotMentioned => "holidays not mentioned",
            OnHolidays::Closed => "closed on public holidays (which days is assumed)",
            OnHolidays::Listed => "public holidays have hours of their own",
        };
        let Some(zone) = schedule.zone() else { return format!("time zone not stated; {holidays}") };
        let name = zone_name(&self.now.to_zoned_datetime(zone.rules.clone()));
        let assumed = if zone.stated { name } else { format!("time zone not stated, {name} assumed") };
        format!("{assumed}; {holidays}")
    }

    /// While a line is closed, what else serves the same need: what is open or can be written to first, then what may
    /// be open for all that is listed.
    fn instead(&mut self, answer: EntryId) {
        let directory = self.directory;
        let mut others: Vec<(u8, EntryId)> = Vec::new();
        for other in directory.same_need(answer) {
            let is_written = directory.channel(other).is_some_and(|channel| channel.reach.is_written());
            match directory.hours(other).at(self.now).standing {
                OpenStatus::Open(_) => others.push((0, other)),
                _ if is_written => others.push((1, other)),
                OpenStatus::NotListed => others.push((2, other)),
                _ => {}
            }
        }
        others.sort();
        for (rank, other) in others.into_iter().take(MAX_INSTEAD) {
            let Some(say) = directory.say(other) else { continue };
            let whom = self.names(directory.audiences(other));
            let whom = if whom.is_empty() { whom } else { format!("{whom}: ") };
            let listed = if rank == 2 { ", hours not listed" } else { "" };
            self.page.field("Instead", &format!("{whom}{}, {say}{listed}", directory.title(other)), TextStyle::Strong);
        }
    }

    fn channel(&mut self, channel: &Channel) {
        let printed = channel.reach.printed();
        let mut text = printed.unwrap_or("address not stated").to_owned();
        if let Some(label) = &channel.label {
            text += &format!(" ({label})");
        }
        let style = if printed.is_some() { TextStyle::Number } else { TextStyle::Quiet };
        self.page.field(channel.reach.kind(), &text, style);
        if let Some(note) = &channel.note {
            self.page.field("", note, TextStyle::Quiet);
        }
    }

    /// Whom it is for, whom it is not for, and who may use it.
    fn scope(&mut self, answer: EntryId, contact: &Contact) {
        let audiences = self.directory.audiences(answer);
        let whom = if audiences.is_empty() { "Every audience".to_owned() } else { self.names(audiences) };
        self.page.field("For", &whom, TextStyle::Plain);
        let not_for = self.directory.not_for(answer);
        if !not_for.is_empty() {
            self.page.field("Not for", &self.names(not_for), TextStyle::Alert);
        }
        let serves = self.directory.about(answer).map(|about| &about.serves).filter(|serves| !serves.is_empty());
        let serves = serves.unwrap_or(&contact.about.serves);
        if !serves.is_empty() {
            self.page.field("Callers", &serves.join(", "), TextStyle::Plain);
        }
    }

    fn names(&self, audiences: AudienceSet) -> String {
        let names = audiences.iter().filter_map(|audience| self.directory.audiences.get(audience));
        names.map(|audience| &*audience.short).collect::<Vec<_>>().join(", ")
    }

    fn list(&mut self, label: &str, texts: &[Box<str>]) {
        for (place, text) in texts.iter().enumerate() {
            self.page.field(if place == 0 { label } else { "" }, text, TextStyle::Plain);
        }
    }

    fn notice(&mut self, answer: EntryId) {
        let Some(notice) = self.directory.notice(answer) else { return };
        let sections = if let EntryId::Section(_, section) = answer {
            notice.sections.get(section..=section).unwrap_or_default()
        } else {
            self.page.text(&notice.title, TextStyle::Strong);
            if let Some(site) = &notice.site {
                self.page.text(site.printed(), TextStyle::Number);
            }
            self.paragraphs(&notice.text);
            &notice.sections[..]
        };
        for section in sections {
            self.page.gap();
            self.page.text(&section.title, TextStyle::Strong);
            self.paragraphs(&section.text);
        }
        self.page.gap();
        if let Some(wording) = &notice.wording {
            self.page.text(wording, TextStyle::Quiet);
        }
        self.source(&notice.source);
    }

    fn paragraphs(&mut self, paragraphs: &[Box<str>]) {
        for paragraph in paragraphs {
            self.page.gap();
            self.page.text(paragraph, TextStyle::Plain);
        }
    }
}

fn headline(channel: &Channel, printed: &str) -> String {
    let kind = match channel.reach {
        Endpoint::Phone(_) | Endpoint::Email(_) | Endpoint::Web(_) => "",
        Endpoint::Fax(_) => "Fax ",
        Endpoint::Tty(_) => "TTY ",
    };
    format!("{kind}{printed}")
}
