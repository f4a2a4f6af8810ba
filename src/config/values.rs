//! Reads the values of options: names, lists and maps.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::directory::problem::Collector;
use crate::directory::record::Text;
use crate::directory::text::{nearest, sanitized};

/// The value with a name.
pub(super) fn choice<'a, T: Copy>(
    text: Option<Text<'a>>,
    what: &str,
    values: &[(&str, T)],
    problems: &mut Collector<'a>,
) -> Option<T> {
    let name = problems.text(text?)?;
    named(&name, what, values).map_err(|problem| problems.report_at(text, problem)).ok()
}

/// The value with a name, or what is wrong with the name.
pub(super) fn named<T: Copy>(name: &str, what: &str, values: &[(&str, T)]) -> Result<T, String> {
    if let Some((_, value)) = values.iter().find(|(known, _)| *known == name) {
        return Ok(*value);
    }
    let names = || values.iter().map(|(known, _)| *known);
    let hint = match nearest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("use one of {}", names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    };
    Err(format!("there is no {what} `{}`; {hint}", sanitized(name)))
}

/// The values in a list.
pub(super) fn list<'a>(text: Text<'a>, problems: &mut Collector<'a>) -> Option<Vec<Text<'a>>> {
    let list = ron::from_str(text.0).ok();
    if list.is_none() {
        problems.report_at(Some(text), "expected a list in brackets, such as [\"...\"]");
    }
    list
}

/// The texts in a list, without those that are wrong.
pub(super) fn texts<'a>(text: Text<'a>, problems: &mut Collector<'a>) -> Vec<String> {
    let list = list(text, problems).unwrap_or_default();
    list.into_iter().filter_map(|text| problems.text(text)).map(String::from).collect()
}

/// The pairs of a map in the order of the file.
struct Entries<'a>(Vec<(Text<'a>, Text<'a>)>);

impl<'de> Deserialize<'de> for Entries<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Entries<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Entries<'de>, M::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

pub(super) fn entries<'a>(text: Text<'a>, problems: &mut Collector<'a>) -> Vec<(Text<'a>, Text<'a>)> {
    match ron::from_str(text.0) {
        Ok(Entries(entries)) => entries,
        Err(_) => {
            problems.report_at(Some(text), "expected names with values in braces, such as {\"copy\": [\"f5\"]}");
            Vec::new()
        }
    }
}
