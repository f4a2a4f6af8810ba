//! Using the navigator: keys, the find box, notices, links, the mouse and terminal sizes.

use crate::harness::{CTRL_C, CTRL_Q, DOWN, END, ENTER, ESC, PAGE_DOWN, ScreenText, Setup, Terminal};

/// The path to Commissions in the footer.
const PATH: &str = "IFP ▸ 1 ▸ 1";

fn at_commissions() -> Terminal {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("111");
    terminal.wait_for(|screen| screen.row(0).contains(PATH) && screen.is_selected("1 Commissions"));
    terminal
}

#[test]
fn it_starts_with_the_audiences() {
    let terminal = Terminal::start(&Setup::default());
    let screen = terminal.wait_for(|screen| {
        let header = screen.row(0);
        header.contains("dialtree  Health Net broker key contacts")
            && header.ends_with("Mon 2026-11-23 10:42 AM PT")
            && screen.footer().contains("F1 keys")
            && screen.is_selected("5 Everyone")
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
        terminal.wait_for(|screen| screen.is_selected(selected) && screen.row(0).contains(path));
    }
    terminal.wait_for(|screen| {
        // The number is in large digits, so that it is read at a glance, and as text, so that it can be selected.
        let card =
            ["Hours not listed", "! Not for Medicare", "  ", "     Call  1-800-909-3447", "  1  Press [1] Brokers"];
        let is_card = (8..).zip(card).all(|(row, text)| screen.row(row).contains(&format!("┃│ {text} ")));
        is_card && screen.is_selected("1 Commissions")
    });
    terminal.keys("\x7f");
    terminal.wait_for(|screen| screen.row(0).contains("IFP ▸ 1") && screen.is_selected("1 Brokers"));
}

#[test]
fn an_unlisted_digit_shows_the_listed_ones() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("119");
    terminal.shows(&["No key 9 is listed after Brokers; listed: 1 2 3 4 5"]);
    terminal.wait_for(|screen| screen.is_selected("1 Brokers"));
}

#[test]
fn the_cursor_is_on_the_selected_result_until_the_query_is_edited() {
    let mut terminal = Terminal::start(&Setup::default());
    let is_in_box = |screen: &vt100::Screen| !screen.hide_cursor() && screen.cursor_position().0 == 1;
    terminal.keys("/");
    terminal.wait_for(|screen| screen.has("Common needs") && is_in_box(screen));
    terminal.keys("\x1b[B");
    terminal.wait_for(|screen| screen.is_selected("new quote"));
    terminal.keys("commission");
    terminal.wait_for(|screen| screen.row(1).contains("› commission") && is_in_box(screen));
    terminal.keys("\x1b[B");
    terminal.wait_for(|screen| screen.is_selected("Commissions, cont"));
    terminal.keys("\x7f");
    terminal.wait_for(is_in_box);
}

#[test]
fn find_selects_the_first_result_and_esc_goes_back() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("/commission");
    let is_typed = |screen: &vt100::Screen| {
        let first = screen.row(4);
        let caret = screen.find("› commission").map(|(row, column)| (row, column + 12));
        screen.row(1).contains("› commission")
            && first.contains("▌ Commissions ")
            && first.contains("IFP +2 ▸ 1 ▸ 1")
            && caret == Some(screen.cursor_position())
    };
    terminal.wait_for(is_typed);
    terminal.keys(ESC);
    terminal.wait_for(|screen| !screen.has("━ Find") && screen.is_selected("5 Everyone"));
    terminal.keys("/commission");
    terminal.wait_for(is_typed);
    terminal.keys(ENTER);
    terminal
        .wait_for(|screen| screen.row(0).contains(" 1-800-909-3447 ▸ 1 ▸ 1") && screen.is_selected("1 Commissions"));
    terminal.keys(ESC);
    terminal.wait_for(|screen| screen.row(0).contains("  Everyone ") && screen.is_selected("5 Everyone"));
}

/// Nothing that is typed quits the program, copies or opens a window.
#[test]
fn a_word_typed_at_the_start_is_a_query() {
    for (word, title) in
        [("quote", "New business quotes and proposals"), ("commission", "Commissions"), ("renewal", "Renewals")]
    {
        let mut terminal = Terminal::start(&Setup::default());
        terminal.shows(&["Type what the caller needs"]);
        terminal.keys(word);
        let query = format!("› {word}");
        terminal.wait_for(|screen| screen.row(1).trim() == query && screen.has(&format!("─ {title} ─")));
        terminal.keys(ESC);
        terminal.shows(&["Type what the caller needs"]);
        terminal.keys(CTRL_Q);
        let (status, screen) = terminal.end();
        assert!(status.success() && screen.is_restored());
        assert!(!String::from_utf8_lossy(&terminal.raw()).contains("\x1b]52"), "nothing was copied");
    }
}

#[test]
fn find_preselects_a_line_for_the_chosen_audience() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("3");
    terminal.wait_for(|screen| screen.is_selected("Medicare Broker Serv…"));
    terminal.keys("lost id card");
    terminal.wait_for(|screen| {
        let line = screen.find("Outside Medicare").map(|(row, _)| row);
        let outside = screen.find(" Members: provider").map(|(row, _)| row);
        screen.has("━ Find · Medicare ━") && line.is_some() && line < outside && !screen.has("─ Members: provider")
    });
}

#[test]
fn a_jump_to_another_audience_marks_and_searches_it() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("1renewals");
    terminal.wait_for(|screen| screen.has("━ Find · IFP ━") && screen.has("Outside IFP"));
    terminal.keys(END);
    terminal.keys("\x1b[6~");
    terminal.keys(ENTER);
    terminal.wait_for(|screen| screen.has("▌2 Small Business") && screen.has("━ Small Business ━"));
    terminal.keys("claims");
    terminal.wait_for(|screen| screen.has("━ Find · Small Business ━") && screen.has("▌2 Small Business"));
    terminal.keys("\x0c");
    terminal.wait_for(|screen| screen.is_selected("5 Everyone") && screen.has("Type what the caller needs"));
}

#[test]
fn pasted_text_is_a_query_and_never_keys() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("\x1b[200~comm\x1bissi\x03on\x07\r\x1b[201~");
    let is_found = |screen: &vt100::Screen| screen.has("━ Find") && screen.row(4).contains("▌ Commissions ");
    terminal.wait_for(|screen| screen.row(1).contains("› commission") && is_found(screen));
    terminal.keys("\x1b[200~q\x1b[201~");
    terminal.wait_for(|screen| screen.row(1).contains("› commission q"));
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
        // A long title is cut, in the tree and on the card.
        let start: String = section.chars().take(40).collect();
        let title = format!("─ {start}");
        terminal.wait_for(|screen| screen.is_selected(&start) && screen.row(2).contains(&title));
    }
    terminal.shows(&["decide coverage for Medicare or Medicaid Members."]);
}

#[test]
fn a_long_card_scrolls() {
    let mut terminal = Terminal::start(&Setup::default());
    terminal.keys("7");
    terminal.wait_for(|screen| screen.is_selected("Disclaimer"));
    terminal.keys(&DOWN.repeat(2));
    terminal.shows(&["The Policies were written to help Health", " 1-34 of "]);
    terminal.keys("\t");
    terminal.keys(PAGE_DOWN);
    terminal.wait_for(|screen| screen.has("To be eligible, every service") && !screen.has("The Policies were written"));
    terminal.keys(END);
    terminal.shows(&["contract.)", "Source  Important Notice"]);
    terminal.keys("\x1b[H");
    terminal.shows(&["The Policies were written", " 1-34 of "]);
}

/// The environment of an SSH session; on a local desktop the link would be opened.
const OVER_SSH: &[(&str, &str)] = &[("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")];

#[test]
fn a_notice_is_shown_before_a_link_and_cancel_is_the_default() {
    let mut terminal = Terminal::start(&Setup { env: OVER_SSH, ..Setup::default() });
    terminal.keys("7");
    terminal.wait_for(|screen| screen.is_selected("Disclaimer"));
    terminal.keys("\x0f");
    terminal.wait_for(|screen| {
        let is_on_cancel = screen.find("[ Cancel ]").is_some_and(|(row, _)| row == screen.cursor_position().0);
        screen.has("Before this link opens") && !screen.has("[ Continue ]") && is_on_cancel
    });
    terminal.keys(ENTER);
    terminal.wait_for(|screen| screen.has("Cancelled; nothing was opened") && !screen.has("Before this link"));
    terminal.keys("\x0f\t");
    terminal.wait_for(|screen| screen.has("[ Continue ]") && !screen.has("[ Cancel ]"));
    terminal.keys(ENTER);
    terminal.wait_for(|screen| {
        screen.message().trim() == "No browser can be opened here; the address is https://medicare.gov"
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
    terminal.keys("\x0f\t\r");
    terminal.shows(&["No browser can be opened here; the address is https://medicare.gov"]);
}

#[test]
fn copy_sends_the_number_to_the_terminal() {
    let mut terminal = at_commissions();
    terminal.keys("\x19");
    terminal.shows(&["Sent to the terminal's clipboard: +18009093447 (not copied: press 1, then 1)"]);
    // The same text in base64.
    terminal.sends("\x1b]52;c;KzE4MDA5MDkzNDQ3\x1b\\");
}

#[test]
fn the_terminals_clipboard_is_used_without_a_desktop_and_over_ssh() {
    // No X server has this display number.
    let no_desktop = [("DISPLAY", ":4242")];
    let remote = [("DISPLAY", ":4242"), ("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")];
    for env in [&no_desktop[..], &remote] {
        let mut terminal = Terminal::start(&Setup { env, ..Setup::default() });
        terminal.keys("111\x0b3");
        terminal.shows(&["Sent to the terminal's clipboard: tel:+18009093447,,1,,1"]);
        terminal.sends("\x1b]52;c;dGVsOisxODAwOTA5MzQ0NywsMSwsMQ==\x1b\\");
    }
}

#[test]
fn a_qr_code_is_black_on_white_with_and_without_colours() {
    for env in [&[][..], &[("NO_COLOR", "1")]] {
        let mut terminal = Terminal::start(&Setup { env, ..Setup::default() });
        terminal.keys("111\x12");
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
    let screen = terminal.wait_for(|screen| screen.has("7 Notices") && screen.has("F1 keys"));
    terminal.mouse(0, screen.find("3 Medicare").unwrap());
    terminal.wait_for(|screen| screen.has("▌3 Medicare") && screen.has("━ Medicare ━"));
    terminal.mouse(0, screen.find("7 Notices").unwrap());
    terminal.wait_for(|screen| screen.is_selected("Disclaimer"));
    terminal.keys(&DOWN.repeat(2));
    let screen = terminal.shows(&[" 1-34 of "]);
    let text = screen.find("The Policies were written").unwrap();
    terminal.mouse(65, text);
    terminal.wait_for(|screen| screen.has(" 4-37 of ") && screen.is_selected("General Purpose"));
    terminal.mouse(64, text);
    terminal.shows(&[" 1-34 of "]);
}

#[test]
fn resizing_keeps_the_selection() {
    let terminal = at_commissions();
    let before = terminal.shows(&[PATH]).contents();
    terminal.resize((80, 24));
    terminal.wait_for(|screen| {
        let is_beside = screen.find("─ Commissions ─").is_some_and(|(row, column)| row == 3 && column == 41);
        is_beside && screen.row(0).contains(PATH) && screen.is_selected("1 Commissions")
    });
    terminal.resize((40, 10));
    terminal.wait_for(|screen| screen.row(0).contains("1-800-909-3447 ▸ 1 ▸ 1") && screen.is_selected("1 Commissions"));
    terminal.resize((20, 5));
    terminal.wait_for(|screen| screen.footer().contains("Enter open") && screen.is_selected("1 Commissions"));
    terminal.resize((10, 3));
    terminal.wait_for(|screen| screen.row(0) == "Too small:" && screen.hide_cursor());
    terminal.resize((120, 40));
    terminal.wait_for(|screen| screen.contents() == before && screen.is_selected("1 Commissions"));
}

#[test]
fn the_program_can_be_quit_on_a_screen_that_is_too_small() {
    for key in [CTRL_Q, CTRL_C] {
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
        let hours = screen.find("○ Closed").filter(|(row, _)| screen.row(*row).contains("opens Mon 8:00 AM PT"));
        hours.zip(email).is_some_and(|(hours, email)| hours < email)
    });
}

#[test]
fn a_resize_together_with_a_key_is_not_lost() {
    let mut terminal = at_commissions();
    for _ in 0..20 {
        for (size, key, title, is_narrow) in
            [((80, 24), DOWN, "─ Application status ─", true), ((120, 40), "\x1b[A", "─ Commissions ─", false)]
        {
            terminal.resize(size);
            terminal.keys(key);
            terminal.wait_for(|screen| screen.find(title).is_some_and(|(_, column)| (column == 41) == is_narrow));
        }
    }
}
