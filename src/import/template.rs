//! A directory to start from.

use jiff::civil::Date;

use super::ron::literal;
use super::text::{clean, slug};

/// A directory with comments and examples, whose names are to be filled in.
const TEMPLATE: &str = include_str!("../../data/template.ron");

/// A directory with comments and examples, for an organisation. It loads without problems.
pub fn template(name: &str, today: Date) -> String {
    let name = match clean(name) {
        name if name.is_empty() => "Example".to_owned(),
        name => name,
    };
    let id = Some(slug(&name)).filter(|id| !id.is_empty()).unwrap_or_else(|| "directory".to_owned());
    // Each line has one of them, so that what a name holds is never replaced itself.
    let line = |line: &str| match line {
        line if line.contains("@ID@") => line.replace("@ID@", &id),
        line if line.contains("@DATE@") => line.replace("@DATE@", &today.to_string()),
        line if line.contains("\"@NAME@\"") => line.replace("\"@NAME@\"", &literal(&name)),
        line => line.replace("@NAME@", &name),
    };
    TEMPLATE.split_inclusive('\n').map(line).collect()
}
