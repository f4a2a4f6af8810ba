//! Saves the user's changes in another thread, because writing a file safely takes longer than drawing a frame.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::JoinHandle;

use crate::app::event::Event;
use crate::app::{Saved, SavedChange};
use crate::config::store::Store;

/// Tells the app what happens.
type Tell = Arc<dyn Fn(Event) + Send + Sync>;

/// Writes changes to a store. All of them are written before it is dropped.
pub(super) struct StateWriter {
    store: Store,
    tell: Tell,
    /// Started with the first change.
    thread: Option<(Sender<SavedChange>, JoinHandle<()>)>,
}

impl StateWriter {
    pub(super) fn new(store: Store, tell: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self { store, tell: Arc::new(tell), thread: None }
    }

    pub(super) fn save(&mut self, change: SavedChange) {
        let (sender, _) = self.thread.get_or_insert_with(|| {
            let (sender, changes) = mpsc::channel();
            let (store, tell) = (self.store.clone(), Arc::clone(&self.tell));
            (sender, std::thread::spawn(move || write(&store, &changes, &tell)))
        });
        // The thread ends after the sender.
        let _ = sender.send(change);
    }

    /// Waits until all changes are written, so that a process that is stopped does not hold the lock.
    pub(super) fn flush(&mut self) {
        if let Some((sender, thread)) = self.thread.take() {
            drop(sender);
            let _ = thread.join();
        }
    }
}

impl Drop for StateWriter {
    fn drop(&mut self) {
        self.flush();
    }
}

/// Writes changes, those that wait together, until the sender is dropped. Changes that cannot be written are tried
/// again with the next one; the user is told once why.
fn write(store: &Store, changes: &Receiver<SavedChange>, tell: &Tell) {
    let (mut waiting, mut failed) = (Vec::new(), String::new());
    while let Ok(first) = changes.recv() {
        waiting.push(first);
        waiting.extend(changes.try_iter());
        match store.apply(&waiting) {
            Ok(aside) => {
                waiting.clear();
                failed.clear();
                aside.iter().for_each(|aside| tell(Event::Toast(set_aside(aside))));
            }
            Err(error) => {
                let text = format!("Pins and notes cannot be saved: {error}");
                if text != failed {
                    tell(Event::Toast(text.clone()));
                }
                failed = text;
            }
        }
    }
}

/// Reads what was saved, and adds to what the user is told if it cannot be read.
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
