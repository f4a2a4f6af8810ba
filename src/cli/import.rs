//! `dialtree import`: other formats as a data file.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::{Args, ValueEnum};

use super::init::today;
use super::{GlobalOptions, Outcome};
use crate::import::{self, Input, Options};

/// The largest file, in bytes: that of a data file.
const MAX_SIZE: u64 = 256 << 20;
/// The file that describes a tabular data package.
const PACKAGE: &str = "datapackage.json";

/// Arguments of `dialtree import`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree import team.csv > team.ron
  dialtree import --map \"Phone 2=fax\" --set zone=America/Chicago team.csv > team.ron
  dialtree import --report json team.vcf > team.ron")]
pub struct ImportArgs {
    /// Tables, vCards, JSON documents or folders with a datapackage.json; - reads standard input
    #[arg(required = true, value_name = "FILE", value_hint = clap::ValueHint::AnyPath)]
    files: Vec<PathBuf>,

    /// Input format, if it is not recognised
    #[arg(long, value_enum)]
    from: Option<Format>,

    /// What a column of a table holds, such as "Phone 2=fax"; may be given several times
    #[arg(long, value_name = "NAME=FIELD", value_parser = map)]
    map: Vec<(String, String)>,

    /// A field of the directory, such as region=GB, the country of numbers without +; may be given several times
    #[arg(long, value_name = "FIELD=VALUE", value_parser = field)]
    set: Vec<(String, String)>,

    /// How to write the summary to standard error
    #[arg(long, value_enum, default_value_t)]
    report: Report,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A table with a header: comma, semicolon, tab or | between cells
    Csv,
    /// vCards 2.1, 3.0 and 4.0
    Vcard,
    /// Open Referral 3: JSON, or a folder with a tabular data package
    Hsds,
    /// The output of dialtree export --format json
    Json,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Report {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
}

impl From<Format> for import::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Csv => Self::Csv,
            Format::Vcard => Self::Vcard,
            Format::Hsds => Self::Hsds,
            Format::Json => Self::Json,
        }
    }
}

fn map(text: &str) -> Result<(String, String), &'static str> {
    let (name, field) = text.rsplit_once('=').ok_or("expected the name of a column, = and a field")?;
    Ok((name.to_owned(), field.to_owned()))
}

fn field(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("expected a field, = and a value")?;
    Ok((name.to_owned(), value.to_owned()))
}

impl ImportArgs {
    /// Writes the data file, and the summary to standard error.
    pub(super) fn run(
        &self,
        global: &GlobalOptions,
        out: &mut dyn Write,
        error_out: &mut dyn Write,
    ) -> anyhow::Result<Outcome> {
        let inputs = self.files.iter().map(|path| open(path)).collect::<anyhow::Result<Vec<_>>>()?;
        let options = Options {
            format: self.from.map(Into::into),
            maps: self.map.clone(),
            fields: self.set.clone(),
            today: today(global),
        };
        let imported = import::import(&inputs, &options)?;
        out.write_all(imported.ron.as_bytes())?;
        let summary = match self.report {
            Report::Text => imported.summary.to_string(),
            Report::Json => imported.summary.json(),
        };
        // If standard error is closed, the comments in the file remain.
        let _ = error_out.write_all(summary.as_bytes());
        let is_whole = imported.summary.left_out.is_empty();
        Ok(if is_whole { Outcome::Fine } else { Outcome::Negative })
    }
}

/// Reads a file, the standard input, or a data package from the folder or the file that describes it.
fn open(path: &Path) -> anyhow::Result<Input> {
    if path == Path::new("-") {
        return Ok(Input { name: "standard input".to_owned(), bytes: read(io::stdin())?, ..Input::default() });
    }
    let description = if path.is_dir() { path.join(PACKAGE) } else { path.to_owned() };
    let bytes = content(&description)?;
    let is_package = description.file_name().is_some_and(|name| name == PACKAGE);
    let folder = description.parent().unwrap_or(Path::new("."));
    let tables = if is_package { tables(folder, &bytes)? } else { Vec::new() };
    Ok(Input { name: path.to_string_lossy().into_owned(), bytes, tables })
}

/// The tables that a data package names and has. They are optional, but they must be beside their description.
fn tables(folder: &Path, description: &[u8]) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let description: serde_json::Value = serde_json::from_slice(description).context(PACKAGE)?;
    let resources = description.get("resources").and_then(serde_json::Value::as_array);
    let mut tables = Vec::new();
    for resource in resources.into_iter().flatten() {
        let text = |name: &str| resource.get(name).and_then(serde_json::Value::as_str);
        let (Some(name), Some(file)) = (text("name"), text("path")) else { continue };
        if Path::new(file)
            .components()
            .any(|part| !matches!(part, std::path::Component::Normal(_) | std::path::Component::CurDir))
        {
            return Err(anyhow!("{PACKAGE} names {file:?}, which is not in its folder"));
        }
        let path = folder.join(file);
        if path.exists() {
            tables.push((name.to_owned(), content(&path)?));
        }
    }
    if tables.is_empty() {
        return Err(anyhow!("{}: none of the tables that {PACKAGE} names is in this folder", folder.display()));
    }
    Ok(tables)
}

fn content(path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = || path.display().to_string();
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(anyhow!("there is no such file")),
        opened => opened.map_err(Into::into),
    };
    read(file.with_context(name)?).with_context(name)
}

fn read(source: impl Read) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(MAX_SIZE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err(anyhow!("larger than {} MB, the limit for a file", MAX_SIZE >> 20));
    }
    Ok(bytes)
}
