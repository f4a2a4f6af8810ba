//! Tests the watcher of a data file.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use dialtree::directory::EMBEDDED;
use dialtree::source::watch::{WatchEvent, WatchHandle, WatchOptions, watch};
use dialtree::source::{Loaded, NamedBy, Source};
use support::folder;

/// The maximum wait for an event.
const TIMEOUT: Duration = Duration::from_secs(10);

fn watched(path: &Path) -> (WatchHandle, Receiver<WatchEvent>) {
    let (sender, events) = mpsc::channel();
    let source = Source::File(path.to_owned(), NamedBy::Option);
    let watch = watch(source, WatchOptions::default(), move |event| {
        let _ = sender.send(event);
    });
    (watch, events)
}

/// Waits for the next event other than progress, and returns the name of the directory or the error message.
#[track_caller]
fn next(events: &Receiver<WatchEvent>) -> Result<String, String> {
    loop {
        match events.recv_timeout(TIMEOUT).unwrap() {
            WatchEvent::Progress(_) => {}
            WatchEvent::NotKept(error) => panic!("{error}"),
            WatchEvent::Ready(Loaded { catalog, .. }) | WatchEvent::LastGood(catalog, _) => {
                return Ok(catalog.directories()[0].name.to_string());
            }
            WatchEvent::Failed(error) => return Err(error.to_string()),
        }
    }
}

fn named(name: &str) -> String {
    EMBEDDED.replacen("name: \"Health Net broker key contacts\"", &format!("name: \"{name}\""), 1)
}

#[test]
fn progress_is_reported_and_never_decreases() {
    let path = folder("progress").join("mine.ron");
    fs::write(&path, EMBEDDED).unwrap();
    let (_watch, events) = watched(&path);
    let mut percents = Vec::new();
    let ready = loop {
        match events.recv_timeout(TIMEOUT).unwrap() {
            WatchEvent::Progress(progress) => percents.push(progress.percent()),
            other => break other,
        }
    };
    assert!(matches!(ready, WatchEvent::Ready(_)), "{ready:?}");
    assert!(percents.is_sorted() && percents.len() > 30 && percents.last() == Some(&100), "{percents:?}");
}

#[test]
fn only_a_changed_text_is_reported() {
    let path = folder("events").join("mine.ron");
    fs::write(&path, named("One")).unwrap();
    let (_watch, events) = watched(&path);
    assert_eq!(next(&events), Ok("One".into()));
    // Neither the same text in a new file nor other files in the folder are reported.
    let beside = path.with_file_name("beside");
    fs::write(&beside, named("One")).unwrap();
    fs::rename(&beside, &path).unwrap();
    // The absence of an event cannot be observed, so the test waits as long as one would take.
    std::thread::sleep(Duration::from_millis(400));
    fs::write(&path, named("Two")).unwrap();
    assert_eq!(next(&events), Ok("Two".into()));
    fs::remove_file(&path).unwrap();
    assert_eq!(next(&events), Err(format!("{}: there is no such file", path.display())));
    // A file that is back is reported even if its text is the same.
    fs::write(&path, named("Two")).unwrap();
    assert_eq!(next(&events), Ok("Two".into()));
}

#[test]
fn a_folder_that_is_replaced_is_still_watched() {
    let path = folder("folder").join("inner/mine.ron");
    let (inner, away) = (path.parent().unwrap(), path.parent().unwrap().with_file_name("away"));
    fs::create_dir(inner).unwrap();
    fs::write(&path, named("One")).unwrap();
    let (_watch, events) = watched(&path);
    assert_eq!(next(&events), Ok("One".into()));
    fs::rename(inner, &away).unwrap();
    assert!(next(&events).is_err());
    fs::create_dir(inner).unwrap();
    fs::write(&path, named("Two")).unwrap();
    assert_eq!(next(&events), Ok("Two".into()));
}

#[test]
fn a_file_that_was_a_pipe_for_a_while_is_still_watched() {
    let path = folder("pipe").join("mine.ron");
    fs::write(&path, named("One")).unwrap();
    let (_watch, events) = watched(&path);
    assert_eq!(next(&events), Ok("One".into()));
    // Opening a pipe that nobody writes to would block the watcher.
    let pipe = path.with_file_name("pipe");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).unwrap();
    fs::rename(&pipe, &path).unwrap();
    assert!(next(&events).unwrap_err().contains("a pipe or a device"));
    let beside = path.with_file_name("beside");
    fs::write(&beside, named("Two")).unwrap();
    fs::rename(&beside, &path).unwrap();
    assert_eq!(next(&events), Ok("Two".into()));
}

#[test]
fn dropping_the_handle_ends_the_watcher() {
    let path = folder("dropped").join("mine.ron");
    fs::write(&path, EMBEDDED).unwrap();
    let (watch, events) = watched(&path);
    assert!(next(&events).is_ok());
    drop(watch);
    // The other end of the channel is gone with the thread that held it.
    let end = loop {
        match events.recv_timeout(TIMEOUT) {
            Ok(WatchEvent::Progress(_)) => {}
            other => break other,
        }
    };
    assert!(matches!(end, Err(RecvTimeoutError::Disconnected)), "{end:?}");
}
