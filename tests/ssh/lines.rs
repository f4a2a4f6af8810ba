//! Sessions in lines, on terminals that draw nothing.

use std::time::Duration;

use nix::sys::signal::Signal;

use crate::harness::{Broker, Bystander, Folder, Navigator, Server, command, narrow};

const PROMPT: &str = "what the caller needs, or help: ";

async fn open_lines(broker: &Broker) -> Navigator {
    let mut navigator = broker.open_with(80, 24, &[("TERM", "dumb")]).await;
    navigator.see(PROMPT.trim_end()).await;
    navigator
}

/// What a terminal that interprets nothing has printed, with line feeds as line ends.
fn printed(navigator: &Navigator) -> String {
    let text = String::from_utf8(navigator.raw.clone()).unwrap().replace("\r\n", "\n");
    assert!(!text.contains(|c: char| c.is_control() && c != '\n' && c != '\x08'), "{text:?}");
    text
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_question_is_answered_on_a_dumb_terminal() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let mut navigator = open_lines(&broker).await;
    navigator.press("0\r").await;
    navigator.see("There is no line 0; choose 1 to 7").await;
    // Typed with a correction, which is echoed.
    navigator.press("comx\x7fmission\r").await;
    navigator.see("Answer 1 to").await;
    navigator.press("1\r").await;
    navigator.see("Copy, back, what the caller needs").await;
    // As Emacs and scripts end lines; and what a terminal would interpret is not echoed.
    navigator.press("copy\n\x1b]52;c;AAAA\x07\x1b[2J\u{202e}hours\r\n").await;
    navigator.see("to copy: +18009093447").await;
    navigator.press("quit\r").await;
    navigator.closes().await;
    assert_eq!(navigator.code, Some(0));
    let text = printed(&navigator);
    assert!(text.contains(&format!("{PROMPT}comx\x08 \x08mission\n1. Commissions; ")), "{text:?}");
    assert!(text.ends_with(&format!("{PROMPT}quit\n")), "{text:?}");
    assert_eq!(text.matches(PROMPT).count(), 6, "CR LF ends one line: {text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn messages_are_lines_and_the_answer_is_repeated_after_them() {
    let folder = Folder::new();
    let data = folder.file("directory.ron");
    let built_in = dialtree::directory::EMBEDDED;
    std::fs::write(&data, built_in).unwrap();
    let mut command = command(&folder, &["--auth", "none", "--idle-timeout", "4s"]);
    command.arg("--data").arg(&data);
    let server = Server::start(command, folder);
    let broker = Broker::connect(&server).await;
    let mut navigator = open_lines(&broker).await;
    navigator.press("fraud hotl").await;
    navigator.see("fraud hotl").await;
    std::fs::write(&data, built_in.replace("\"Fraud hotline\"", "\"Fraud line\"")).unwrap();
    server.signal(Signal::SIGHUP);
    navigator.see("Reloaded").await;
    navigator.press("ine\r").await;
    navigator.see("1. Fraud line; ").await;
    navigator.see("press any key to stay").await;
    navigator.closes().await;
    let text = printed(&navigator);
    assert!(text.contains("\nReloaded directory.ron\n"), "{text}");
    assert!(text.contains(&format!("{PROMPT}fraud hotline\n1. Fraud line; ")), "{text}");
    assert!(text.ends_with("\ndialtree: session closed: no key was pressed for too long.\n"), "{text}");
}

/// Each line is answered with many.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_flood_of_lines_whose_answers_nobody_reads() {
    let mut server = Server::open(&[]);
    let mut bystander = Bystander::start(&server).await;
    let broker = Broker::connect_with(&server, narrow(4096, 1024)).await;
    let navigator = broker.open_with(80, 24, &[("TERM", "dumb")]).await;
    let (mut reader, writer) = navigator.channel.split();
    writer.data(&b"help\r".repeat(20_000)[..]).await.unwrap();
    reader.wait().await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    bystander.assert_responsive(&mut server).await;
    bystander.assert_memory_within(&server, 2 << 10);
    drop((reader, writer));
    bystander.assert_recovered(broker, &mut server).await;
}
