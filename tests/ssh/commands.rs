//! Commands over SSH, without a terminal.

use std::process::Command;

use crate::harness::{Broker, Output, Server, read_output};

/// The output of the same command on the local command line.
fn local(words: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_dialtree")).args(words).env_clear().output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let code = output.status.code().and_then(|code| code.try_into().ok());
    Output { out: text(output.stdout), error: text(output.stderr), code }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn commands_have_the_output_of_the_command_line() {
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
async fn commands_are_not_interpreted_by_a_shell() {
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
        let output = broker.run(command).await;
        assert!(matches!(output.code, Some(0..=1)), "{output:?}");
    }
    // The name of a program is a query without results, or an error.
    for command in ["touch x", "sh", "/bin/sh -c id", "serve --auth none", "scp -t x", "check x", "export --format ron"]
    {
        let output = broker.run(command).await;
        assert!(matches!(output.code, Some(1..=2)), "{command}: {output:?}");
    }
    assert!(!target.exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn commands_read_no_files_and_no_standard_input() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    for command in ["find card --data /etc/passwd", "--data /etc/passwd find card", "find --batch --json"] {
        let output = broker.run(command).await;
        assert_eq!((output.out.as_str(), output.code), ("", Some(2)), "{command}");
        assert!(!output.error.contains("root:"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn malformed_commands_are_refused_with_a_reason() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    for (command, why) in [
        (b"find \0".to_vec(), "contains a NUL byte"),
        (b"find \xff".to_vec(), "is not UTF-8 text"),
        (b"find 'card".to_vec(), "a quote in this command is not closed"),
        (vec![b'x'; 8 << 10], "8192 bytes long; the limit is 4096"),
    ] {
        let output = broker.run(command).await;
        assert_eq!((output.out.as_str(), output.code), ("", Some(2)));
        assert!(output.error.starts_with("dialtree: ") && output.error.contains(why), "{}", output.error);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_shell_request_without_a_terminal_prints_help() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let channel = broker.client.channel_open_session().await.unwrap();
    channel.request_shell(true).await.unwrap();
    let output = read_output(channel).await;
    assert_eq!((output.code, output.error.as_str()), (Some(0), ""));
    assert!(output.out.contains("ssh -t HOST") && !output.out.contains('\x1b'), "{}", output.out);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn command_output_on_a_terminal_has_crlf_line_ends() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    let channel = broker.client.channel_open_session().await.unwrap();
    channel.request_pty(true, "xterm", 80, 24, 0, 0, &[]).await.unwrap();
    channel.exec(true, "find --plain commission").await.unwrap();
    let output = read_output(channel).await;
    assert_eq!(output.out.matches('\n').count(), output.out.matches("\r\n").count());
    assert!(output.out.contains("press 1, then 1"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn leaving_is_a_command_and_help_lists_what_clients_can_do() {
    let server = Server::open(&[]);
    let broker = Broker::connect(&server).await;
    for command in ["exit", "quit", "logout"] {
        let expected = Output { out: String::new(), error: String::new(), code: Some(0) };
        assert_eq!(broker.run(command).await, expected, "{command}");
    }
    let help = broker.run("find --help").await;
    assert_eq!(help.code, Some(0));
    for hidden in ["--batch", "--data", "--config", "DIALTREE_DATA"] {
        assert!(!help.out.contains(hidden), "{hidden} in\n{}", help.out);
    }
    assert!(help.out.contains("--json") && help.out.contains("--clock"), "{}", help.out);
    // Nor does the navigator offer what needs a shell.
    let mut navigator = broker.open(120, 40).await;
    navigator.press("?susp").await;
    navigator.see("Actions: susp").await;
    assert!(!navigator.screen().contains("fg resumes"), "{}", navigator.screen());
}
