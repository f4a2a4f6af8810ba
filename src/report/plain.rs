//! What was found, one answer a line, in words that a screen reader reads well.

use super::{reason, say_kind, target, whom};
use crate::directory::Directory;
use crate::search::{Found, Hit};

/// A line for each hit: what to dial or write to, what it is, whom it is for, its target, `sure` or `weak`, and, where
/// they are asked for, the reasons; a tab between two of them. A better answer outside the chosen audience is last, and
/// says `outside`.
pub fn plain(directory: &Directory, found: &Found, with_reasons: bool) -> String {
    let hits = found.hits.iter().map(|hit| (hit, if hit.weak { "weak" } else { "sure" }));
    let outside = found.outside.iter().map(|hit| (hit, "outside"));
    let line = |(hit, trust): (&Hit, &str)| {
        let unknown = || "not stated".to_owned();
        let mut fields = vec![
            say_kind(directory, hit).unwrap_or_else(unknown),
            directory.title(hit.answer).to_owned(),
            whom(directory, hit.answer),
            target(directory, hit).unwrap_or_else(unknown),
            trust.to_owned(),
        ];
        if with_reasons {
            fields.push(hit.why.iter().map(reason).collect::<Vec<_>>().join("; "));
        }
        fields.join("\t") + "\n"
    };
    hits.chain(outside).map(line).collect()
}
