//! Tabular data packages of Open Referral: a table per kind of record, whose rows name the rows that they belong to.
//! They are nested as in the JSON form, which `hsds` reads.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// Which tables are parts of which: the table, the one above it, and the field there. A part comes before what it is a
/// part of, so that it is complete when it is moved there.
const PARTS: [(&str, &str, &str); 24] = [
    ("language", "phone", "languages"),
    ("phone", "contact", "phones"),
    ("phone", "service_at_location", "phones"),
    ("phone", "location", "phones"),
    ("phone", "service", "phones"),
    ("phone", "organization", "phones"),
    ("schedule", "service_at_location", "schedules"),
    ("schedule", "location", "schedules"),
    ("schedule", "service", "schedules"),
    ("language", "location", "languages"),
    ("language", "service", "languages"),
    ("address", "location", "addresses"),
    ("accessibility", "location", "accessibility"),
    ("contact", "service_at_location", "contacts"),
    ("contact", "location", "contacts"),
    ("contact", "service", "contacts"),
    ("contact", "organization", "contacts"),
    ("required_document", "service", "required_documents"),
    ("service_area", "service", "service_areas"),
    ("cost_option", "service", "cost_options"),
    ("url", "service", "additional_urls"),
    ("url", "organization", "additional_websites"),
    ("service_at_location", "service", "service_at_locations"),
    ("service", "organization", "services"),
];

type Rows = Vec<Map<String, Value>>;

/// A package as one document, with the names of the tables that were not understood. `tables` are their names with
/// their texts.
pub(super) fn nested(tables: &[(String, String)]) -> (Value, Vec<String>) {
    let mut rows: BTreeMap<String, Rows> = BTreeMap::new();
    for (name, text) in tables {
        rows.entry(singular(name)).or_default().extend(read(text));
    }
    for (part, whole, field) in PARTS {
        // A place is a part of each service that is offered there, once its own parts are in it.
        if part == "service_at_location" {
            place(&mut rows);
        }
        move_into(&mut rows, part, whole, field);
    }
    let mut take = |name: &str| {
        let rows = rows.remove(name).unwrap_or_default();
        Value::Array(rows.into_iter().map(Value::Object).collect())
    };
    let (services, organizations) = (take("service"), take("organization"));
    drop((take("location"), take("service_at_location")));
    let left: Vec<String> = rows.into_iter().filter(|(_, rows)| !rows.is_empty()).map(|(name, _)| name).collect();
    (serde_json::json!({ "organizations": organizations, "services": services }), left)
}

/// The rows of a table as objects without their empty cells.
fn read(text: &str) -> Rows {
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.flexible(true).has_headers(false).from_reader(text.as_bytes());
    let mut rows = reader.records().filter_map(Result::ok);
    let header = rows.next().unwrap_or_default();
    let object = |row: csv::StringRecord| {
        let cells = header.iter().zip(row.iter()).filter(|(_, cell)| !cell.trim().is_empty());
        cells.map(|(name, cell)| (name.trim().to_owned(), Value::from(cell.trim()))).collect()
    };
    rows.map(object).collect()
}

/// `phones` and `phone`, `service_at_locations` and `service_at_location`, `accessibilities` and `accessibility`.
fn singular(name: &str) -> String {
    let name = name.trim().to_ascii_lowercase();
    let singular = name.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let singular = singular.or_else(|| name.strip_suffix("sses").map(|stem| format!("{stem}ss")));
    let is_plural = name.ends_with('s') && !name.ends_with("ss");
    singular.unwrap_or_else(|| if is_plural { name[..name.len() - 1].to_owned() } else { name })
}

/// Moves the rows of a table that name one of another table into that one.
fn move_into(rows: &mut BTreeMap<String, Rows>, part: &str, whole: &str, field: &str) {
    let key = format!("{whole}_id");
    let ids = rows.get(whole).into_iter().flatten().enumerate();
    let ids = ids.filter_map(|(i, row)| Some((row.get("id")?.as_str()?.to_owned(), i)));
    let index: BTreeMap<String, usize> = ids.collect();
    let found = |row: &Map<String, Value>| index.get(row.get(&key)?.as_str()?).copied();
    let (moved, kept): (Rows, Rows) =
        rows.remove(part).unwrap_or_default().into_iter().partition(|row| found(row).is_some());
    if !kept.is_empty() {
        rows.insert(part.to_owned(), kept);
    }
    for row in moved {
        let target = found(&row).and_then(|i| rows.get_mut(whole)?.get_mut(i));
        let list = target.map(|target| target.entry(field).or_insert_with(|| Value::Array(Vec::new())));
        if let Some(Value::Array(list)) = list {
            list.push(Value::Object(row));
        }
    }
}

/// Puts each place into the rows that say what is offered there.
fn place(rows: &mut BTreeMap<String, Rows>) {
    let places: BTreeMap<String, Map<String, Value>> = rows
        .get("location")
        .into_iter()
        .flatten()
        .filter_map(|row| Some((row.get("id")?.as_str()?.to_owned(), row.clone())))
        .collect();
    for row in rows.get_mut("service_at_location").into_iter().flatten() {
        let place = row.get("location_id").and_then(Value::as_str).and_then(|id| places.get(id));
        if let Some(place) = place.cloned() {
            row.insert("location".to_owned(), Value::Object(place));
        }
    }
}
