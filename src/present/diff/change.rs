//! One difference between two versions of a directory, and its words.

use serde::Serialize;

/// The longest list of values that is told in full, in characters. The data have all of it.
const MAX_TOLD_LEN: usize = 160;

/// One difference. Serialized as it stands in JSON reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it is about.
    #[serde(flatten)]
    pub about: About,
    /// What has happened to it.
    pub kind: ChangeKind,
    /// The field of the data file; `None` where a whole entry is added or removed.
    pub field: Option<String>,
    /// The number or address of the channel that the field belongs to, if it is one of a channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The old values, without those of a list that stay.
    pub before: Vec<String>,
    /// The new values, without those of a list that were there before.
    pub after: Vec<String>,
}

/// What a difference is about: an entry, an audience, or the directory itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct About {
    /// The id of the entry, in the old directory if the new one lacks it.
    pub entry: Option<String>,
    /// The id that the entry had before, where that is another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_entry: Option<String>,
    /// The id of the audience.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// The titles from the contact or notice down to the entry; the name of the audience.
    pub titles: Vec<String>,
}

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// The new directory has it, the old one does not.
    Added,
    /// The old directory has it, the new one does not.
    Removed,
    /// It has another name, label or title.
    Renamed,
    /// It is on another key, or the caller does something else to take it.
    Moved,
    /// A field has another value.
    Changed,
}

impl About {
    /// `Broker line > Commissions (ifp-line/1)`, `Audience Members (members)` or `The directory`.
    fn words(&self) -> String {
        match (&self.entry, &self.audience) {
            (Some(id), _) => format!("{} ({id})", self.titles.join(" > ")),
            (_, Some(id)) => format!("Audience {} ({id})", self.titles.join(" > ")),
            (None, None) => "The directory".to_owned(),
        }
    }
}

impl Change {
    /// The difference in one line: `Broker line > Commissions (ifp-line/4): press 4 (was 1)`.
    pub fn words(&self) -> String {
        let (before, after) = (told(&self.before), told(&self.after));
        let of = self.channel.as_ref().map_or_else(String::new, |channel| format!(" of {channel}"));
        let field = match self.field.as_deref() {
            Some("phone") => "number".to_owned(),
            Some("channels") => "order of numbers and addresses".to_owned(),
            field => field.unwrap_or_default().replace('_', " ") + &of,
        };
        let at = |text: &str| if text.is_empty() { String::new() } else { format!(": {text}") };
        let what = match self.kind {
            ChangeKind::Added => format!("new{}", at(&after)),
            ChangeKind::Removed => format!("removed{}", at(&before)),
            ChangeKind::Renamed => format!("renamed (was {before})"),
            ChangeKind::Moved => match before.strip_prefix("press ").filter(|_| after.starts_with("press ")) {
                Some(key) => format!("{after} (was {key})"),
                None => format!("{after} (was {before})"),
            },
            ChangeKind::Changed if before.is_empty() => format!("{field} {after} is new"),
            ChangeKind::Changed if after.is_empty() => format!("{field} {before} is no longer listed"),
            ChangeKind::Changed => format!("{field} {after} (was {before})"),
        };
        format!("{}: {what}", self.about.words())
    }
}

/// Values in a line, cut where they are long.
fn told(values: &[String]) -> String {
    let all = values.join("; ");
    match all.char_indices().nth(MAX_TOLD_LEN) {
        Some((end, _)) => format!("{} ...", all[..end].trim_end()),
        None => all,
    }
}
