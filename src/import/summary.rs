//! What an import understood and what it left out, for the person who keeps the directory.

use std::fmt;

use serde::Serialize;

/// The most lines of a list that the text has; the data file and the JSON report have all of them.
const MAX_LISTED: usize = 50;

/// The version of the JSON documents.
const SCHEMA: u32 = 2;

/// A summary as JSON.
#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    #[serde(flatten)]
    summary: &'a Summary,
}

/// What was understood and what was left out.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Summary {
    /// The files, in the order in which they were named.
    pub files: Vec<FileSummary>,
    /// The number of contacts.
    pub contacts: usize,
    /// The number of ways to reach them.
    pub channels: usize,
    /// What was left out; each is a comment in the data file, too.
    pub left_out: Vec<LeftOutSummary>,
    /// What was taken over but is doubtful, such as a number that no numbering plan knows.
    pub doubtful: Vec<String>,
    /// What the input does not say and the steward must: each is a comment in the data file, too.
    pub to_do: Vec<String>,
}

/// How a file was understood.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FileSummary {
    /// The name of the file.
    pub file: String,
    /// The name of the format.
    pub format: &'static str,
    /// The name of the encoding.
    pub encoding: &'static str,
    /// The sign between the cells of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// The columns of a table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnSummary>,
}

/// How a column was understood.
#[derive(Clone, Debug, Serialize)]
pub struct ColumnSummary {
    /// The name in the table.
    pub name: String,
    /// The field as `--map` names it; `None` if it was not understood.
    pub field: Option<String>,
}

/// Something that was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeftOutSummary {
    /// The file that it is in.
    pub file: String,
    /// The line, counted from 1, where it is known.
    pub line: Option<u64>,
    /// The name of the entry; empty where it is of none.
    pub entry: String,
    /// The value.
    pub what: String,
    /// Why it was left out.
    pub why: String,
}

impl Summary {
    /// The summary as one line of JSON.
    pub fn json(&self) -> String {
        let document = Document { schema: SCHEMA, summary: self };
        // String keys and no fallible serializers, so this cannot fail. The texts have no control characters.
        serde_json::to_string(&document).unwrap_or_default() + "\n"
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for file in &self.files {
            write!(f, "{}: {}, {}", file.file, file.format, file.encoding)?;
            match file.delimiter {
                Some('\t') => writeln!(f, ", separated by tabs")?,
                Some(sign) => writeln!(f, ", separated by {sign}")?,
                None => writeln!(f)?,
            }
            for ColumnSummary { name, field } in file.columns.iter().take(MAX_LISTED) {
                writeln!(f, "  {name} = {}", field.as_deref().unwrap_or("not understood; use --map"))?;
            }
            more(f, file.columns.len())?;
        }
        let left_out = self.left_out.iter().map(|LeftOutSummary { file, line, entry, what, why }| {
            let line = line.map_or_else(String::new, |line| format!(":{line}"));
            let entry = if entry.is_empty() { String::new() } else { format!("{entry}: ") };
            format!("{file}{line}: {entry}{what}: {why}")
        });
        let (doubtful, to_do) = (self.doubtful.iter().cloned(), self.to_do.iter().cloned());
        list(f, "left out", left_out.collect())?;
        list(f, "doubtful", doubtful.collect())?;
        list(f, "to do", to_do.collect())?;
        let left_out = match self.left_out.len() {
            0 => "nothing left out".to_owned(),
            number => format!("{number} left out"),
        };
        writeln!(f, "{}, {}, {left_out}", count(self.contacts, "contact"), count(self.channels, "channel"))
    }
}

fn list(f: &mut fmt::Formatter<'_>, title: &str, lines: Vec<String>) -> fmt::Result {
    if !lines.is_empty() {
        writeln!(f, "{title}:")?;
    }
    lines.iter().take(MAX_LISTED).try_for_each(|line| writeln!(f, "  {line}"))?;
    more(f, lines.len())
}

fn more(f: &mut fmt::Formatter<'_>, number: usize) -> fmt::Result {
    match number.saturating_sub(MAX_LISTED) {
        0 => Ok(()),
        rest => writeln!(f, "  and {rest} more; --report json lists all"),
    }
}

fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
