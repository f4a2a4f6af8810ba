//! Keeps the user's changes in another thread, because writing a file safely takes longer than drawing a frame.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use crate::app::event::Event;
use crate::app::{Saved, SavedChange};
use crate::config::store::Store;

/// Tells the app what happens.
type Tell = Arc<dyn Fn(Event) + Send + Sync>;

/// Writes changes to a store. All of them are written before it is dropped.
pub(super) struct Keeper {
    store: Store,
    tell: Tell,
    /// Started with the first change.
    thread: Option<(Sender<SavedChange>, JoinHandle<()>)>,
}

impl Keeper {
    pub(super) fn new(store: Store, tell: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self { store, tell: Arc::new(tell), thread: None }
    }

    pub(super) fn keep(&mut self, change: SavedChange) {
        let (sender, _) = self.thread.get_or_insert_with(|| {
            let (sender, changes) = mpsc::channel();
            let (store, tell) = (self.store.clone(), Arc::clone(&self.tell));
            (sender, std::thread::spawn(move || write(&store, &changes, &tell)))
        });
        // The thread ends after the sender.
        let _ = sender.send(change);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.thread.take() {
            drop(sender);
            let _ = thread.join();
        }
    }
}

/// Writes changes, those that wait together, until the sender is dropped.
fn write(store: &Store, changes: &Receiver<SavedChange>, tell: &Tell) {
    while let Ok(first) = changes.recv() {
        let waiting: Vec<SavedChange> = std::iter::once(first).chain(changes.try_iter()).collect();
        match store.apply(&waiting) {
            Ok(None) => {}
            Ok(Some(aside)) => tell(Event::Toast(set_aside(&aside))),
            Err(error) => tell(Event::Toast(format!("Not kept: {error}"))),
        }
    }
}

/// Reads what is kept, and adds to what the user is told if it cannot be read.
pub(super) fn read(store: &Store, told: &mut Vec<String>) -> Saved {
    match store.read() {
        Ok((saved, aside)) => {
            told.extend(aside.map(|aside| set_aside(&aside)));
            saved
        }
        Err(error) => {
            told.push(format!("Pins and notes cannot be read: {error}"));
            Saved::default()
        }
    }
}

fn set_aside(file: &str) -> String {
    format!("Pins and notes could not be read; their file is now {file}")
}
