//! A pseudo-terminal that a test drives like a user: it sends keys and waits for the screen to show the result.

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, ChildKiller, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use vt100::{MouseProtocolEncoding, MouseProtocolMode, Screen};

/// The program under test.
pub(crate) const DIALTREE: &str = env!("CARGO_BIN_EXE_dialtree");
/// A Monday on which every line with hours is open.
pub(crate) const MONDAY: &str = "2026-11-23T10:42:00-08:00";

pub(crate) const ENTER: &str = "\r";
pub(crate) const ESC: &str = "\x1b";
pub(crate) const DOWN: &str = "\x1b[B";
pub(crate) const PAGE_DOWN: &str = "\x1b[6~";
pub(crate) const END: &str = "\x1b[F";
pub(crate) const F8: &str = "\x1b[19~";
pub(crate) const F4: &str = "\x1bOS";
pub(crate) const CTRL_C: &str = "\x03";
pub(crate) const CTRL_Q: &str = "\x11";
pub(crate) const CTRL_Z: &str = "\x1a";

/// The maximum wait for a change of the screen, the output or the process.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The options, environment and terminal that the program is started with.
pub(crate) struct Setup<'a> {
    /// Columns and rows.
    pub(crate) size: (u16, u16),
    pub(crate) at: &'a str,
    pub(crate) args: &'a [&'a str],
    pub(crate) env: &'a [(&'a str, &'a str)],
}

impl Default for Setup<'_> {
    fn default() -> Self {
        Self { size: (120, 40), at: MONDAY, args: &[], env: &[] }
    }
}

/// A program and the pseudo-terminal that it runs in.
pub(crate) struct Terminal {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    killer: Box<dyn ChildKiller + Send + Sync>,
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

/// The program's output and exit status so far.
struct State {
    parser: vt100::Parser<CursorQuery>,
    raw: Vec<u8>,
    /// No more output will follow.
    is_output_ended: bool,
    status: Option<ExitStatus>,
}

/// Whether the program has queried the cursor position. It must not: on a slow connection it would wait for the reply.
#[derive(Default)]
struct CursorQuery(bool);

impl vt100::Callbacks for CursorQuery {
    fn unhandled_csi(&mut self, _: &mut Screen, mark: Option<u8>, _: Option<u8>, params: &[&[u16]], last: char) {
        self.0 |= mark.is_none() && last == 'n' && params == [[6]];
    }
}

impl Terminal {
    /// Starts the program without a shell and waits for its first frame. Keys sent before that could still be echoed by
    /// the terminal.
    #[track_caller]
    pub(crate) fn start(setup: &Setup<'_>) -> Self {
        let args = ["--at", setup.at].into_iter().chain(setup.args.iter().copied());
        let terminal = Self::spawn(DIALTREE, args, setup.size, setup.env);
        terminal.wait_for(|screen| screen.alternate_screen() && !screen.contents().is_empty());
        terminal
    }

    /// Starts a program from a shell that prints the terminal's settings before and after it, its process ID and its
    /// exit code on the main screen.
    pub(crate) fn start_between_settings(program: &str, args: &[&str], env: &[(&str, &str)]) -> Self {
        const SCRIPT: &str = r#"stty -g; sh -c 'echo "pid $$"; exec "$0" "$@"' "$0" "$@"; echo "code $?"; stty -g"#;
        Self::spawn("sh", ["-c", SCRIPT, program].iter().chain(args), Setup::default().size, env)
    }

    /// Starts any program.
    pub(crate) fn spawn(
        program: &str,
        args: impl IntoIterator<Item: AsRef<OsStr>>,
        size: (u16, u16),
        env: &[(&str, &str)],
    ) -> Self {
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.cwd(env!("CARGO_MANIFEST_DIR"));
        for (name, _) in std::env::vars_os() {
            let is_of_session =
                ["DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR", "COLORTERM", "ENV", "DIALTREE_DATA", "LANG"].map(OsStr::new);
            let is_of_kind = |start| name.to_string_lossy().starts_with(start);
            if is_of_session.contains(&name.as_os_str()) || ["SSH_", "TMUX", "LC_"].into_iter().any(is_of_kind) {
                command.env_remove(name);
            }
        }
        let fixed = [("TERM", "xterm-256color"), ("TZ", "America/Los_Angeles")];
        // The folders of the user who runs the tests must not be used, nor those of another test.
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("home-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let home = home.to_str().unwrap();
        let folders = ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"].map(|name| (name, home));
        fixed.iter().chain(&folders).chain(env).for_each(|(name, value)| command.env(name, value));

        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let (columns, rows) = cells(size);
        let parser = vt100::Parser::new_with_callbacks(rows, columns, 0, CursorQuery::default());
        let state = State { parser, raw: Vec::new(), is_output_ended: false, status: None };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        read(pair.master.try_clone_reader().unwrap(), Arc::clone(&shared));
        let writer = pair.master.take_writer().unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        let killer = child.clone_killer();
        wait_for_end(child, Arc::clone(&shared));
        Self { master: pair.master, writer, killer, shared }
    }

    /// Types keys.
    pub(crate) fn keys(&mut self, keys: &str) {
        self.writer.write_all(keys.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Presses and releases a mouse button on a cell, counted from 0. Button 0 is the left one, 64 and 65 are the wheel.
    pub(crate) fn mouse(&mut self, button: u8, (row, column): (u16, u16)) {
        let (x, y) = (column + 1, row + 1);
        self.keys(&format!("\x1b[<{button};{x};{y}M"));
        if button < 64 {
            self.keys(&format!("\x1b[<{button};{x};{y}m"));
        }
    }

    /// Resizes the terminal, in columns and rows.
    pub(crate) fn resize(&self, size: (u16, u16)) {
        let (columns, rows) = cells(size);
        self.shared.state.lock().unwrap().parser.set_size(rows, columns);
        self.master.resize(pty_size(size)).unwrap();
    }

    /// Waits until the screen meets a condition. A frame may arrive in several reads, so conditions on the same frame
    /// belong in one call.
    #[track_caller]
    pub(crate) fn wait_for(&self, is_wanted: impl Fn(&Screen) -> bool) -> Screen {
        self.wait(|state| {
            let screen = state.parser.screen();
            is_wanted(screen).then(|| screen.clone())
        })
    }

    /// Waits until all of the texts are on the screen.
    #[track_caller]
    pub(crate) fn shows(&self, texts: &[&str]) -> Screen {
        self.wait_for(|screen| texts.iter().all(|text| screen.has(text)))
    }

    /// Waits until the program has exited and its output has ended.
    #[track_caller]
    pub(crate) fn end(&self) -> (ExitStatus, Screen) {
        self.wait(|state| match &state.status {
            Some(status) if state.is_output_ended => Some((status.clone(), state.parser.screen().clone())),
            _ => None,
        })
    }

    /// Waits until the output contains a sequence.
    #[track_caller]
    pub(crate) fn sends(&self, bytes: &str) {
        self.wait(|state| state.raw.windows(bytes.len()).any(|window| window == bytes.as_bytes()).then_some(()));
    }

    /// All output so far.
    pub(crate) fn raw(&self) -> Vec<u8> {
        self.shared.state.lock().unwrap().raw.clone()
    }

    #[track_caller]
    fn wait<T>(&self, find: impl Fn(&State) -> Option<T>) -> T {
        let start = Instant::now();
        let mut state = self.shared.state.lock().unwrap();
        loop {
            let found = find(&state);
            let has_queried = state.parser.callbacks().0;
            let left = TIMEOUT.saturating_sub(start.elapsed());
            let is_over = left.is_zero() || (state.is_output_ended && state.status.is_some());
            if has_queried || (found.is_none() && is_over) {
                let (screen, status) = (state.parser.screen().clone(), state.status.clone());
                drop(state);
                assert!(!has_queried, "the program queried the cursor position");
                let (contents, cursor) = (screen.contents(), screen.cursor_position());
                panic!("timed out after {:?}; status {status:?}, cursor {cursor:?}:\n{contents}", start.elapsed());
            }
            if let Some(found) = found {
                return found;
            }
            state = self.shared.changed.wait_timeout(state, left).unwrap().0;
        }
    }
}

impl Drop for Terminal {
    /// Kills the program if the test has failed before its end.
    fn drop(&mut self) {
        if self.shared.state.lock().is_ok_and(|state| state.status.is_none()) {
            let _ = self.killer.kill();
        }
    }
}

/// Reads a screen as a user does.
pub(crate) trait ScreenText {
    /// The row and column of a text.
    fn find(&self, text: &str) -> Option<(u16, u16)>;
    /// Whether a text is on the screen.
    fn has(&self, text: &str) -> bool {
        self.find(text).is_some()
    }
    /// The text of a row.
    fn row(&self, row: u16) -> String;
    /// The text of the last row.
    fn footer(&self) -> String;
    /// The text of the row above the last.
    fn message(&self) -> String;
    /// Whether the cursor is shown at the start of a reversed part of a row that contains a text.
    fn is_selected(&self, text: &str) -> bool;
    /// Whether the terminal is in the state that a shell expects.
    fn is_restored(&self) -> bool;
}

impl ScreenText for Screen {
    fn find(&self, text: &str) -> Option<(u16, u16)> {
        let rows = self.rows(0, self.size().1.get());
        rows.zip(0..).find_map(|(line, row)| {
            let before = &line[..line.find(text)?];
            Some((row, u16::try_from(before.chars().count()).unwrap()))
        })
    }

    fn row(&self, row: u16) -> String {
        self.rows(0, self.size().1.get()).nth(usize::from(row)).unwrap_or_default()
    }

    fn footer(&self) -> String {
        self.row(self.size().0.get() - 1)
    }

    fn message(&self) -> String {
        self.row(self.size().0.get() - 2)
    }

    fn is_selected(&self, text: &str) -> bool {
        let (row, column) = self.cursor_position();
        let reversed = |column: u16| self.cell(row, column).is_some_and(vt100::Cell::inverse);
        let selected: String = (column..self.size().1.get())
            .take_while(|column| reversed(*column))
            .filter_map(|column| self.cell(row, column))
            .map(|cell| if cell.has_contents() { cell.contents() } else { " " })
            .collect();
        !self.hide_cursor() && selected.contains(text)
    }

    fn is_restored(&self) -> bool {
        let is_plain = !self.bold() && !self.dim() && !self.inverse() && !self.underline();
        !self.alternate_screen()
            && !self.bracketed_paste()
            && self.mouse_protocol_mode() == MouseProtocolMode::None
            && self.mouse_protocol_encoding() == MouseProtocolEncoding::Default
            && !self.hide_cursor()
            && is_plain
            && self.fgcolor() == vt100::Color::Default
            && self.bgcolor() == vt100::Color::Default
    }
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, ..PtySize::default() }
}

fn cells((columns, rows): (u16, u16)) -> (NonZeroU16, NonZeroU16) {
    (NonZeroU16::new(columns).unwrap(), NonZeroU16::new(rows).unwrap())
}

/// Passes the program's output to the terminal's parser.
fn read(mut reader: Box<dyn Read + Send>, shared: Arc<Shared>) {
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        // Once the program has closed the terminal, reading fails on Linux and returns 0 bytes elsewhere.
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            let mut state = shared.state.lock().unwrap();
            state.raw.extend_from_slice(&buffer[..count]);
            state.parser.process(&buffer[..count]);
            shared.changed.notify_all();
        }
        shared.state.lock().unwrap().is_output_ended = true;
        shared.changed.notify_all();
    });
}

fn wait_for_end(mut child: Box<dyn Child + Send + Sync>, shared: Arc<Shared>) {
    thread::spawn(move || {
        let status = child.wait().unwrap();
        shared.state.lock().unwrap().status = Some(status);
        shared.changed.notify_all();
    });
}
