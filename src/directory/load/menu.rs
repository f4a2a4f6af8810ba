//! Phone menus.

use std::collections::HashSet;

use super::loader::Loader;
use crate::directory::menu::{Goto, KeypadEntry, MenuOption, Step};
use crate::directory::phone::Key;
use crate::directory::raw::{RawChannel, RawKeypadEntry, RawOption};
use crate::directory::record::{Record, Text};

/// The most digits that a caller is asked to enter.
const MAX_DIGITS: u16 = 40;
/// The longest wait between two steps, in seconds: a dial link has a comma for every two of them.
const MAX_WAIT: u16 = 600;

/// The place of an option in the menus of its contact.
#[derive(Clone, Copy)]
struct Place {
    channel: usize,
    parent: Option<usize>,
    is_anywhere: bool,
}

/// The steps of a menu. Keys, which most options have, are compared without the text of their step.
#[derive(Default)]
struct Taken {
    keys: HashSet<Key>,
    segments: HashSet<String>,
}

impl Taken {
    /// Adds a step and returns whether it is new.
    fn insert(&mut self, step: &Step) -> bool {
        match step {
            Step::Press(key) => self.keys.insert(*key),
            _ => self.segments.insert(step.segment()),
        }
    }
}

impl<'a> Loader<'a> {
    /// Adds the options of a line, each before the options of its own submenu.
    pub(super) fn menus(&mut self, raw: &RawChannel<'a>, channel: usize, options: &mut Vec<MenuOption>) {
        let mut gotos = Vec::new();
        let place = Place { channel, parent: None, is_anywhere: false };
        let mut taken = Taken::default();
        self.menu(raw.menu.as_deref().unwrap_or_default(), place, options, &mut gotos, &mut taken);
        self.menu(raw.anywhere(), Place { is_anywhere: true, ..place }, options, &mut gotos, &mut taken);
        for option in raw.anywhere().iter().filter(|option| option.menu.is_some()) {
            self.problems.report(option.fields().first, "an option of `anywhere` cannot have a menu; use goto");
        }
        for (option, text) in &gotos {
            options[*option].goto = self.goto(*text, channel, options);
        }
        for (option, text) in gotos {
            if let Some(Goto::Option(target)) = options[option].goto
                && options[target].goto.is_some()
            {
                let goal = "leads to an option that leads elsewhere itself; write where that one leads";
                self.report_at(Some(text), format!("{} {goal}", text.0));
            }
        }
    }

    /// Adds the options of a menu. `taken` are the steps that it may not have.
    fn menu(
        &mut self,
        raw: &[RawOption<'a>],
        place: Place,
        options: &mut Vec<MenuOption>,
        gotos: &mut Vec<(usize, Text<'a>)>,
        taken: &mut Taken,
    ) {
        for raw in raw {
            self.fields(raw);
            let (say, goto) = (raw.rare(|rare| rare.say), raw.rare(|rare| rare.goto));
            let step = self.step(raw);
            if let Some(step) = step.as_ref().filter(|step| !taken.insert(step)) {
                let message = match step {
                    Step::Press(key) if place.is_anywhere => {
                        format!("key {key} is used twice in the main menu, as `anywhere` holds there too; remove one")
                    }
                    Step::Press(key) => format!("key {key} is used twice in this menu; give each option its own key"),
                    _ => format!("this menu has `{}` twice; merge the two options", step.segment()),
                };
                let wait = raw.details.extra.as_ref().and_then(|extra| extra.wait);
                self.report_at(raw.press.or(raw.key).or(say).or(raw.rare(|rare| rare.enter)).or(wait), message);
            }
            let index = options.len();
            gotos.extend(goto.map(|goto| (index, goto)));
            self.option = Some(index);
            let option = self.menu_option(raw, step.unwrap_or(Step::Wait(None)), place);
            options.push(option);
            let menu = raw.menu.as_deref().unwrap_or_default();
            self.menu(menu, Place { parent: Some(index), ..place }, options, gotos, &mut Taken::default());
        }
    }

    fn menu_option(&mut self, raw: &RawOption<'a>, step: Step, place: Place) -> MenuOption {
        let (also, not_for) = (self.audience_set(&raw.also), self.audience_set(&raw.not_for));
        if also.intersects(&not_for) {
            let first: Option<Text<'a>> = raw.not_for.iter().flatten().next().copied();
            self.report_at(first, "`also` and `not_for` name the same audience; remove it from one of them");
        }
        let (operator, repeat) = (raw.rare(|rare| rare.operator), raw.rare(|rare| rare.repeat));
        let (is_operator, repeats) = (self.flag(operator), self.flag(repeat));
        let leads = [raw.menu.is_some(), raw.rare(|rare| rare.goto).is_some(), repeats, is_operator];
        if leads.into_iter().filter(|is_given| *is_given).count() > 1 {
            let message = "an option leads to one place; write only one of menu, goto, repeat and operator";
            self.problems.report(raw.fields().first, message);
        }
        let is_step = matches!(step, Step::Wait(_));
        MenuOption {
            step,
            label: self.required(raw.label, raw, "label"),
            also,
            not_for,
            channel: place.channel,
            parent: place.parent,
            is_anywhere: place.is_anywhere,
            goto: repeats.then_some(Goto::Repeat),
            is_operator,
            language: self.optional(raw.rare(|rare| rare.language)),
            details: self.details(&raw.details, is_step),
        }
    }

    /// What the caller does: exactly one of press (or its older name `key`), say, enter and, without them, wait.
    fn step(&mut self, raw: &RawOption<'a>) -> Option<Step> {
        let press = raw.press.or(raw.key);
        let [say, enter] = [raw.rare(|rare| rare.say), raw.rare(|rare| rare.enter)];
        let given = [press, say, enter].map(|step| step.is_some());
        let count = given.into_iter().filter(|is_given| *is_given).count();
        if count > 1 || (raw.press.is_some() && raw.key.is_some()) {
            self.problems.report(raw.fields().first, "an option needs exactly one of press, say, enter or wait");
            return None;
        }
        let wait = raw.details.extra.as_ref().and_then(|extra| extra.wait);
        match (press, say, enter, wait) {
            (Some(key), ..) => self.key(key).map(Step::Press),
            (_, Some(words), ..) => self.say(words),
            (_, _, Some(entry), _) => self.keypad_entry(entry).map(Step::Enter),
            (_, _, _, Some(wait)) => self.wait(wait).map(Step::Wait),
            _ => {
                self.missing_one_of(raw, "press", "press, say, enter or wait");
                None
            }
        }
    }

    pub(super) fn key(&mut self, text: Text<'a>) -> Option<Key> {
        let key_text = self.text(text)?;
        let mut characters = key_text.chars();
        let key = characters.next().and_then(Key::new).filter(|_| characters.next().is_none());
        if key.is_none() {
            self.report_at(Some(text), format!("`{key_text}` is not a phone key; write one of 0 to 9, * or #"));
        }
        key
    }

    /// What the caller says: at least one letter or digit, as those make its id.
    fn say(&mut self, text: Text<'a>) -> Option<Step> {
        let words = self.text(text)?;
        if !words.contains(char::is_alphanumeric) {
            self.report_at(Some(text), format!("`{words}` has no letter or digit; write what the caller says"));
        }
        Some(Step::Say(words))
    }

    fn keypad_entry(&mut self, text: Text<'a>) -> Option<KeypadEntry> {
        let raw: &RawKeypadEntry<'a> = &self.record(text, r#"(what: "member ID", digits: 10, end: "*")"#)?;
        let what = self.required(raw.what, raw, "what");
        let digits = raw.digits.and_then(|digits| self.number(digits, MAX_DIGITS));
        let end = raw.end.and_then(|end| self.key(end));
        Some(KeypadEntry { what, digits, end })
    }

    /// A number of seconds, or staying on the line.
    fn wait(&mut self, text: Text<'a>) -> Option<Option<u16>> {
        const STAY: &str = "stay on the line";
        match text.plain() {
            Some(STAY) => Some(None),
            Some(_) => {
                let message =
                    format!("a step of waiting is a number of seconds or \"{STAY}\"; press, say or enter is missing");
                self.report_at(Some(text), message);
                None
            }
            None => self.number(text, MAX_WAIT).map(Some),
        }
    }

    /// Where an option of a line leads.
    fn goto(&mut self, text: Text<'a>, channel: usize, options: &[MenuOption]) -> Option<Goto> {
        let path = self.text(text)?;
        match &*path {
            "main" => return Some(Goto::MainMenu),
            "back" => return Some(Goto::Back),
            _ => {}
        }
        let is_next = |option: &MenuOption, parent, segment| {
            option.channel == channel && option.parent == parent && option.step.segment() == segment
        };
        let target = path.split('/').try_fold(None, |parent, segment| {
            Some(Some(options.iter().position(|option| is_next(option, parent, segment))?))
        });
        if target.is_none() {
            let message =
                format!("`{path}` leads nowhere; write main, back, or the steps from the main menu such as 1/3");
            self.report_at(Some(text), message);
        }
        target.flatten().map(Goto::Option)
    }
}
