//! Other formats as data files: tables, vCards, Open Referral and our own JSON export.
//!
//! Each format becomes one `draft`, which `ron` writes as a data file and `settle` gives to the loader of data files,
//! the only judge of numbers, addresses and hours. Nothing is guessed: what is not understood, and what the loader
//! refuses, is a comment beside its entry and a line of the [`Summary`]. The texts of the input are not trusted.

mod columns;
mod csv;
mod draft;
mod hsds;
mod json_value;
mod menus;
mod own;
mod package;
mod ron;
mod row;
mod schedule;
mod settle;
mod summary;
mod template;
mod text;
mod vcard;

use jiff::civil::Date;

use crate::directory::problem::Problems;
use columns::{Meaning, field, field_name, field_names};
use draft::{Draft, Origin, Record};
use ron::LeftOut;
pub use summary::{ColumnSummary, FileSummary, LeftOutSummary, Summary};
pub use template::template;
use text::{clean, decode, slug};

/// A format that can be imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table with a header.
    Csv,
    /// vCards.
    Vcard,
    /// Open Referral, as JSON or as a tabular data package.
    Hsds,
    /// Our own JSON export.
    Json,
}

/// A file to import.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// Its name as the user knows it.
    pub name: String,
    /// Its content; of a data package, that of `datapackage.json`.
    pub bytes: Vec<u8>,
    /// The tables of a data package, each with its name.
    pub tables: Vec<(String, Vec<u8>)>,
}

/// How to import.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The format; `None` to recognise it.
    pub format: Option<Format>,
    /// Columns, each with the field that it holds.
    pub maps: Vec<(String, String)>,
    /// Fields of the directory with their values, such as `region` and `GB`.
    pub fields: Vec<(String, String)>,
    /// The day on which it is imported.
    pub today: Date,
}

/// A data file that loads without problems.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The text of the file.
    pub ron: String,
    /// What was understood, and what was left out.
    pub summary: Summary,
}

/// Why nothing can be imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file is no text in an encoding that is known.
    #[error("{0}: this is not a text file; import a table, vCards or JSON")]
    NotText(String),
    /// The format is not recognised.
    #[error("{0}: the format is not recognised; name it with --from csv, vcard, hsds or json")]
    UnknownFormat(String),
    /// A document is not JSON.
    #[error("{0}: not valid JSON: {1}")]
    Json(String, serde_json::Error),
    /// A JSON document is not an export of ours.
    #[error("{0}: this is not the output of `dialtree export --format json`; for Open Referral, use --from hsds")]
    NotOwn(String),
    /// An export holds several directories.
    #[error("{0}: this export holds {1} directories; export each by itself with --directory")]
    SeveralDirectories(String, usize),
    /// There is nothing to reach.
    #[error("{0}: no contact with a name was found; the first row of a table names its columns")]
    NoContact(String),
    /// `--map` names a field that does not exist.
    #[error("there is no field {0:?}; use one of {1}")]
    UnknownField(String, String),
    /// A field of the directory has a value that it cannot have, so that nothing that depends on it can be read.
    #[error("{0}: {1}")]
    InvalidField(String, String),
    /// `--map` names a column that no table has.
    #[error("no table has a column {0:?}")]
    UnknownColumn(String),
    /// What is left does not load; this is a mistake of the program.
    #[error("the result does not load: {0}")]
    Unloadable(Problems),
}

/// The fields of a directory that are one text, in the order of a data file.
const HEAD: [&str; 9] = ["id", "name", "organisation", "source", "transcribed", "owner", "region", "zone", "holidays"];

/// The fields of channels that are numbers of a country.
const NUMBERS: [&str; 6] = ["phone", "fax", "tty", "relay", "sms", "whatsapp"];

/// Makes a data file of other files.
///
/// # Errors
/// When a file cannot be understood at all, or there is no contact in any of them.
pub fn import(inputs: &[Input], options: &Options) -> Result<Imported, ImportError> {
    let maps = meanings(&options.maps)?;
    if let Some((name, _)) = options.fields.iter().find(|(name, _)| !HEAD.contains(&name.as_str())) {
        return Err(ImportError::UnknownField(clean(name), HEAD.join(", ")));
    }
    let (mut draft, mut files) = (Draft::default(), Vec::new());
    for input in inputs {
        files.push(read(input, options, &maps, &mut draft)?);
    }
    let is_known =
        |name: &&(String, Meaning)| files.iter().any(|file| file.columns.iter().any(|own| own.name == clean(&name.0)));
    if let Some((name, _)) = maps.iter().find(|map| !is_known(map)) {
        return Err(ImportError::UnknownColumn(clean(name)));
    }
    let names = || inputs.iter().map(|input| clean(&input.name)).collect::<Vec<_>>().join(", ");
    if draft.contacts.is_empty() {
        return Err(ImportError::NoContact(names()));
    }
    let to_do = complete(&mut draft, &names(), options);
    let settled = settle::settle(draft).map_err(ImportError::Unloadable)?;
    // Without its country, a number would be read as that of another one.
    let is_given = |field: &str| field == "region" || options.fields.iter().any(|(name, _)| name == field);
    let is_invalid =
        |left: &&LeftOut| left.entry.is_empty() && left.omission.what.split(':').next().is_some_and(is_given);
    if let Some(LeftOut { omission, .. }) = settled.left_out.iter().find(is_invalid) {
        return Err(ImportError::InvalidField(omission.what.clone(), omission.why.clone()));
    }
    let left_out = settled.left_out.into_iter().map(|left| LeftOutSummary {
        file: left.omission.origin.file,
        line: left.omission.origin.line,
        entry: left.entry,
        what: left.omission.what,
        why: left.omission.why,
    });
    // Several channels may have the same hours.
    let mut left_out: Vec<LeftOutSummary> = left_out.collect();
    left_out.dedup();
    let summary = Summary {
        files,
        contacts: settled.directory.contacts.len(),
        channels: settled.directory.contacts.iter().map(|contact| contact.channels.len()).sum(),
        left_out,
        doubtful: settled.warnings.list.into_iter().map(|problem| problem.message).collect(),
        to_do,
    };
    Ok(Imported { ron: settled.text, summary })
}

/// What the fields of `--map` hold.
fn meanings(maps: &[(String, String)]) -> Result<Vec<(String, Meaning)>, ImportError> {
    let meaning = |(column, name): &(String, String)| match field(name) {
        Some(meaning) => Ok((column.clone(), meaning)),
        None => Err(ImportError::UnknownField(clean(name), field_names().join(", "))),
    };
    maps.iter().map(meaning).collect()
}

/// Reads a file into a draft.
fn read(
    input: &Input,
    options: &Options,
    maps: &[(String, Meaning)],
    draft: &mut Draft,
) -> Result<FileSummary, ImportError> {
    let file = clean(&input.name);
    let (text, encoding) = decode(&input.bytes).ok_or_else(|| ImportError::NotText(file.clone()))?;
    let format = options.format.or_else(|| recognised(input, &text));
    let summary = FileSummary { file: file.clone(), encoding, ..FileSummary::default() };
    match format.ok_or_else(|| ImportError::UnknownFormat(file.clone()))? {
        Format::Csv => {
            let table = csv::read(&file, &text, maps, draft);
            if table.directory_count > 1 {
                return Err(ImportError::SeveralDirectories(file, table.directory_count));
            }
            let columns = table
                .columns
                .into_iter()
                .map(|column| ColumnSummary { name: column.name, field: column.meaning.as_ref().map(field_name) });
            let delimiter = Some(table.delimiter);
            Ok(FileSummary { format: "CSV", delimiter, columns: columns.collect(), ..summary })
        }
        Format::Vcard => {
            vcard::read(&file, &text, draft);
            Ok(FileSummary { format: "vCard", ..summary })
        }
        Format::Hsds if input.tables.is_empty() => {
            hsds::read(&file, &parsed(&file, &text)?, options.today, draft);
            Ok(FileSummary { format: "Open Referral", ..summary })
        }
        Format::Hsds => {
            read_package(&file, input, options, draft)?;
            Ok(FileSummary { format: "Open Referral data package", ..summary })
        }
        Format::Json => {
            let root = parsed(&file, &text)?;
            if !own::is_own(&root) {
                return Err(ImportError::NotOwn(file));
            }
            if own::directory_count(&root) > 1 {
                return Err(ImportError::SeveralDirectories(file, own::directory_count(&root)));
            }
            own::read(&file, &root, draft);
            Ok(FileSummary { format: "JSON export", ..summary })
        }
    }
}

fn read_package(file: &str, input: &Input, options: &Options, draft: &mut Draft) -> Result<(), ImportError> {
    let mut tables = Vec::new();
    for (name, bytes) in &input.tables {
        let (text, _) = decode(bytes).ok_or_else(|| ImportError::NotText(clean(name)))?;
        tables.push((name.clone(), text));
    }
    let (root, left) = package::nested(&tables);
    draft.head.origin = Origin { file: file.to_owned(), line: None };
    left.iter().for_each(|name| draft.head.omit(&format!("table {name}"), "its rows belong to no other record"));
    hsds::read(file, &root, options.today, draft);
    Ok(())
}

fn parsed(file: &str, text: &str) -> Result<serde_json::Value, ImportError> {
    serde_json::from_str(text).map_err(|error| ImportError::Json(file.to_owned(), error))
}

/// The format of a file by its content, else by its name.
fn recognised(input: &Input, text: &str) -> Option<Format> {
    let start = text.trim_start();
    let name = input.name.to_lowercase();
    let ends = |extensions: &[&str]| extensions.iter().any(|extension| name.ends_with(extension));
    match start.as_bytes().first()? {
        _ if !input.tables.is_empty() => Some(Format::Hsds),
        b'{' | b'[' => {
            let root = serde_json::from_str(text).ok();
            Some(if root.is_some_and(|root| own::is_own(&root)) { Format::Json } else { Format::Hsds })
        }
        _ if start.get(..11).is_some_and(|begin| begin.eq_ignore_ascii_case("BEGIN:VCARD")) => Some(Format::Vcard),
        _ if ends(&[".vcf", ".vcard"]) => Some(Format::Vcard),
        _ if ends(&[".csv", ".tsv", ".tab", ".txt"]) => Some(Format::Csv),
        _ => None,
    }
}

/// Adds the fields that every directory must have, in the order of a data file: as `options` say, else as the input
/// does. Returns what neither says.
fn complete(draft: &mut Draft, names: &str, options: &Options) -> Vec<String> {
    let given = std::mem::take(&mut draft.head);
    let chosen = |field: &str| options.fields.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_str());
    let stated = |field: &str| chosen(field).or_else(|| given.text(field)).map(str::to_owned);
    let stem = names.split(", ").next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let stem = stem.split('.').next().filter(|stem| !stem.is_empty()).unwrap_or("import");
    let organisation = stated("organisation").unwrap_or_else(|| stem.to_owned());
    let id = Some(slug(stem)).filter(|id| !id.is_empty()).unwrap_or_else(|| "import".to_owned());
    let mut head = Record { omissions: given.omissions.clone(), origin: given.origin.clone(), ..Record::default() };
    head.set_word("schema", 2);
    for name in HEAD {
        let otherwise = match name {
            "id" => id.clone(),
            "name" | "organisation" => organisation.clone(),
            "source" => names.to_owned(),
            "transcribed" => options.today.to_string(),
            _ => String::new(),
        };
        let value = stated(name).filter(|value| match unusable(name, value) {
            Some(why) => {
                head.omit(&format!("{name}: {value}"), why);
                false
            }
            None => true,
        });
        head.set(name, &value.unwrap_or(otherwise));
    }
    let has = |fits: &dyn Fn(&str, &str) -> bool| draft.contacts.iter().any(|contact| contact.any_text(fits));
    let is_national = |field: &str, number: &str| NUMBERS.contains(&field) && !number.contains('+');
    let missing = [
        (
            "organisation",
            true,
            "the name of the organisation is that of the file; --set organisation=NAME says otherwise",
        ),
        (
            "region",
            has(&is_national),
            "numbers without + were read as those of the United States; --set region=CODE says otherwise",
        ),
        (
            "zone",
            has(&|field, _| field == "hours"),
            "hours have no time zone; --set zone=America/Chicago says of which",
        ),
    ];
    let missing = missing.into_iter().filter(|(field, matters, _)| *matters && stated(field).is_none());
    let to_do: Vec<String> = missing.map(|(_, _, line)| line.to_owned()).collect();
    head.remarks.extend(to_do.iter().map(|line| format!("TODO: {line}")));
    draft.head = head;
    to_do
}

/// Why a directory cannot have a value in a field that it must have.
fn unusable(field: &str, value: &str) -> Option<&'static str> {
    match field {
        "id" if slug(value) != value => Some("an id has only lower-case letters, digits and hyphens"),
        "transcribed" if value.parse::<Date>().ok().is_none_or(|date| date.to_string() != value) => {
            Some("not a date; write one such as 2026-11-23")
        }
        _ => None,
    }
}
