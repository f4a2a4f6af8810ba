//! Reading of JSON documents whose fields may be missing or of another type.

use serde_json::Value;

/// A text, a number or a flag of an object, as a text; `None` if it is missing, null or empty.
pub(super) fn text(object: &Value, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The items of a list of an object; none if it is missing.
pub(super) fn list<'v>(object: &'v Value, name: &str) -> &'v [Value] {
    object.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The texts of a list of an object.
pub(super) fn texts<'v>(object: &'v Value, name: &str) -> impl Iterator<Item = &'v str> {
    list(object, name).iter().filter_map(Value::as_str)
}
