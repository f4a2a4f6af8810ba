//! The navigator over SSH.

use crate::harness::{Broker, Folder, Server, command};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn phone_keys_lead_to_commissions() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.see("Broker line").await;
    assert!(navigator.is_on_alternate_screen());
    navigator.see("Mon 2026-11-23 10:42 AM PT").await;
    navigator.press("111").await;
    navigator.see("Commissions for all California market").await;
    navigator.see("IFP ▸ 1 ▸ 1").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn find_shows_results() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(100, 30).await;
    navigator.press("/lost id card").await;
    navigator.see("ID cards").await;
    navigator.press("\x1b").await;
    navigator.see("Broker line").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_paste_goes_into_the_find_box() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(100, 30).await;
    navigator.see("Broker line").await;
    navigator.press("\x1b[200~report\rfraud\x1b[201~").await;
    navigator.see("› report fraud").await;
    navigator.see("Fraud hotline").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_mouse_selects_lines() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.see("Broker line").await;
    navigator.press("\x1b[<0;5;6M\x1b[<0;5;6m").await;
    navigator.see("━ Medicare ━").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn copying_sets_the_clipboard_of_the_client() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.press("111\x19").await;
    navigator.see("Sent to the terminal's clipboard: +18009093447 (not copied: press 1, then 1)").await;
    // OSC 52 with the text in base64.
    let sent = b"\x1b]52;c;KzE4MDA5MDkzNDQ3";
    navigator.wait_until("OSC 52", |navigator| navigator.raw.windows(sent.len()).any(|piece| piece == sent)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_screen_follows_the_window_size() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.see("Commissions").await;
    navigator.resize(40, 10).await;
    navigator
        .wait_until("the narrow screen", |navigator| {
            let screen = navigator.screen();
            screen.lines().count() <= 10 && screen.contains("dialtree") && !screen.contains("╭─")
        })
        .await;
    navigator.resize(120, 40).await;
    navigator.wait_until("three panes", |navigator| navigator.screen().contains("╭─")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn ctrl_q_quits_and_restores_the_terminal() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.see("Account Services").await;
    navigator.press("\x11").await;
    navigator.closes().await;
    assert_eq!(navigator.code, Some(0));
    assert!(!navigator.is_on_alternate_screen());
    assert!(navigator.raw.ends_with(b"\x1b[?25h\x1b[?1049l"));
    server.wait_for_metric("sessions", |sessions| sessions == 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_copy_directly_before_quitting_is_sent() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.press("111\x19\x11").await;
    navigator.closes().await;
    let sent = b"\x1b]52;c;KzE4MDA5MDkzNDQ3";
    assert!(navigator.raw.windows(sent.len()).any(|piece| piece == sent));
    assert!(navigator.raw.ends_with(b"\x1b[?25h\x1b[?1049l"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn eof_ends_the_session_after_the_pending_input() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.press("111\x19").await;
    navigator.channel.eof().await.unwrap();
    navigator.closes().await;
    assert_eq!(navigator.code, Some(0));
    assert!(navigator.raw.windows(5).any(|piece| piece == b"\x1b]52;"), "input before EOF is processed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn suspending_is_refused() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(80, 24).await;
    navigator.press("\x1a").await;
    navigator.see("There is no shell to suspend to; Ctrl-Q quits").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_link_is_shown_after_its_notice_and_not_opened() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.press("6\x0f").await;
    navigator.see("You are now leaving HealthNet.com").await;
    navigator.press("\t\r").await;
    navigator.see("No browser can be opened here; the address is https://myhealthnetca.com").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn esc_and_split_sequences_are_told_apart() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.press("?").await;
    navigator.see("type to filter").await;
    navigator.press("\x1b").await;
    navigator.wait_until("no palette", |navigator| !navigator.screen().contains("type to filter")).await;
    for byte in ["\x1b", "[", "B"] {
        navigator.press(byte).await;
    }
    navigator.see("─ Log in ─").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn colours_and_glyphs_follow_the_terminal() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let magenta = |raw: &[u8]| raw.windows(3).any(|piece| piece == b"35m");
    let mut colored = broker.open(80, 24).await;
    colored.see("Broker line").await;
    assert!(magenta(&colored.raw));
    let mut refused = broker.open_with(80, 24, &[("TERM", "xterm"), ("NO_COLOR", "1")]).await;
    refused.see("Broker line").await;
    assert!(!magenta(&refused.raw));
    let mut ascii = broker.open_with(80, 24, &[("TERM", "xterm"), ("LC_ALL", "C")]).await;
    ascii.see("Broker line").await;
    assert!(ascii.screen().is_ascii(), "{}", ascii.screen());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn nothing_is_kept_and_no_configuration_is_read() {
    let folder = Folder::new();
    let (state, config) = (folder.file("state"), folder.file("config.ron"));
    std::fs::write(&config, "(keymap: \"vim\")").unwrap();
    let mut command = command(&folder, &["--auth", "none"]);
    command.env("XDG_STATE_HOME", &state).env("DIALTREE_CONFIG", &config);
    let server = Server::start(command, folder);
    let broker = Broker::connect(&server).await;
    let mut navigator = broker.open(120, 40).await;
    navigator.press("111\x14").await;
    navigator.see("Pins and notes are not saved here").await;
    navigator.press("fraud hotline\r").await;
    navigator.see("1-800-977-3565").await;
    navigator.press("/").await;
    navigator.see("Common needs").await;
    assert!(!state.exists());
}
