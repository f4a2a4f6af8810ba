//! Commands without a terminal.

use std::process::Command;

use crate::harness::{Broker, Said, Server, said};

/// What the command line says to the same words.
fn local(words: &[&str]) -> Said {
    let output = Command::new(env!("CARGO_BIN_EXE_dialtree")).args(words).env_clear().output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code().and_then(|code| code.try_into().ok());
    Said { out: text(output.stdout), error: text(output.stderr), code }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_command_says_what_the_command_line_says() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    for words in [
        &["find", "commission"][..],
        &["find", "--json", "commission"],
        &["find", "--plain", "--limit", "1", "lost id card"],
        &["find", "zzzz"],
        &["find", "--audience", "nobody", "card"],
    ] {
        let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        let at = ["--at", "2026-11-23T10:42:00-08:00"];
        assert_eq!(broker.run(quoted.join(" ")).await, local(&[words, &at].concat()), "{words:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_shell_reads_a_command() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let target = server.folder.file("written");
    let name = target.display();
    for command in [
        format!("find card; touch {name}"),
        format!("find $(touch {name})"),
        format!("find `touch {name}`"),
        format!("find card > {name}"),
        format!("find card | tee {name}"),
        format!("find card && touch {name}"),
        format!("find card\ntouch {name}"),
    ] {
        let said = broker.run(command).await;
        assert!(matches!(said.code, Some(0..=1)), "{said:?}");
    }
    // What looks like a program is a need that nothing fits, or a mistake.
    for command in ["touch x", "sh", "/bin/sh -c id", "serve --auth none", "scp -t x", "check x", "export --format ron"]
    {
        let said = broker.run(command).await;
        assert!(matches!(said.code, Some(1..=2)), "{command}: {said:?}");
    }
    assert!(!target.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn no_command_reads_a_file_or_standard_input() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    for command in ["find card --data /etc/passwd", "--data /etc/passwd find card", "find --batch --json"] {
        let said = broker.run(command).await;
        assert_eq!((said.out.as_str(), said.code), ("", Some(2)), "{command}");
        assert!(!said.error.contains("root:"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_is_no_command_is_refused_with_a_reason() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    for (command, why) in [
        (b"find \0".to_vec(), "holds a NUL"),
        (b"find \xff".to_vec(), "no text in UTF-8"),
        (b"find 'card".to_vec(), "a quote in this command is not closed"),
        (vec![b'x'; 8 << 10], "8192 bytes long; 4096 are the most"),
    ] {
        let said = broker.run(command).await;
        assert_eq!((said.out.as_str(), said.code), ("", Some(2)));
        assert!(said.error.starts_with("dialtree: ") && said.error.contains(why), "{}", said.error);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn without_a_terminal_and_a_command_there_is_help() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let channel = broker.client.channel_open_session().await.unwrap();
    channel.request_shell(true).await.unwrap();
    let said = said(channel).await;
    assert_eq!((said.code, said.error.as_str()), (Some(0), ""));
    assert!(said.out.contains("ssh -t HOST") && !said.out.contains('\x1b'), "{}", said.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn on_a_terminal_lines_end_as_it_needs() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let channel = broker.client.channel_open_session().await.unwrap();
    channel.request_pty(true, "xterm", 80, 24, 0, 0, &[]).await.unwrap();
    channel.exec(true, "find --plain commission").await.unwrap();
    let said = said(channel).await;
    assert_eq!(said.out.matches('\n').count(), said.out.matches("\r\n").count());
    assert!(said.out.contains("press 1, then 1"));
}
