//! Measures the time to the first frame, the time per key, the output per key and the peak memory in a terminal.
//!
//! `cargo bench --bench terminal` starts dialtree, the minimal program `examples/bare.rs` and, if it is installed, fzf, in
//! turn, each in a 120x40 pseudo-terminal. Because the programs alternate, other load on the machine affects all of them,
//! and the ratios are more stable than the times. A missed bound is printed but does not fail the run, because times
//! depend on the machine. A program that does not start or quit fails it.

#![forbid(unsafe_code)]
// The results are printed to standard output.
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
/// The number of starts of each program.
const START_COUNT: usize = 60;
/// The number of rows that the selection moves down and back up in every second start: 600 keys in all.
const ROW_COUNT: usize = 10;
/// The response to a key is complete once the output has paused for this time.
const PAUSE: Duration = Duration::from_millis(15);
/// The first key is sent once the output has paused for this time, so that late output is not counted as a response.
const SETTLE_PAUSE: Duration = Duration::from_millis(100);
/// The maximum wait for the response to a key.
const KEY_TIMEOUT: Duration = Duration::from_secs(1);
/// The maximum wait for the first frame, a pause or the exit of a program.
const TIMEOUT: Duration = Duration::from_secs(10);

const UP: &str = "\x1b[A";
const DOWN: &str = "\x1b[B";

/// A program, and the keys that drive it.
struct Program {
    name: String,
    command: CommandBuilder,
    /// A text that is part of the first frame.
    mark: &'static str,
    /// The key that opens the list to move in, unless the first frame shows it.
    enter: Option<&'static str>,
    forward: &'static str,
    back: &'static str,
    quit: &'static str,
}

/// The measurements of a program over all its starts.
#[derive(Default)]
struct Samples {
    first_ms: Vec<f64>,
    key_ms: Vec<f64>,
    key_bytes: Vec<f64>,
    peak_mb: Vec<f64>,
    unanswered_count: usize,
}

/// The number of cursor position queries not replied to yet. Some programs wait for the reply.
#[derive(Default)]
struct CursorQueries(usize);

impl vt100::Callbacks for CursorQueries {
    fn unhandled_csi(&mut self, _: &mut vt100::Screen, mark: Option<u8>, _: Option<u8>, params: &[&[u16]], last: char) {
        if mark.is_none() && last == 'n' && params == [[6]] {
            self.0 += 1;
        }
    }
}

/// A chunk of output and the time when it was read.
type Chunk = (Instant, Vec<u8>);

/// A running program and its terminal.
struct Session {
    child: Box<dyn Child + Send + Sync>,
    writer: Box<dyn Write + Send>,
    chunks: Receiver<Chunk>,
    parser: vt100::Parser<CursorQueries>,
    started: Instant,
    /// Keeps the terminal open while the program runs.
    _master: Box<dyn MasterPty + Send>,
}

impl Session {
    fn start(command: &CommandBuilder) -> Result<Self> {
        let (rows, cols) = (NonZeroU16::try_from(ROWS)?, NonZeroU16::try_from(COLS)?);
        let pair = native_pty_system().openpty(PtySize { rows: ROWS, cols: COLS, ..PtySize::default() })?;
        let chunks = timed_chunks(pair.master.try_clone_reader()?);
        let writer = pair.master.take_writer()?;
        let started = Instant::now();
        Ok(Self {
            child: pair.slave.spawn_command(command.clone())?,
            writer,
            chunks,
            parser: vt100::Parser::new_with_callbacks(rows, cols, 0, CursorQueries::default()),
            started,
            _master: pair.master,
        })
    }

    fn send(&mut self, keys: &str) -> Result<()> {
        self.writer.write_all(keys.as_bytes())?;
        Ok(self.writer.flush()?)
    }

    /// Passes output to the terminal's parser, and replies to the cursor position queries in it.
    fn show(&mut self, output: &[u8]) -> Result<()> {
        self.parser.process(output);
        let query_count = std::mem::take(&mut self.parser.callbacks_mut().0);
        self.send(&"\x1b[1;1R".repeat(query_count))
    }

    /// The time from the start until `mark` is on the screen.
    fn first_frame(&mut self, mark: &str) -> Result<Duration> {
        loop {
            let left = TIMEOUT.saturating_sub(self.started.elapsed());
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

    /// Waits until the output pauses.
    fn settle(&mut self) -> Result<()> {
        let since = Instant::now();
        while since.elapsed() < TIMEOUT {
            match self.chunks.recv_timeout(SETTLE_PAUSE) {
                Ok((_, output)) => self.show(&output)?,
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => bail!("the program has exited"),
            }
        }
        bail!("the output does not pause")
    }

    /// Sends a key and waits until the output pauses. Returns the time until the last output and its size in bytes, or
    /// `None` if there was none.
    fn press(&mut self, key: &str) -> Result<Option<(Duration, usize)>> {
        let sent = Instant::now();
        self.send(key)?;
        let mut response = None;
        while sent.elapsed() < TIMEOUT {
            let wait = response.map_or(KEY_TIMEOUT, |_| PAUSE);
            let Ok((at, output)) = self.chunks.recv_timeout(wait) else {
                break;
            };
            self.show(&output)?;
            let before = response.map_or(0, |(_, bytes)| bytes);
            response = Some((at.saturating_duration_since(sent), before + output.len()));
        }
        Ok(response)
    }

    /// The peak memory of the program in megabytes (10^6 bytes), on Linux only.
    fn peak_mb(&self) -> Option<f64> {
        let path = format!("/proc/{}/status", self.child.process_id()?);
        let status = fs::read_to_string(path).ok()?;
        let peak = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
        let kib: f64 = peak.split_whitespace().next()?.parse().ok()?;
        Some(kib * 1024.0 / 1e6)
    }

    /// Sends the key that quits the program and waits until it has exited.
    fn quit(mut self, key: &str) -> Result<()> {
        self.send(key)?;
        let sent = Instant::now();
        while self.child.try_wait()?.is_none() {
            ensure!(sent.elapsed() < TIMEOUT, "the program does not quit on {key:?}");
            thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

impl Drop for Session {
    /// Kills the program if a measurement has failed.
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) && self.child.kill().is_ok() {
            self.child.wait().ok();
        }
    }
}

/// Reads in another thread, so that the time of each chunk is that of its arrival.
fn timed_chunks(mut reader: Box<dyn Read + Send>) -> Receiver<Chunk> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        // Once the program has closed the terminal, reading fails on Linux and returns 0 bytes elsewhere.
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

/// Starts a program, measures its first frame, its responses to keys if wanted, and its memory, and quits it.
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
        for key in repeat_n(program.forward, ROW_COUNT).chain(repeat_n(program.back, ROW_COUNT)) {
            if let Some((took, bytes)) = session.press(key)? {
                samples.key_ms.push(took.as_secs_f64() * 1e3);
                samples.key_bytes.push(bytes as f64);
            } else {
                samples.unanswered_count += 1;
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

/// The maximum, for memory: its bound applies to every start.
fn max(values: &[f64]) -> Option<f64> {
    quantile(values, 100)
}

fn ratio(values: &[f64], to: &[f64]) -> Option<f64> {
    Some(median(values)? / median(to)?)
}

/// A command with the same environment for every program, wherever the benchmark runs.
fn command(program: impl AsRef<OsStr>) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("SSH_") || text.starts_with("FZF_") {
            command.env_remove(&name);
        }
    }
    // What the user keeps is neither read nor written.
    command.env("XDG_STATE_HOME", "/proc");
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
        forward: DOWN,
        back: UP,
        quit: "\x11",
    }
}

/// Builds the example `bare`, because Cargo builds binaries but not examples for a benchmark.
///
/// Builds the binary too, so that both use the same profile, that of benchmarks. Usually it is up to date.
fn bare(dialtree: &Path) -> Result<Program> {
    let release = dialtree.parent().context("no release directory")?;
    let mut cargo = Command::new(env!("CARGO"));
    // Build scripts watch the variables that Cargo sets for this benchmark: they would be run again, and with them
    // everything that depends on them would be compiled and linked again, which takes minutes.
    let of_benchmark = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in names.filter(|name| of_benchmark.iter().any(|start| name.starts_with(start))) {
        cargo.env_remove(name);
    }
    // The first time, this takes a while, so Cargo shows its progress.
    let built = cargo
        .args(["build", "--profile", "bench", "--bin", "dialtree"])
        .args(["--example", "bare", "--target-dir"])
        .arg(release.parent().context("no target directory")?)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .context("starting cargo to build the example `bare`")?;
    ensure!(built.success(), "the example `bare` does not build");
    let file = format!("bare{}", env::consts::EXE_SUFFIX);
    Ok(Program {
        name: "bare".into(),
        command: command(release.join("examples").join(file)),
        mark: "Bare list",
        enter: None,
        forward: DOWN,
        back: UP,
        quit: "q",
    })
}

/// fzf with a list of similar size, or `None` if it is not installed.
///
/// The shell opens the file and then becomes fzf, so the process that is measured is fzf itself. The first frame is
/// complete with the number of lines: before that, fzf draws its prompt only. The list grows upwards.
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
        forward: UP,
        back: DOWN,
        quit: "\x1b",
    }))
}

fn number(value: Option<f64>, decimals: usize) -> String {
    value.map_or("not measured".into(), |it| format!("{it:.decimals$}"))
}

/// Prints a row of the table. The columns are wide enough for the headings and for "not measured".
fn print_row(name: &str, cells: [&str; 7]) {
    print!("{name:<12}");
    for cell in cells {
        print!(" {cell:>14}");
    }
    println!();
}

fn print_table(measured: &[(Program, Samples)], bare: &Samples) {
    let (key, p99) = ("key median ms", "key p99 ms");
    print_row("program", ["first frame ms", "vs. bare", key, p99, "vs. bare", "bytes per key", "peak MB"]);
    for (program, its) in measured {
        let cells = [
            number(median(&its.first_ms), 2),
            number(ratio(&its.first_ms, &bare.first_ms), 2),
            number(median(&its.key_ms), 3),
            number(quantile(&its.key_ms, 99), 3),
            number(ratio(&its.key_ms, &bare.key_ms), 2),
            number(median(&its.key_bytes), 0),
            number(max(&its.peak_mb), 2),
        ];
        print_row(&program.name, cells.each_ref().map(String::as_str));
    }
    for (program, its) in measured.iter().filter(|(_, its)| its.unanswered_count > 0) {
        println!("error: {} did not respond to {} keys", program.name, its.unanswered_count);
    }
}

/// Prints the bounds and whether this run met them.
fn print_bounds(real: &Samples, bare: &Samples, fzf: Option<&Samples>) {
    let to_bare = ratio(&real.first_ms, &bare.first_ms);
    let to_fzf = fzf.and_then(|fzf| ratio(&real.first_ms, &fzf.first_ms));
    let key = ratio(&real.key_ms, &bare.key_ms);
    let bounds = [
        ("first frame <= 1.5 x bare", to_bare.map(|it| it <= 1.5)),
        ("first frame < fzf", to_fzf.map(|it| it < 1.0)),
        ("key <= 2 x bare", key.map(|it| it <= 2.0)),
        ("median key <= 700 bytes", median(&real.key_bytes).map(|it| it <= 700.0)),
        ("peak <= 8 MB", max(&real.peak_mb).map(|it| it <= 8.0)),
    ];
    for (bound, is_met) in bounds {
        let verdict = is_met.map_or("not measured", |is_met| if is_met { "met" } else { "missed" });
        println!("{bound:<26} {verdict}");
    }
}

fn main() -> Result<()> {
    // `cargo test --all-targets` runs benchmarks too, in a profile whose times are meaningless.
    if !env::args().any(|it| it == "--bench") {
        println!("run this with `cargo bench`");
        return Ok(());
    }
    let path = Path::new(env!("CARGO_BIN_EXE_dialtree"));
    let mut measured = vec![(dialtree(path), Samples::default()), (bare(path)?, Samples::default())];
    match fzf()? {
        Some(fzf) => measured.push((fzf, Samples::default())),
        None => println!("fzf is not installed: no comparison with it"),
    }
    let names: Vec<&str> = measured.iter().map(|(program, _)| &*program.name).collect();
    eprintln!("Measuring {} in turn, {START_COUNT} starts each; this takes about two minutes", names.join(", "));
    for start in 0..START_COUNT {
        for (program, samples) in &mut measured {
            measure(program, start % 2 == 0, samples)
                .with_context(|| format!("start {} of {}", start + 1, program.name))?;
        }
    }
    println!("{START_COUNT} starts and {} keys per program, {COLS}x{ROWS}", START_COUNT * ROW_COUNT);
    if let [(_, real), (_, bare), rest @ ..] = measured.as_slice() {
        print_table(&measured, bare);
        println!();
        print_bounds(real, bare, rest.first().map(|(_, fzf)| fzf));
    }
    Ok(())
}
