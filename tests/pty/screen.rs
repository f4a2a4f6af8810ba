//! What annoyed users of earlier screens stays away, on a real terminal.

use std::process::Command;

use vt100::{Color, Screen};

use crate::harness::{CTRL_C, DIALTREE, ESC, ScreenText, Setup, Terminal};
use crate::support::folder;

fn at(size: (u16, u16), keys: &str) -> Terminal {
    let mut terminal = Terminal::start(&Setup { size, ..Setup::default() });
    terminal.keys(keys);
    terminal
}

fn with_data(name: &str, contacts: &str) -> Terminal {
    let path = folder(name).join("data.ron");
    let text = format!(
        r#"(schema: 2, id: "own", name: "Own", organisation: "Own", source: "Wall", transcribed: "2026-11-23", audiences: [
        (id: "guests", name: "Guests", short: "Guests"), (id: "staff", name: "Staff", short: "Staff")], contacts: [{contacts}])"#
    );
    std::fs::write(&path, text).unwrap();
    Terminal::start(&Setup { args: &["--data", path.to_str().unwrap()], ..Setup::default() })
}

#[test]
fn a_menu_is_shown_with_the_number_that_it_belongs_to() {
    let mut terminal = with_data(
        "screen-second-number",
        r#"(id: "desk", name: "Desk", source: "Wall", audiences: ["guests"], channels: [(phone: "1-800-555-0100"),
        (phone: "1-800-555-0199", menu: [(press: "1", label: "Rooms")])])"#,
    );
    terminal.keys("1");
    terminal.shows(&["Desk"]);
    terminal.keys("rooms");
    terminal.shows(&["Press [1] Rooms"]);
    // The large digits are not text; the line below them is.
    let screen = terminal.shows(&["Call  1-800-555-0199"]);
    assert!(!screen.has("Call  1-800-555-0100"), "{}", screen.contents());
}

#[test]
fn who_an_entry_is_not_for_is_not_below_the_fold() {
    let terminal = at((80, 24), "23");
    let screen = terminal.shows(&["! Not for members.", "1-800-447-8812"]);
    let ((number, _), (warning, _)) = (screen.find("1-800-447-8812").unwrap(), screen.find("! Not for").unwrap());
    assert!(warning <= number + 6, "right under the number: {}", screen.contents());
}

#[test]
fn a_key_of_the_same_menu_switches_and_a_line_without_keys_says_so() {
    let mut terminal = at((120, 40), "213");
    terminal.wait_for(|screen| screen.is_selected("3 Claims and benefits"));
    terminal.keys("\x0c3");
    terminal.wait_for(|screen| screen.is_selected("Medicare Broker"));
    terminal.keys("2");
    terminal.shows(&["no phone menu"]);
}

#[test]
fn the_command_line_and_the_navigator_find_the_same() {
    for query in ["commission", "broker of record"] {
        let command = Command::new(DIALTREE).args(["find", "--audience", "small-business", "--plain", query]).output();
        let output = String::from_utf8(command.unwrap().stdout).unwrap();
        let first = output.lines().next().and_then(|line| line.split('\t').nth(1)).unwrap().to_owned();
        let mut terminal = at((200, 60), "2");
        terminal.keys(query);
        let title = format!("─ {first} ─");
        terminal.wait_for(|screen| screen.row(1).contains(query) && screen.has(&title));
    }
}

#[test]
fn a_query_that_fits_nothing_is_told_and_offers_the_general_line() {
    let terminal = at((120, 40), "3interpreter");
    terminal.shows(&["no good match; takes all questions", "?Medicare Broker Services"]);
    let terminal = at((120, 40), "dental");
    terminal.shows(&["No match; try other words"]);
}

#[test]
fn every_narrow_screen_says_how_to_get_back_or_help() {
    for keys in ["", "1", "111", "111\r", "/", "/commission", "111\x0b", "111\x12", "7\x0f"] {
        let mut terminal = at((40, 10), keys);
        terminal.wait_for(|screen| screen.footer().contains("Esc") || screen.footer().contains("F1"));
        terminal.keys(CTRL_C);
        assert!(terminal.end().0.success());
    }
}

#[test]
fn names_that_differ_at_the_end_are_told_apart() {
    let terminal = at((100, 30), "/provider login");
    let screen = terminal.shows(&["Find"]);
    let names: Vec<String> = (0..30).map(|row| screen.row(row)).filter(|row| row.contains("Provi")).collect();
    let mut distinct: Vec<String> = names.iter().map(|row| row.chars().take(52).collect()).collect();
    distinct.sort();
    distinct.dedup();
    assert!(names.len() >= 4 && distinct.len() == names.len(), "{names:#?}");
}

#[test]
fn signs_are_explained_at_the_start() {
    let terminal = at((120, 40), "");
    terminal.shows(&["Signs", "+2        and two more audiences", "?         a weak match"]);
}

#[test]
fn an_audience_without_contacts_of_its_own_shows_those_for_everyone() {
    let mut terminal = with_data(
        "screen-everyone",
        r#"(id: "desk", name: "Front desk", source: "Wall", channels: [(phone: "1-800-555-0100")])"#,
    );
    terminal.keys("2");
    let screen = terminal.wait_for(|screen| screen.is_selected("Front desk"));
    assert!(!screen.has("Nothing is listed"), "{}", screen.contents());
}

/// The styles of the cells of the selected row of the tree.
fn styles(screen: &Screen, text: &str) -> Vec<(Color, Color, bool)> {
    let (row, column) = screen.find(text).unwrap();
    let cells = (column..column + 20).filter_map(|column| screen.cell(row, column));
    cells.map(|cell| (cell.fgcolor(), cell.bgcolor(), cell.inverse())).collect()
}

#[test]
fn a_selected_row_has_one_style() {
    for theme in ["terminal", "dark", "light", "high-contrast"] {
        let mut terminal = Terminal::start(&Setup { args: &["--theme", theme], ..Setup::default() });
        terminal.keys("25");
        let screen = terminal.wait_for(|screen| screen.cursor_position().0 == 8 && screen.has("Press [5]"));
        let styles = styles(&screen, "Commissions, contracting");
        assert!(styles.iter().all(|style| *style == styles[0]), "{theme}: {styles:?}");
    }
}

#[test]
fn a_wide_screen_has_leaders_and_no_blank_panes() {
    let mut terminal = at((200, 60), "1");
    terminal.shows(&["Broker line ·", "· 1-800-909-3447"]);
    terminal.keys(ESC);
    terminal.keys("/");
    terminal.shows(&["Common needs", "commission ·"]);
}

#[test]
fn windows_leave_no_half_words_and_messages_leave_the_hints() {
    let mut terminal = at((120, 40), "111\x19");
    let screen = terminal.shows(&["+18009093447"]);
    assert!(screen.footer().contains("F1 keys"), "{}", screen.contents());
    let words: Vec<String> = screen.contents().split_whitespace().map(str::to_owned).collect();
    terminal.keys("\x0b");
    let screen = terminal.shows(&["Whole card"]);
    let (top, left) = screen.find("┏━ Copy").or_else(|| screen.find("╭─ Copy")).unwrap();
    for row in top..top + 5 {
        let before: String = screen.row(row).chars().take(usize::from(left)).collect();
        let word = before.split_whitespace().last().map(str::to_owned);
        assert!(word.is_none_or(|word| words.contains(&word)), "row {row}: {}", screen.contents());
    }
}
