//! The phone's keypad below the tree: which keys the menu has, and which have been pressed.

use ratatui::layout::{Position, Rect};

use super::layout::{Layout, Pane};
use super::state::App;
use crate::directory::MenuOption;
use crate::directory::phone::Key;

/// The keys, from left to right and from top to bottom.
const KEYS: [[char; 3]; 4] = [['1', '2', '3'], ['4', '5', '6'], ['7', '8', '9'], ['*', '0', '#']];
/// The size of a key without the lines between keys, in cells.
const KEY_WIDTH: u16 = 5;
/// The size of the keypad, with a line around each key.
const WIDTH: u16 = 3 * (KEY_WIDTH + 1) + 1;
const HEIGHT: u16 = 4 * 2 + 1;

/// The keypad.
#[derive(Clone, Debug)]
pub struct Keypad {
    /// Its area, with the lines around the keys.
    pub area: Rect,
    /// The keys, in rows of three.
    pub keys: Vec<KeyCap>,
}

/// A key of the keypad.
#[derive(Clone, Copy, Debug)]
pub struct KeyCap {
    /// The key.
    pub key: Key,
    /// Its area inside the lines.
    pub area: Rect,
    /// Whether the menu has it: the next one, or at its end the one that led there.
    pub is_live: bool,
    /// Whether it is on the way to the selected entry.
    pub is_pressed: bool,
}

impl App {
    /// The keypad of the selected entry's line; `None` where it has no menu or there is no room.
    pub fn keypad(&self, layout: &Layout) -> Option<Keypad> {
        let inner = layout.inner(Pane::Tree)?;
        let here = self.panes.tree.selected().filter(|_| self.find.is_none() && self.loading.is_none())?;
        let used = self.panes.tree.lines(usize::from(inner.height)).count();
        let is_room = inner.width >= WIDTH && used + usize::from(HEIGHT) < usize::from(inner.height);
        if !is_room || !self.catalog.directory(here).has_menu(here) {
            return None;
        }
        let corner = Position { x: inner.x + (inner.width - WIDTH) / 2, y: inner.bottom() - HEIGHT };
        let keys_of = |options: Vec<&MenuOption>| -> Vec<Key> {
            options.into_iter().filter_map(|option| option.step.key()).collect()
        };
        let (live, pressed) = (keys_of(self.live_options()), keys_of(self.steps_to(here)));
        let keys = (0..).zip(KEYS).flat_map(|(row, keys)| (0..).zip(keys).map(move |(column, key)| (row, column, key)));
        let keys = keys.filter_map(|(row, column, c): (u16, u16, char)| {
            let key = Key::new(c)?;
            let (x, y) = (corner.x + 1 + column * (KEY_WIDTH + 1), corner.y + 1 + row * 2);
            let area = Rect { x, y, width: KEY_WIDTH, height: 1 };
            Some(KeyCap { key, area, is_live: live.contains(&key), is_pressed: pressed.contains(&key) })
        });
        Some(Keypad { area: Rect { x: corner.x, y: corner.y, width: WIDTH, height: HEIGHT }, keys: keys.collect() })
    }

    /// The options of the menu that the caller hears: the one after the selected entry, or the one that led to it.
    fn live_options(&self) -> Vec<&MenuOption> {
        let Some(here) = self.panes.tree.selected() else { return Vec::new() };
        let directory = self.catalog.directory(here);
        let line = directory.with_menu(here);
        let way = self.way_to(here);
        let mut next = directory.next_on(line, &way);
        if let (true, Some((_, before))) = (next.is_empty(), way.split_last()) {
            next = directory.next_on(line, before);
        }
        next.into_iter().filter_map(|id| directory.option(id)).collect()
    }

    /// The key of the keypad at a cell.
    pub(super) fn key_at(&self, at: Position) -> Option<Key> {
        let keypad = self.keypad(&self.layout()?)?;
        keypad.keys.iter().find(|cap| cap.area.contains(at)).map(|cap| cap.key)
    }
}
