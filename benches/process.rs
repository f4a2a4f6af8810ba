//! How long the program takes as a whole process, as a script meets it: started, answered, gone.
//!
//! `cargo bench --bench process` runs, in one run and in turn, `dialtree find commission`, `fzf --filter commission` over
//! the same texts flattened, a line an answer, and `dialtree --version` beside a Rust program that does nothing. Taking
//! turns lets all of them share whatever else the machine is doing, so the ratios hold where the milliseconds do not. A
//! missed bound is printed and never fails the run; a program that does not answer fails it.

#![forbid(unsafe_code)]
// Printing the table is what this is for.
#![allow(clippy::print_stdout)]

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use dialtree::directory::{Details, Directory, EMBEDDED, EntryId};
use dialtree::present::script::Script;

/// Runs of each program.
const RUNS: usize = 300;

const NEED: &str = "commission";

/// A program, what it reads, and how long its runs took.
struct Program {
    name: &'static str,
    path: PathBuf,
    arguments: &'static [&'static str],
    input: Option<PathBuf>,
    /// What its output holds, so that a run that answers nothing is not measured.
    answer: &'static str,
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
        let said = String::from_utf8_lossy(&output.stdout);
        ensure!(output.status.success() && said.contains(self.answer), "{} said {said:?}", self.name);
        Ok(())
    }

    /// Milliseconds that so many percent of the runs stayed below.
    fn quantile(&self, percent: usize) -> f64 {
        let mut times = self.times.clone();
        times.sort();
        times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).map_or(0.0, ms)
    }
}

fn ms(time: &Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The texts that a search goes through, a line an answer.
fn flattened() -> Result<PathBuf> {
    let directory = Directory::load("the built-in directory", EMBEDDED)?;
    let line = |id: EntryId| {
        let about = |about: &Details| {
            [&about.aliases, &about.needs, &about.services, &about.notes].map(|texts| texts.join(" "))
        };
        let texts = directory.details(id).map(about).unwrap_or_default().join(" ");
        let path: Vec<&str> = directory.path(id).iter().map(|option| &*option.label).collect();
        let say = Script::new(&directory, id).and_then(|script| script.say()).unwrap_or_default();
        format!("{} {} {say} {texts}", directory.title(id), path.join(" "))
    };
    let lines: Vec<String> = directory.entries().map(line).collect();
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("flattened.txt");
    fs::write(&file, lines.join("\n"))?;
    Ok(file)
}

/// A program that does nothing, built with the compiler and the optimisation of the others.
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
    // `cargo test --all-targets` runs benches as well, in a profile whose times say nothing.
    if !env::args().any(|it| it == "--bench") {
        println!("only `cargo bench` measures");
        return Ok(());
    }
    let dialtree = PathBuf::from(env!("CARGO_BIN_EXE_dialtree"));
    let program = |name, path: &Path, arguments, input, answer| Program {
        name,
        path: path.to_owned(),
        arguments,
        input,
        answer,
        times: Vec::with_capacity(RUNS),
    };
    let mut programs = vec![
        program("empty", &empty()?, &[], None, ""),
        program("dialtree --version", &dialtree, &["--version"], None, "built in"),
        program("dialtree find", &dialtree, &["find", NEED], None, "1-800-909-3447"),
    ];
    let has_fzf = Command::new("fzf").arg("--version").output().is_ok();
    if has_fzf {
        programs.push(program(
            "fzf --filter",
            Path::new("fzf"),
            &["--filter", NEED],
            Some(flattened()?),
            "1-800-909-3447",
        ));
    } else {
        println!("fzf is not installed, so nothing is compared with it");
    }
    for _ in 0..RUNS {
        programs.iter_mut().try_for_each(Program::run)?;
    }
    println!("{RUNS} runs each, in turn\n");
    println!("{:20} {:>9} {:>9}", "", "p50", "p95");
    for program in &programs {
        println!("{:20} {:>6.2} ms {:>6.2} ms", program.name, program.quantile(50), program.quantile(95));
    }
    let p50: Vec<f64> = programs.iter().map(|program| program.quantile(50)).collect();
    let bound = |what: &str, is: f64, most: f64, unit: &str| {
        println!("{} {what}: {is:.2}{unit}, at most {most}{unit}", if is <= most { "held  " } else { "missed" });
    };
    println!();
    if let [empty, version, find, rest @ ..] = &p50[..] {
        bound("--version over the empty program", version - empty, 3.0, " ms");
        if let [fzf] = rest {
            bound("find beside fzf --filter", find / fzf, 1.5, " x");
        }
    }
    Ok(())
}
