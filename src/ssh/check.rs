//! `dialtree serve --check`: reads everything that a server reads at its start, and says what it finds.

use std::io::{self, Write};

use super::keys;
use super::reload::{check_last_good, read_keys};
use crate::config::ServeOptions;
use crate::directory::text::sanitized;
use crate::source::watch::last_good;
use crate::source::{FileKinds, Internal, LoadProblem, LoadProblems, Source, SourceError, Sources};

/// Prints what a server with these options would find at its start. Returns the exit code: 0 if the server would start,
/// else 2. Creates no host key and listens on nothing.
///
/// # Errors
/// The output cannot be written.
pub fn check(options: &ServeOptions, sources: &Sources, out: &mut dyn Write) -> io::Result<u8> {
    let found = [
        super::check_exposure(options).map(|()| "options: no problems".to_owned()),
        check_keys(options),
        check_host_key(options),
        check_directories(options, sources),
    ];
    for found in &found {
        let text = match found {
            Ok(text) => text.clone(),
            Err(error) => format!("error: {error:#}"),
        };
        for line in text.lines() {
            writeln!(out, "{}", sanitized(line))?;
        }
    }
    Ok(if found.iter().all(Result::is_ok) { 0 } else { 2 })
}

fn check_keys(options: &ServeOptions) -> anyhow::Result<String> {
    let Some(path) = &options.authorized_keys else {
        return Ok("keys: none required, --auth none accepts everyone".to_owned());
    };
    let keys = read_keys(path)?;
    let file = path.display();
    let first = format!("{file}: {} keys, {} lines that are not used", keys.len(), keys.bad_lines.len());
    let lines = keys.bad_lines.iter().map(|bad| format!("\n{file}, line {}: warning: {}", bad.line, bad.error));
    Ok(first + &lines.collect::<String>())
}

fn check_host_key(options: &ServeOptions) -> anyhow::Result<String> {
    let path = options.host_key_path()?;
    let file = path.display();
    if !path.exists() {
        return Ok(format!("{file}: no host key yet; the server creates it"));
    }
    let key = keys::read_host_key(&path)?;
    Ok(format!("{file}: host key {}", keys::fingerprint(key.public_key())))
}

fn check_directories(options: &ServeOptions, sources: &Sources) -> anyhow::Result<String> {
    check_last_good(options, sources)?;
    let list = sources.list();
    let found: Vec<_> = list.iter().map(|source| (source, check_directory(source))).collect();
    match &found[..] {
        [(_, Err(error))] => return serve_last_good(options, error.clone()),
        found if found.iter().all(|(_, found)| found.is_err()) => {
            let problem = |(source, error): (&Source, Option<SourceError>)| {
                Some(LoadProblem { source: source.clone(), error: error?, has_earlier: false })
            };
            let problems = found.iter().map(|(source, found)| (*source, found.clone().err())).filter_map(problem);
            return Err(LoadProblems(problems.collect()).into_error().into());
        }
        _ => {}
    }
    let line = |(_, found): (&Source, Result<String, SourceError>)| {
        found.unwrap_or_else(|error| format!("warning: {error}; it is left out"))
    };
    Ok(found.into_iter().map(line).collect::<Vec<_>>().join("\n"))
}

fn check_directory(source: &Source) -> Result<String, SourceError> {
    let mut ignored = |_| {};
    let text = source.read_kinds(FileKinds::RegularOnly, &mut ignored)?;
    let directory = source.check(&text, &mut ignored)?;
    Ok(format!("{}: no errors, {} contacts", source.name(), directory.contacts.len()))
}

/// Bad data do not keep a server from starting if there is a copy of good ones.
fn serve_last_good(options: &ServeOptions, error: SourceError) -> anyhow::Result<String> {
    let internal = Internal::shown_if(options.internal);
    match options.last_good.as_deref().filter(|file| last_good(file, internal).is_some()) {
        Some(file) => Ok(format!("warning: {error}\n{}: the last good copy, which the server serves", file.display())),
        None => Err(error.into()),
    }
}
