//! Puts the terminal into raw mode and restores it however the program ends.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use crate::session::ansi_backend::LEAVE_SCREEN;

/// The process's terminal in raw mode, and on its alternate screen once
/// [`ENTER_SCREEN`](crate::session::ansi_backend::ENTER_SCREEN) is sent. The terminal is restored when this is dropped,
/// and before a panic is reported.
pub struct RawTerminal {
    /// Shared with the panic hook, so that the terminal is restored once only: a second [`LEAVE_SCREEN`] would move the
    /// cursor to where it was saved and overwrite the panic's message.
    is_raw: Arc<AtomicBool>,
}

impl RawTerminal {
    /// Enables raw mode and installs a panic hook that restores the terminal before the previous hook runs.
    ///
    /// # Errors
    /// Returns the system's error if raw mode cannot be enabled.
    pub fn enter() -> io::Result<Self> {
        let mut terminal = Self { is_raw: Arc::new(AtomicBool::new(false)) };
        terminal.reenter()?;
        let (is_raw, previous_hook) = (Arc::clone(&terminal.is_raw), std::panic::take_hook());
        std::panic::set_hook(Box::new(move |panic| {
            restore(&is_raw);
            previous_hook(panic);
        }));
        Ok(terminal)
    }

    /// Enables raw mode again after [`restore`](Self::restore).
    ///
    /// # Errors
    /// Returns the system's error if raw mode cannot be enabled.
    pub fn reenter(&mut self) -> io::Result<()> {
        // Before raw mode is enabled, so that a partial failure is undone too.
        self.is_raw.store(true, Ordering::SeqCst);
        enable_raw_mode()
    }

    /// Restores the terminal before the process is suspended.
    pub fn restore(&mut self) {
        restore(&self.is_raw);
    }
}

impl Drop for RawTerminal {
    fn drop(&mut self) {
        restore(&self.is_raw);
    }
}

/// Restores the terminal unless that is done already. Ignores errors, which a closed terminal causes.
fn restore(is_raw: &AtomicBool) {
    if is_raw.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout().lock();
        let _ = out.write_all(LEAVE_SCREEN.as_bytes()).and_then(|()| out.flush());
        let _ = disable_raw_mode();
    }
}
