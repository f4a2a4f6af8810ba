//! Recognises files in other formats that people give in place of a directory, so that the error says what they are
//! instead of where the syntax of RON first fails.

use std::path::Path;

/// A format that is not RON. Its message says what to write instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum ForeignFormat {
    #[error("this looks like a CSV table; a directory is a RON file (docs/data.md); `dialtree import` makes one of it")]
    Csv,
    #[error(
        "this looks like a vCard file; a directory is a RON file (docs/data.md); `dialtree import` makes one of it"
    )]
    VCard,
    #[error(
        "this looks like JSON; a directory is a RON file (docs/data.md), with records in parentheses and field names \
         without quotes: (schema: 2, id: \"acme\", name: \"Acme\", ...); to export one, run \
         `dialtree export --format ron`"
    )]
    Json,
    #[error(
        "this looks like XML or HTML; a directory is a RON file (docs/data.md); start from the output of \
         `dialtree export --format ron`"
    )]
    Xml,
    #[error(
        "this looks like YAML; a directory is a RON file (docs/data.md); start from the output of \
         `dialtree export --format ron`"
    )]
    Yaml,
}

impl ForeignFormat {
    /// The format of a text that is not valid RON, by its start, else by the extension of the file's name; `None` for a
    /// text that is meant to be RON.
    pub(super) fn of(file: &str, text: &str) -> Option<Self> {
        let text = text.trim_start();
        if text.is_empty() || text.starts_with(['(', '#', '/']) {
            return None;
        }
        let inside = text.get(1..).unwrap_or_default().trim_start();
        match text.as_bytes().first() {
            Some(b'{') if inside.starts_with(['"', '}']) => return Some(Self::Json),
            Some(b'[') if inside.starts_with(['"', '{', ']']) => return Some(Self::Json),
            Some(b'<') => return Some(Self::Xml),
            _ => {}
        }
        if text.get(..11).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCARD")) {
            return Some(Self::VCard);
        }
        Self::of_extension(file).or_else(|| text.starts_with("---").then_some(Self::Yaml)).or_else(|| table(text))
    }

    fn of_extension(file: &str) -> Option<Self> {
        let extension = Path::new(file).extension()?.to_str()?.to_ascii_lowercase();
        Some(match &*extension {
            "csv" | "tsv" | "tab" => Self::Csv,
            "vcf" | "vcard" => Self::VCard,
            "json" | "jsonl" | "ndjson" | "geojson" => Self::Json,
            "xml" | "html" | "htm" => Self::Xml,
            "yaml" | "yml" => Self::Yaml,
            _ => return None,
        })
    }
}

/// A table without a telling extension: its first two lines have the same separator, and no field of a record.
fn table(text: &str) -> Option<ForeignFormat> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let (head, row) = (lines.next()?, lines.next()?);
    let is_table =
        !head.contains(':') && [',', ';', '\t'].iter().any(|sign| head.contains(*sign) && row.contains(*sign));
    is_table.then_some(ForeignFormat::Csv)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_start_or_their_extension() {
        use ForeignFormat::{Csv, Json, VCard, Xml, Yaml};
        for (file, text, format) in [
            ("x", "id,name,phone\n1,Desk,211\n", Some(Csv)),
            ("x.txt", "\"id\";\"name (long)\"\r\n1;\"a;b\"\r\n", Some(Csv)),
            ("x.ron", "id\tname\n1\tDesk", Some(Csv)),
            ("x.CSV", "name\nDesk\n", Some(Csv)),
            ("x", "begin:vcard\nversion:3.0\nend:vcard\n", Some(VCard)),
            ("x.ron", "\n {\"schema\": 1}", Some(Json)),
            ("x", "[{\"id\": 1}]", Some(Json)),
            ("x", "{}", Some(Json)),
            ("x.html", "<!doctype html>", Some(Xml)),
            ("x.yml", "schema: 1", Some(Yaml)),
            ("x", "---\nid: acme", Some(Yaml)),
            // A directory with a mistake, whatever its name.
            ("x.json", "(schema: 1,", None),
            ("x", "schema: 1, id: \"acme\",\nname: \"Acme\", x", None),
            ("x.csv", "// A directory\n(", None),
            ("x", "{{{", None),
            ("x", "Directory(schema: 1)", None),
            ("x.csv", " \n", None),
        ] {
            assert_eq!(ForeignFormat::of(file, text), format, "{file}: {text}");
        }
    }
}
