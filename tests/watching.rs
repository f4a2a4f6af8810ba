//! A directory that is watched, for any host.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::fs;
use std::path::Path;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use dialtree::directory::EMBEDDED;
use dialtree::source::watch::{WatchEvent, WatchHandle, watch};
use dialtree::source::{NamedBy, Source};
use support::folder;

/// What has not come by now will not come.
const PATIENCE: Duration = Duration::from_secs(10);

fn watched(path: &Path) -> (WatchHandle, Receiver<WatchEvent>) {
    let (sender, news) = mpsc::channel();
    let source = Source::File(path.to_owned(), NamedBy::Option);
    let watch = watch(source, move |piece| {
        let _ = sender.send(piece);
    });
    (watch, news)
}

/// The next news that is no progress: the name of the directory, or what is wrong.
#[track_caller]
fn next(news: &Receiver<WatchEvent>) -> Result<String, String> {
    loop {
        match news.recv_timeout(PATIENCE).unwrap() {
            WatchEvent::Progress(_) => {}
            WatchEvent::Ready(catalog) => return Ok(catalog.directories()[0].name.to_string()),
            WatchEvent::Failed(error) => return Err(error.to_string()),
        }
    }
}

fn named(name: &str) -> String {
    EMBEDDED.replacen("name: \"Health Net broker key contacts\"", &format!("name: \"{name}\""), 1)
}

#[test]
fn it_says_how_far_it_is_and_never_goes_back() {
    let path = folder("progress").join("mine.ron");
    fs::write(&path, EMBEDDED).unwrap();
    let (_watch, news) = watched(&path);
    let mut percents = Vec::new();
    let ready = loop {
        match news.recv_timeout(PATIENCE).unwrap() {
            WatchEvent::Progress(progress) => percents.push(progress.percent()),
            other => break other,
        }
    };
    assert!(matches!(ready, WatchEvent::Ready(_)), "{ready:?}");
    assert!(percents.is_sorted() && percents.len() > 30 && percents.last() == Some(&100), "{percents:?}");
}

#[test]
fn only_another_text_is_news() {
    let path = folder("news").join("mine.ron");
    fs::write(&path, named("One")).unwrap();
    let (_watch, news) = watched(&path);
    assert_eq!(next(&news), Ok("One".into()));
    // The same text in another file, and other files beside it, are none: the next news is that of the next text.
    let beside = path.with_file_name("beside");
    fs::write(&beside, named("One")).unwrap();
    fs::rename(&beside, &path).unwrap();
    // Of what is no news nothing can be waited for, only the time in which it would have come.
    std::thread::sleep(Duration::from_millis(400));
    fs::write(&path, named("Two")).unwrap();
    assert_eq!(next(&news), Ok("Two".into()));
    fs::remove_file(&path).unwrap();
    assert_eq!(next(&news), Err(format!("{}: there is no such file", path.display())));
    // What was gone is news when it is back, whatever it holds.
    fs::write(&path, named("Two")).unwrap();
    assert_eq!(next(&news), Ok("Two".into()));
}

#[test]
fn a_folder_that_is_taken_away_and_put_back_is_watched_on() {
    let path = folder("folder").join("inner/mine.ron");
    let (inner, away) = (path.parent().unwrap(), path.parent().unwrap().with_file_name("away"));
    fs::create_dir(inner).unwrap();
    fs::write(&path, named("One")).unwrap();
    let (_watch, news) = watched(&path);
    assert_eq!(next(&news), Ok("One".into()));
    fs::rename(inner, &away).unwrap();
    assert!(next(&news).is_err());
    fs::create_dir(inner).unwrap();
    fs::write(&path, named("Two")).unwrap();
    assert_eq!(next(&news), Ok("Two".into()));
}

#[test]
fn it_ends_when_it_is_dropped() {
    let path = folder("dropped").join("mine.ron");
    fs::write(&path, EMBEDDED).unwrap();
    let (watch, news) = watched(&path);
    assert!(next(&news).is_ok());
    drop(watch);
    // The other end of the channel is gone with the thread that held it.
    let end = loop {
        match news.recv_timeout(PATIENCE) {
            Ok(WatchEvent::Progress(_)) => {}
            other => break other,
        }
    };
    assert!(matches!(end, Err(RecvTimeoutError::Disconnected)), "{end:?}");
}
