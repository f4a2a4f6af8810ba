//! Passes to the program what only the build knows: the commit, the target and the features. The build never fails
//! because something of this is unknown.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

/// Names the commit where the build cannot find it, such as in a source archive.
const COMMIT_VARIABLE: &str = "DIALTREE_COMMIT";

/// Written by `cargo package` into the package, which has no repository.
const PACKAGED_COMMIT: &str = ".cargo_vcs_info.json";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed={COMMIT_VARIABLE}");
    println!("cargo::rustc-env=DIALTREE_TARGET={}", env::var("TARGET").unwrap_or_default());
    println!("cargo::rustc-env=DIALTREE_FEATURES={}", features());
    // A debug build does not ask, so that a commit does not rebuild the program while it is developed.
    let may_ask = env::var("PROFILE").is_ok_and(|profile| profile == "release");
    let commit = env::var(COMMIT_VARIABLE).ok().or_else(packaged_commit).or_else(|| may_ask.then(git_commit)?);
    println!("cargo::rustc-env={COMMIT_VARIABLE}={}", commit.unwrap_or_default());
}

/// The features that are built in, separated by commas.
fn features() -> String {
    let names = env::vars().filter_map(|(name, _)| Some(name.strip_prefix("CARGO_FEATURE_")?.to_lowercase()));
    let mut names: Vec<String> = names.filter(|name| name != "default").collect();
    names.sort();
    names.join(", ")
}

/// The commit that the package was made from.
fn packaged_commit() -> Option<String> {
    let text = fs::read_to_string(PACKAGED_COMMIT).ok()?;
    let (_, rest) = text.split_once("\"sha1\": \"")?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// The commit that is checked out, if this folder is a repository.
fn git_commit() -> Option<String> {
    // Otherwise git would name the commit of a repository that the source was unpacked into.
    if !Path::new(".git").exists() {
        return None;
    }
    // Each commit and each checkout adds a line to it.
    println!("cargo::rerun-if-changed={}", git(&["rev-parse", "--git-path", "logs/HEAD"])?);
    git(&["rev-parse", "HEAD"])
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
