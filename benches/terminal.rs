//! How fast the program is as the person at the keyboard meets it: in a terminal, from outside.
//!
//! `cargo bench --bench terminal` starts, in one run and in turn, the real program, the floor it
//! is held against (`examples/bare.rs`) and fzf where it is installed, each in a 120x40
//! pseudo-terminal. Taking turns lets all of them share whatever else the machine is doing, so the
//! ratios hold where the milliseconds do not. A missed bound is printed and never fails the run, as
//! a time depends on the machine; a program that does not come up or does not quit fails it.

#![forbid(unsafe_code)]
// Printing the table is what this is for.
#![allow(clippy::print_stdout)]

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{Read, Write};
use std::iter::repeat_n;
use std::num::NonZeroU16;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const COLS: u16 = 120;
const ROWS: u16 = 40;
/// Starts of each program.
const STARTS: usize = 60;
/// Every second start gets keys, this many rows there and as many back: 600 keys in all.
const SWEEP: usize = 10;
/// Output that has paused this long is taken to be over.
const QUIET: Duration = Duration::from_millis(15);
/// What comes late after the first frame is let go by before the first key: a longer pause.
const SETTLED: Duration = Duration::from_millis(100);
/// A key not answered by now will not be.
const NO_ANSWER: Duration = Duration::from_secs(1);
/// A program that has not drawn, paused or quit by now is stuck.
const STUCK: Duration = Duration::from_secs(10);

const UP: &str = "\x1b[A";
const DOWN: &str = "\x1b[B";

/// What to run and how to drive it.
struct Program {
    name: String,
    command: CommandBuilder,
    /// Text that is on the screen once the first frame is.
    mark: &'static str,
    /// A key that leads to the list to move in, where the first frame is not that list already.
    enter: Option<&'static str>,
    there: &'static str,
    back: &'static str,
    quit: &'static str,
}

/// Everything measured of one program, over all its starts.
#[derive(Default)]
struct Samples {
    first_ms: Vec<f64>,
    key_ms: Vec<f64>,
    key_bytes: Vec<f64>,
    peak_mb: Vec<f64>,
    unanswered: usize,
}

/// Counts the cursor position requests, which some programs wait to have answered.
#[derive(Default)]
struct Requests(usize);

impl vt100::Callbacks for Requests {
    fn unhandled_csi(&mut self, _: &mut vt100::Screen, mark: Option<u8>, _: Option<u8>, params: &[&[u16]], last: char) {
        if mark.is_none() && last == 'n' && params == [[6]] {
            self.0 += 1;
        }
    }
}

/// A piece of output and when it came.
type Chunk = (Instant, Vec<u8>);

/// One running program with the terminal it runs in.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    chunks: Receiver<Chunk>,
    parser: vt100::Parser<Requests>,
    started: Instant,
    /// Held so that the terminal lives as long as the program does.
    _master: Box<dyn MasterPty + Send>,
}

impl Session {
    fn start(command: &CommandBuilder) -> Result<Self> {
        let (rows, cols) = (NonZeroU16::try_from(ROWS)?, NonZeroU16::try_from(COLS)?);
        let pair = native_pty_system().openpty(PtySize { rows: ROWS, cols: COLS, ..PtySize::default() })?;
        let chunks = stamped(pair.master.try_clone_reader()?);
        let writer = pair.master.take_writer()?;
        let started = Instant::now();
        Ok(Self {
            child: pair.slave.spawn_command(command.clone())?,
            writer,
            chunks,
            parser: vt100::Parser::new_with_callbacks(rows, cols, 0, Requests::default()),
            started,
            _master: pair.master,
        })
    }

    fn send(&mut self, keys: &str) -> Result<()> {
        self.writer.write_all(keys.as_bytes())?;
        Ok(self.writer.flush()?)
    }

    /// Shows output to the terminal, and answers what the program asked of it.
    fn show(&mut self, output: &[u8]) -> Result<()> {
        self.parser.process(output);
        let asked = std::mem::take(&mut self.parser.callbacks_mut().0);
        self.send(&"\x1b[1;1R".repeat(asked))
    }

    /// How long it took from the start until `mark` was on the screen.
    fn first_frame(&mut self, mark: &str) -> Result<Duration> {
        loop {
            let left = STUCK.saturating_sub(self.started.elapsed());
            let Ok((at, output)) = self.chunks.recv_timeout(left) else {
                let screen = self.parser.screen().contents();
                bail!("no {mark:?} on the screen, but:\n{screen}");
            };
            self.show(&output)?;
            if self.parser.screen().contents().contains(mark) {
                return Ok(at.saturating_duration_since(self.started));
            }
        }
    }

    /// Lets output go by until it pauses.
    fn settle(&mut self) -> Result<()> {
        let since = Instant::now();
        while since.elapsed() < STUCK {
            match self.chunks.recv_timeout(SETTLED) {
                Ok((_, output)) => self.show(&output)?,
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => bail!("it ended by itself"),
            }
        }
        bail!("its output does not pause")
    }

    /// Sends a key and follows the output until it pauses: how long that took and how many bytes
    /// it was, or `None` where there was no output.
    fn press(&mut self, key: &str) -> Result<Option<(Duration, usize)>> {
        let sent = Instant::now();
        self.send(key)?;
        let mut answer = None;
        while sent.elapsed() < STUCK {
            let wait = answer.map_or(NO_ANSWER, |_| QUIET);
            let Ok((at, output)) = self.chunks.recv_timeout(wait) else {
                break;
            };
            self.show(&output)?;
            let before = answer.map_or(0, |(_, bytes)| bytes);
            answer = Some((at.saturating_duration_since(sent), before + output.len()));
        }
        Ok(answer)
    }

    /// The most memory the program has held so far, in millions of bytes, where Linux tells it.
    fn peak_mb(&self) -> Option<f64> {
        let path = format!("/proc/{}/status", self.child.process_id()?);
        let status = fs::read_to_string(path).ok()?;
        let peak = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
        let kib: f64 = peak.split_whitespace().next()?.parse().ok()?;
        Some(kib * 1024.0 / 1e6)
    }

    /// Asks the program to quit and waits until it has.
    fn quit(mut self, key: &str) -> Result<()> {
        self.send(key)?;
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            ensure!(asked.elapsed() < STUCK, "it does not quit on {key:?}");
            thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

impl Drop for Session {
    /// The last resort, so that no failure leaves a program running behind it.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) && self.child.kill().is_ok() {
            self.child.wait().ok();
        }
    }
}

/// Reads on a thread of its own, so that a chunk is stamped when it comes and not when the bench
/// gets round to it.
fn stamped(mut reader: Box<dyn Read + Send>) -> Receiver<Chunk> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        // A closed terminal reads as an error on Linux, as nothing elsewhere: the end either way.
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            let at = Instant::now();
            let output = buffer.iter().take(count).copied().collect();
            if sender.send((at, output)).is_err() {
                break;
            }
        }
    });
    receiver
}

/// One start of a program: its first frame, the keys where wanted, its memory, its end.
fn measure(program: &Program, with_keys: bool, samples: &mut Samples) -> Result<()> {
    let mut session = Session::start(&program.command)?;
    let first = session.first_frame(program.mark)?;
    samples.first_ms.push(first.as_secs_f64() * 1e3);
    session.settle()?;
    if with_keys {
        if let Some(key) = program.enter {
            session.send(key)?;
            session.settle()?;
        }
        for key in repeat_n(program.there, SWEEP).chain(repeat_n(program.back, SWEEP)) {
            if let Some((took, bytes)) = session.press(key)? {
                samples.key_ms.push(took.as_secs_f64() * 1e3);
                samples.key_bytes.push(bytes as f64);
            } else {
                samples.unanswered += 1;
            }
        }
    }
    samples.peak_mb.extend(session.peak_mb());
    session.quit(program.quit)
}

/// The value that `percent` of the values do not exceed (nearest rank).
fn quantile(values: &[f64], percent: usize) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

fn median(values: &[f64]) -> Option<f64> {
    quantile(values, 50)
}

/// The highest, for memory: the bound on it is one for every start.
fn highest(values: &[f64]) -> Option<f64> {
    quantile(values, 100)
}

fn ratio(values: &[f64], to: &[f64]) -> Option<f64> {
    Some(median(values)? / median(to)?)
}

/// A command in the surroundings that every program gets, wherever the bench itself is run.
fn command(program: impl AsRef<OsStr>) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("SSH_") || text.starts_with("FZF_") {
            command.env_remove(&name);
        }
    }
    command.env_remove("NO_COLOR");
    command.env_remove("COLORTERM");
    command.env("TERM", "xterm-256color");
    command.env("TZ", "America/Los_Angeles");
    command.cwd(env!("CARGO_MANIFEST_DIR"));
    command
}

fn dialtree(path: &Path) -> Program {
    Program {
        name: "dialtree".into(),
        command: command(path),
        mark: "Health Net",
        enter: Some("1"),
        there: DOWN,
        back: UP,
        quit: "q",
    }
}

/// The bare example, built first: for a bench Cargo builds the binaries but not the examples.
///
/// The binary is named too, so that both come from the release profile even where the bench
/// profile differs from it; most often there is nothing left to build.
fn bare(dialtree: &Path) -> Result<Program> {
    let release = dialtree.parent().context("no release directory")?;
    let built = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--release", "--bin", "dialtree"])
        .args(["--example", "bare", "--target-dir"])
        .arg(release.parent().context("no target directory")?)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .context("starting cargo to build the bare example")?;
    ensure!(built.success(), "the bare example does not build");
    let file = format!("bare{}", env::consts::EXE_SUFFIX);
    Ok(Program {
        name: "bare".into(),
        command: command(release.join("examples").join(file)),
        mark: "Bare list",
        enter: None,
        there: DOWN,
        back: UP,
        quit: "q",
    })
}

/// fzf over a list of the same kind, or `None` where it is not installed.
///
/// The shell only opens the file and then becomes fzf, so the process measured is fzf itself. The
/// first frame is there with the count of lines: before that fzf has drawn its prompt and no list.
/// The list grows upwards.
fn fzf() -> Result<Option<Program>> {
    let Ok(version) = Command::new("fzf").arg("--version").output() else {
        return Ok(None);
    };
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fzf-lines.txt");
    let lines: Vec<_> = (1..=60).map(|n| format!("Line {n:02} of the list")).collect();
    fs::write(&file, lines.join("\n")).context("writing the lines for fzf")?;
    let mut command = command("sh");
    command.args(["-c", r#"exec fzf < "$1""#, "sh"]);
    command.arg(file);
    Ok(Some(Program {
        name: format!("fzf {}", version.split_whitespace().next().unwrap_or("?")),
        command,
        mark: "60/60",
        enter: None,
        there: UP,
        back: DOWN,
        quit: "\x1b",
    }))
}

fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or("not measured".into(), |it| format!("{it:.decimals$}"))
}

/// Prints a line of the table; the widths hold the headings and "not measured".
fn print_row(name: &str, cells: [&str; 7]) {
    print!("{name:<12}");
    for cell in cells {
        print!(" {cell:>14}");
    }
    println!();
}

fn print_table(measured: &[(Program, Samples)], bare: &Samples) {
    let (key, p99) = ("key median ms", "key p99 ms");
    print_row("program", ["first frame ms", "x bare", key, p99, "x bare", "bytes a key", "peak MB"]);
    for (program, its) in measured {
        let cells = [
            number(median(&its.first_ms), 2),
            number(ratio(&its.first_ms, &bare.first_ms), 2),
            number(median(&its.key_ms), 3),
            number(quantile(&its.key_ms, 99), 3),
            number(ratio(&its.key_ms, &bare.key_ms), 2),
            number(median(&its.key_bytes), 0),
            number(highest(&its.peak_mb), 2),
        ];
        print_row(&program.name, cells.each_ref().map(String::as_str));
    }
    for (program, its) in measured.iter().filter(|(_, its)| its.unanswered > 0) {
        println!("error: {} left {} keys unanswered", program.name, its.unanswered);
    }
}

/// Prints what was promised and whether it held in this run.
fn print_bounds(real: &Samples, bare: &Samples, fzf: Option<&Samples>) {
    let to_bare = ratio(&real.first_ms, &bare.first_ms);
    let to_fzf = fzf.and_then(|fzf| ratio(&real.first_ms, &fzf.first_ms));
    let key = ratio(&real.key_ms, &bare.key_ms);
    let bounds = [
        ("first frame <= 1.5 x bare", to_bare.map(|it| it <= 1.5)),
        ("first frame ahead of fzf", to_fzf.map(|it| it < 1.0)),
        ("key <= 2 x bare", key.map(|it| it <= 2.0)),
        ("median key <= 700 bytes", median(&real.key_bytes).map(|it| it <= 700.0)),
        ("peak <= 8 MB", highest(&real.peak_mb).map(|it| it <= 8.0)),
    ];
    for (bound, held) in bounds {
        let verdict = held.map_or("not measured", |held| if held { "met" } else { "missed" });
        println!("{bound:<26} {verdict}");
    }
}

fn main() -> Result<()> {
    // `cargo test --all-targets` runs benches as well, in a profile whose times say nothing.
    if !env::args().any(|it| it == "--bench") {
        println!("only `cargo bench` measures");
        return Ok(());
    }
    let path = Path::new(env!("CARGO_BIN_EXE_dialtree"));
    let mut measured = vec![(dialtree(path), Samples::default()), (bare(path)?, Samples::default())];
    match fzf()? {
        Some(fzf) => measured.push((fzf, Samples::default())),
        None => println!("fzf is not installed, so nothing is compared with it"),
    }
    for start in 0..STARTS {
        for (program, samples) in &mut measured {
            measure(program, start % 2 == 0, samples)
                .with_context(|| format!("start {} of {}", start + 1, program.name))?;
        }
    }
    println!("{STARTS} starts and {} keys each, {COLS}x{ROWS}", STARTS * SWEEP);
    if let [(_, real), (_, bare), rest @ ..] = measured.as_slice() {
        print_table(&measured, bare);
        println!();
        print_bounds(real, bare, rest.first().map(|(_, fzf)| fzf));
    }
    Ok(())
}
