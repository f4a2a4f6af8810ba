//! Taking the terminal, and giving it back whole on every way out.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use crate::session::ansi_backend::LEAVE_SCREEN;

/// The terminal, held: in raw mode, and on its other screen once [`ENTER_SCREEN`](crate::session::ansi_backend::ENTER_SCREEN) is sent. It is
/// given back when this is dropped, and before a panic is reported.
pub struct Held {
    is_held: Arc<AtomicBool>,
}

impl Held {
    /// Takes the terminal of this process and puts a panic hook in place that gives it back first.
    ///
    /// # Errors
    /// What the terminal says.
    pub fn take() -> io::Result<Self> {
        let mut held = Self { is_held: Arc::new(AtomicBool::new(false)) };
        held.take_again()?;
        let (is_held, report) = (Arc::clone(&held.is_held), std::panic::take_hook());
        std::panic::set_hook(Box::new(move |panic| {
            restore(&is_held);
            report(panic);
        }));
        Ok(held)
    }

    /// Takes the terminal after it was given back.
    ///
    /// # Errors
    /// What the terminal says.
    pub fn take_again(&mut self) -> io::Result<()> {
        self.is_held.store(true, Ordering::SeqCst);
        enable_raw_mode()
    }

    /// Gives the terminal back, for a while.
    pub fn restore(&mut self) {
        restore(&self.is_held);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        restore(&self.is_held);
    }
}

/// Gives the terminal back, once. A terminal that is gone cannot be given back, so errors do not matter.
fn restore(is_held: &AtomicBool) {
    if is_held.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout().lock();
        let _ = out.write_all(LEAVE_SCREEN.as_bytes()).and_then(|()| out.flush());
        let _ = disable_raw_mode();
    }
}
