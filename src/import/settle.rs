//! Makes a data file of a draft that loads without problems: what the loader refuses is left out, with its reason.

use super::draft::{Draft, Record};
use super::ron::{LeftOut, Refused, Span, Written, write};
use crate::directory::Directory;
use crate::directory::problem::{Problem, Problems};

/// A data file that loads.
#[derive(Debug)]
pub(super) struct Settled {
    pub(super) text: String,
    pub(super) directory: Directory,
    pub(super) left_out: Vec<LeftOut>,
    /// What is doubtful in the file, though it can be used.
    pub(super) warnings: Problems,
}

/// Writes a draft and leaves out whatever the loader refuses.
///
/// # Errors
/// The problems that are about no part of the draft, such as that there are no contacts.
pub(super) fn settle(draft: Draft) -> Result<Settled, Problems> {
    const FILE: &str = "import";
    let record: Record = draft.into_record();
    let mut refused = Refused::new();
    loop {
        let mut written = write(&record, &refused);
        match Directory::load_with_warnings(FILE, &written.text, |_| Vec::new()) {
            Ok((directory, warnings)) => {
                let Written { text, left_out, .. } = written;
                return Ok(Settled { text, directory, left_out, warnings });
            }
            Err(problems) => {
                let known = refused.len();
                refuse(&mut written, &problems, &mut refused);
                // A refusal can reveal a further problem, and the loader stops at some number of them, so it is asked
                // again as long as there is more to refuse.
                if refused.len() == known {
                    return Err(problems);
                }
            }
        }
    }
}

/// Refuses the part that each problem is about.
fn refuse(written: &mut Written, problems: &Problems, refused: &mut Refused) {
    written.spans.sort_by_key(|span| (span.bytes.start, std::cmp::Reverse(span.bytes.end)));
    let mut lines = written.text.split_inclusive('\n');
    let (mut line_number, mut line, mut line_start) = (0, "", 0);
    for Problem { line: problem_line, column, message } in &problems.list {
        while line_number < *problem_line {
            line_start += line.len();
            line = lines.next().unwrap_or_default();
            line_number += 1;
        }
        let within = line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(offset, _)| offset);
        if let Some(part) = part_at(&written.spans, line_start + within).filter(|part| *part > 0) {
            refused.entry(part).or_insert_with(|| message.clone());
        }
    }
}

/// The innermost part that has a byte.
fn part_at(spans: &[Span], offset: usize) -> Option<usize> {
    let until = spans.partition_point(|span| span.bytes.start <= offset);
    spans[..until].iter().rev().find(|span| span.bytes.contains(&offset)).map(|span| span.part)
}
