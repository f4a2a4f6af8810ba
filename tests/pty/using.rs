//! Using the navigator: keys, the find box, notices, links, the mouse and terminal sizes.

use crate::harness::{CTRL_C, DOWN, END, ENTER, ESC, PAGE_DOWN, ScreenText, Setup, Terminal};

/// The path to Commissions in the footer.
const PATH: &str = "IFP ▸ 1 ▸ 1";

fn at_commissions() -> Terminal {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("111");
    terminal.wait_for(|screen| screen.footer().ends_with(PATH) && screen.is_selected("1 Commissions"));
    terminal
}

#[test]
fn it_starts_with_the_audiences() {
    let terminal = Terminal::start(&Setup::default());
    let screen = terminal.wait_for(|screen| {
        let header = screen.row(0);
        header.contains("dialtree  Health Net broker key contacts")
            && header.ends_with("Mon 2026-11-23 10:42 AM PT")
            && screen.footer().contains("? help")
            && screen.is_selected("1 IFP")
    });
    assert!(screen.alternate_screen() && screen.bracketed_paste());
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::PressRelease);
    assert_eq!(screen.mouse_protocol_encoding(), vt100::MouseProtocolEncoding::Sgr);
}

#[test]
fn digits_follow_the_phone_menu() {
    let mut terminal = Terminal::start(&Setup::default());
    for (selected, path) in [("Broker line", " IFP"), ("1 Brokers", "IFP ▸ 1"), ("1 Commissions", PATH)] {
        terminal.keys("1");
        terminal.wait_for(|screen| screen.is_selected(selected) && screen.footer().ends_with(path));
    }
    terminal.wait_for(|screen| {
        // The number has blank lines around it, so that it is read at a glance.
        let card = ["  ", "1-800-909-3447", "  ", "  1  Press [1] Brokers", "▸ 2  Press [1] Commissions"];
        let is_card = (2..).zip(card).all(|(row, text)| screen.row(row).contains(&format!("││ {text} ")));
        is_card && screen.is_selected("1 Commissions")
    });
    terminal.keys("\x7f");
    terminal.wait_for(|screen| screen.footer().ends_with("IFP ▸ 1") && screen.is_selected("1 Brokers"));
}

#[test]
fn an_unlisted_digit_shows_the_listed_ones() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("119");
    terminal.shows(&["No key 9 is listed after Brokers; listed: 1 2 3 4 5"]);
    terminal.wait_for(|screen| screen.is_selected("1 Brokers"));
}

#[test]
fn find_selects_the_first_result_and_esc_goes_back() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("/commission");
    let is_typed = |screen: &vt100::Screen| {
        let first = screen.row(4);
        let caret = screen.find("/ commission").map(|(row, column)| (row, column + 12));
        screen.row(2).contains("│ / commission ")
            && first.contains("││ Commissions ")
            && first.contains("IFP +2 ▸ 1 ▸ 1")
            && caret == Some(screen.cursor_position())
    };
    terminal.wait_for(is_typed);
    terminal.keys(ESC);
    terminal.wait_for(|screen| !screen.has("╭ Find") && screen.is_selected("1 IFP"));
    terminal.keys("/commission");
    terminal.wait_for(is_typed);
    terminal.keys(ENTER);
    terminal.wait_for(|screen| screen.footer().ends_with(PATH) && screen.is_selected("1 Commissions"));
    terminal.keys(ESC);
    terminal.wait_for(|screen| screen.footer().ends_with("  IFP") && screen.is_selected("1 IFP"));
}

#[test]
fn pasted_text_is_a_query_and_never_keys() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("\x1b[200~comm\x1bissi\x03on\x07\r\x1b[201~");
    let is_found = |screen: &vt100::Screen| screen.has("╭ Find") && screen.row(4).contains("││ Commissions ");
    terminal.wait_for(|screen| screen.row(2).contains("│ / commission ") && is_found(screen));
    terminal.keys("\x1b[200~q\x1b[201~");
    terminal.wait_for(|screen| screen.row(2).contains("│ / commission q "));
}

#[test]
fn every_section_of_a_notice_is_shown() {
    let mut terminal = Terminal::start(&Setup { size: (200, 40), ..Setup::default() });
    terminal.keys("7");
    terminal.wait_for(|screen| screen.has("You are about to leave the") && screen.is_selected("Disclaimer"));
    terminal.keys(DOWN);
    terminal.wait_for(|screen| screen.is_selected("Important Notice"));
    for section in [
        "General Purpose",
        "Policy Effective Date and Defined Terms.",
        "Policy Amendment without Notice.",
        "No Medical Advice.",
        "No Authorization or Guarantee of Coverage.",
        "Policy Limitation: Member's Contract Controls Coverage Determinations.",
        "Policy Limitation: Legal and Regulatory Mandates and Requirements",
        "Reconstructive Surgery",
        "Reconstructive Surgery after Mastectomy",
        "Policy Limitations: Medicare and Medicaid",
    ] {
        terminal.keys(DOWN);
        let title = format!("╭ {section} ─");
        terminal.wait_for(|screen| screen.is_selected(section) && screen.row(1).contains(&title));
    }
    terminal.shows(&["They must not be interpreted as applying"]);
}

#[test]
fn a_long_card_scrolls() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("7");
    terminal.wait_for(|screen| screen.is_selected("Disclaimer"));
    terminal.keys(&DOWN.repeat(2));
    terminal.shows(&["The Policies were written to help Health", " 1-36 of "]);
    terminal.keys("\t");
    terminal.keys(PAGE_DOWN);
    terminal.wait_for(|screen| {
        screen.has("medical policy guideline conflicts") && !screen.has("The Policies were written")
    });
    terminal.keys(END);
    terminal.shows(&["contract.)", "Source  Important Notice"]);
    terminal.keys("g");
    terminal.shows(&["The Policies were written", " 1-36 of "]);
}

/// The environment of an SSH session; on a local desktop the link would be opened.
const OVER_SSH: &[(&str, &str)] = &[("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")];

#[test]
fn a_notice_is_shown_before_a_link_and_cancel_is_the_default() {
    let mut terminal = Terminal::start(&Setup { env: OVER_SSH, ..Setup::default() });
    terminal.keys("7");
    terminal.wait_for(|screen| screen.is_selected("Disclaimer"));
    terminal.keys("o");
    terminal.wait_for(|screen| {
        let is_on_cancel = screen.find("[ Cancel ]").is_some_and(|(row, _)| row == screen.cursor_position().0);
        screen.has("Before this link opens") && !screen.has("[ Continue ]") && is_on_cancel
    });
    terminal.keys(ENTER);
    terminal.wait_for(|screen| screen.has("Cancelled; nothing was opened") && !screen.has("Before this link"));
    terminal.keys("o\t");
    terminal.wait_for(|screen| screen.has("[ Continue ]") && !screen.has("[ Cancel ]"));
    terminal.keys(ENTER);
    terminal.wait_for(|screen| {
        screen.footer().trim() == "No browser can be opened here; the address is https://medicare.gov"
            && !screen.has("Before this link")
    });
}

#[test]
#[cfg(not(target_os = "macos"))]
fn the_address_is_shown_if_the_desktop_cannot_open_it() {
    let env = [("DISPLAY", ":0"), ("PATH", "/nonexistent")];
    let mut terminal = Terminal::start(&Setup { env: &env, ..Setup::default() });
    terminal.keys("7");
    terminal.wait_for(|screen| screen.is_selected("Disclaimer"));
    terminal.keys("o\t\r");
    terminal.shows(&["No browser can be opened here; the address is https://medicare.gov"]);
}

#[test]
fn copy_sends_the_number_and_its_keys_to_the_terminal() {
    let mut terminal = at_commissions();
    terminal.keys("y");
    terminal.shows(&["Sent to the terminal's clipboard: 1-800-909-3447, press 1, then 1"]);
    // The same text in base64.
    terminal.sends("\x1b]52;c;MS04MDAtOTA5LTM0NDcsIHByZXNzIDEsIHRoZW4gMQ==\x1b\\");
}

#[test]
fn the_terminals_clipboard_is_used_without_a_desktop_and_over_ssh() {
    // No X server has this display number.
    let no_desktop = [("DISPLAY", ":4242")];
    let remote = [("DISPLAY", ":4242"), ("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")];
    for env in [&no_desktop[..], &remote] {
        let mut terminal = Terminal::start(&Setup { env, ..Setup::default() });
        terminal.keys("111c2");
        terminal.shows(&["Sent to the terminal's clipboard: tel:+18009093447,,1,,1"]);
        terminal.sends("\x1b]52;c;dGVsOisxODAwOTA5MzQ0NywsMSwsMQ==\x1b\\");
    }
}

#[test]
fn a_qr_code_is_black_on_white_with_and_without_colours() {
    for env in [&[][..], &[("NO_COLOR", "1")]] {
        let mut terminal = Terminal::start(&Setup { env, ..Setup::default() });
        terminal.keys("111r");
        let screen = terminal.shows(&["█▀▀▀▀▀█", "Commissions · 1-800-909-3447, press 1, then 1"]);
        let (row, column) = screen.find("█▀▀▀▀▀█").unwrap();
        // The corners of the code and of the quiet zone around it.
        for (row, column) in [(row, column), (row - 2, column - 4)] {
            let cell = screen.cell(row, column).unwrap();
            assert_eq!((cell.fgcolor(), cell.bgcolor()), (vt100::Color::Idx(16), vt100::Color::Idx(231)));
        }
    }
}

#[test]
fn the_mouse_selects_and_scrolls() {
    let mut terminal = Terminal::start(&Setup::default());
    let screen = terminal.wait_for(|screen| screen.has("7 Notices") && screen.has("? help"));
    terminal.mouse(0, screen.find("3 Medicare").unwrap());
    terminal.wait_for(|screen| screen.has("▌3 Medicare") && screen.has("╭ Medicare ─"));
    terminal.mouse(0, screen.find("7 Notices").unwrap());
    terminal.wait_for(|screen| screen.is_selected("Disclaimer"));
    terminal.keys(&DOWN.repeat(2));
    let screen = terminal.shows(&[" 1-36 of "]);
    let text = screen.find("The Policies were written").unwrap();
    terminal.mouse(65, text);
    terminal.wait_for(|screen| screen.has(" 4-39 of ") && screen.is_selected("General Purpose"));
    terminal.mouse(64, text);
    terminal.shows(&[" 1-36 of "]);
}

#[test]
fn resizing_keeps_the_selection() {
    let terminal = at_commissions();
    let before = terminal.shows(&[PATH]).contents();
    terminal.resize((80, 24));
    terminal.wait_for(|screen| {
        let is_below = screen.find("╭ Commissions ─").is_some_and(|(row, column)| row > 1 && column == 0);
        is_below && screen.footer().ends_with(PATH) && screen.is_selected("1 Commissions")
    });
    terminal.resize((40, 10));
    terminal.wait_for(|screen| screen.row(0).contains("1-800-909-3447 ▸ 1 ▸ 1") && screen.is_selected("1 Commissions"));
    terminal.resize((20, 5));
    terminal.wait_for(|screen| screen.footer().contains("/ find") && screen.is_selected("1 Commissions"));
    terminal.resize((10, 3));
    terminal.wait_for(|screen| screen.row(0) == "Too small:" && screen.hide_cursor());
    terminal.resize((120, 40));
    terminal.wait_for(|screen| screen.contents() == before && screen.is_selected("1 Commissions"));
}

#[test]
fn the_program_can_be_quit_on_a_screen_that_is_too_small() {
    for key in ["q", CTRL_C] {
        let mut terminal = Terminal::start(&Setup { size: (10, 3), ..Setup::default() });
        terminal.shows(&["Too small:"]);
        terminal.keys(key);
        assert!(terminal.end().0.success(), "{key:?}");
    }
}

#[test]
fn outside_the_hours_the_card_shows_closed_and_the_email() {
    let mut terminal = Terminal::start(&Setup { at: "2026-11-22T10:42:00-08:00", ..Setup::default() });
    terminal.keys("5");
    terminal.wait_for(|screen| {
        let email = screen.find("Email   HN_Account_Services@healthnet.com");
        let hours =
            screen.find("Hours   ○ Closed").filter(|(row, _)| screen.row(*row).contains("opens Mon 8:00 AM PT"));
        hours.zip(email).is_some_and(|(hours, email)| hours < email)
    });
}

#[test]
fn a_resize_together_with_a_key_is_not_lost() {
    let mut terminal = at_commissions();
    for _ in 0..20 {
        for (size, key, title, is_below) in
            [((80, 24), "j", "╭ Application status ─", true), ((120, 40), "k", "╭ Commissions ─", false)]
        {
            terminal.resize(size);
            terminal.keys(key);
            terminal.wait_for(|screen| screen.find(title).is_some_and(|(_, column)| (column == 0) == is_below));
        }
    }
}
