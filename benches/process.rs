//! Measures whole processes, from start to exit, as a script runs them.
//!
//! `cargo bench --bench process` runs `dialtree find commission`, `fzf --filter commission` on the same texts with one
//! entry per line, `dialtree --version` and an empty Rust program, in turn. Because the programs alternate, other load on
//! the machine affects all of them, and the ratios are more stable than the times. A missed bound is printed but does not
//! fail the run; wrong output does.

#![forbid(unsafe_code)]
// The results are printed to standard output.
#![allow(clippy::print_stdout)]

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use dialtree::directory::{Details, Directory, EMBEDDED, EntryId};
use dialtree::present::script::Script;

/// The number of runs of each program.
const RUN_COUNT: usize = 300;

const QUERY: &str = "commission";

/// A program, its standard input, and the duration of each run.
struct Program {
    name: &'static str,
    path: PathBuf,
    arguments: &'static [&'static str],
    input: Option<PathBuf>,
    /// A text that its output must contain, so that no failed run is measured.
    expected: &'static str,
    times: Vec<Duration>,
}

impl Program {
    fn command(&self) -> Result<Command> {
        let mut command = Command::new(&self.path);
        command.args(self.arguments).env("XDG_DATA_HOME", "nowhere").env_remove("DIALTREE_DATA").stderr(Stdio::null());
        command.stdin(match &self.input {
            Some(file) => Stdio::from(File::open(file)?),
            None => Stdio::null(),
        });
        Ok(command)
    }

    fn run(&mut self) -> Result<()> {
        let mut command = self.command()?;
        let start = Instant::now();
        let output = command.output().with_context(|| format!("starting {}", self.name))?;
        self.times.push(start.elapsed());
        let output_text = String::from_utf8_lossy(&output.stdout);
        ensure!(
            output.status.success() && output_text.contains(self.expected),
            "unexpected output of {}: {output_text:?}",
            self.name
        );
        Ok(())
    }

    /// The given percentile of the durations, in milliseconds.
    fn percentile(&self, percent: usize) -> f64 {
        let mut times = self.times.clone();
        times.sort();
        times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).map_or(0.0, ms)
    }
}

fn ms(time: &Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Writes the texts that a search covers to a file, one entry per line.
fn flattened() -> Result<PathBuf> {
    let directory = Directory::load("the built-in directory", EMBEDDED)?;
    let line = |id: EntryId| {
        let join = |details: &Details| {
            [&details.aliases, &details.needs, &details.services, &details.notes].map(|texts| texts.join(" "))
        };
        let texts = directory.details(id).map(join).unwrap_or_default().join(" ");
        let path: Vec<&str> = directory.path(id).iter().map(|option| &*option.label).collect();
        let say = Script::new(&directory, id).and_then(|script| script.say()).unwrap_or_default();
        format!("{} {} {say} {texts}", directory.title(id), path.join(" "))
    };
    let lines: Vec<String> = directory.entries().map(line).collect();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("flattened.txt");
    fs::write(&file, lines.join("\n"))?;
    Ok(file)
}

/// Builds an empty program with the same compiler and optimisation as the others.
fn empty() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (source, program) = (folder.join("empty.rs"), folder.join(format!("empty{}", env::consts::EXE_SUFFIX)));
    fs::write(&source, "fn main() {}\n")?;
    let mut rustc = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let built =
        rustc.args(["--edition", "2024", "-O", "-C", "strip=symbols", "-o"]).arg(&program).arg(&source).status();
    ensure!(built.context("starting rustc")?.success(), "the empty program does not build");
    Ok(program)
}

fn main() -> Result<()> {
    // `cargo test --all-targets` runs benchmarks too, in a profile whose times are meaningless.
    if !env::args().any(|it| it == "--bench") {
        println!("run this with `cargo bench`");
        return Ok(());
    }
    let dialtree = PathBuf::from(env!("CARGO_BIN_EXE_dialtree"));
    let program = |name, path: &Path, arguments, input, expected| Program {
        name,
        path: path.to_owned(),
        arguments,
        input,
        expected,
        times: Vec::with_capacity(RUN_COUNT),
    };
    let mut programs = vec![
        program("empty", &empty()?, &[], None, ""),
        program("dialtree --version", &dialtree, &["--version"], None, "built in"),
        program("dialtree find", &dialtree, &["find", QUERY], None, "1-800-909-3447"),
    ];
    let has_fzf = Command::new("fzf").arg("--version").output().is_ok();
    if has_fzf {
        programs.push(program(
            "fzf --filter",
            Path::new("fzf"),
            &["--filter", QUERY],
            Some(flattened()?),
            "1-800-909-3447",
        ));
    } else {
        println!("fzf is not installed: no comparison with it");
    }
    for _ in 0..RUN_COUNT {
        programs.iter_mut().try_for_each(Program::run)?;
    }
    println!("{RUN_COUNT} runs each, in turn\n");
    println!("{:20} {:>9} {:>9}", "", "p50", "p95");
    for program in &programs {
        println!("{:20} {:>6.2} ms {:>6.2} ms", program.name, program.percentile(50), program.percentile(95));
    }
    let p50: Vec<f64> = programs.iter().map(|program| program.percentile(50)).collect();
    let bound = |name: &str, value: f64, max: f64, unit: &str| {
        println!("{} {name}: {value:.2}{unit}, at most {max}{unit}", if value <= max { "met   " } else { "missed" });
    };
    println!();
    if let [empty, version, find, rest @ ..] = &p50[..] {
        bound("--version minus the empty program", version - empty, 3.0, " ms");
        if let [fzf] = rest {
            bound("find vs. fzf --filter", find / fzf, 1.5, " x");
        }
    }
    Ok(())
}
