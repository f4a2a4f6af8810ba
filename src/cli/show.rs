//! `dialtree show`, `tree` and `notice`: entries by their names, without a search.

use std::io::Write;
use std::sync::Arc;

use anyhow::anyhow;
use clap::Args;

use super::{Context, DirectoryOption, NothingFound, Outcome, OutputFormat, Pieces};
use crate::directory::phone::PhoneNumber;
use crate::directory::target::Target;
use crate::directory::text::nearest;
use crate::directory::{EntryId, Scope};
use crate::present::script::no_operator;
use crate::report;
use crate::search::Catalog;

/// Arguments of `dialtree show`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree show ifp-line/1/1
  dialtree show tel:+18009093447/1/1
  dialtree show --plain account-services
  dialtree show --json mailto:brokers@healthnet.com
  dialtree show --vcard fraud-hotline > fraud.vcf
  dialtree show --qr fraud-hotline
  dialtree show --at 2026-12-25T09:00:00-08:00 account-services")]
pub struct ShowArgs {
    /// Target such as tel:+18009093447/1/1, id such as ifp-line/1/1, phone number or address
    #[arg(value_name = "TARGET|ID")]
    name: String,

    #[command(flatten)]
    within: DirectoryOption,

    #[command(flatten)]
    format: OutputFormat,

    /// Print a vCard for an address book
    #[arg(long, group = "OutputFormat")]
    vcard: bool,

    /// Print a QR code for a phone's camera
    #[arg(long, group = "OutputFormat")]
    qr: bool,

    /// Show the shortest way to a person on the entry's line, not the entry itself
    #[arg(long)]
    operator: bool,
}

impl ShowArgs {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let catalog = &context.catalog;
        let scope = context.scope(self.within.directory.as_deref(), None)?;
        let mut ids = named(catalog, scope, &self.name)?;
        if self.operator {
            ids = operators(catalog, &ids)?;
        }
        if self.vcard {
            // A vCard has every channel of its entry.
            ids.dedup_by_key(|id| id.by(None));
            if !ids.iter().any(|id| id.entry.is_contact()) {
                anyhow::bail!("a notice has no vCard; a contact or an option has one");
            }
            out.write_all(report::vcards(catalog, &ids, context.now).as_bytes())?;
            return Ok(Outcome::Fine);
        }
        if self.qr {
            let page = report::qr(catalog, &ids, &context.reader())?;
            out.write_all(report::painted(&page, context.color_mode).as_bytes())?;
            return Ok(Outcome::Fine);
        }
        context.write(
            self.format,
            |reader| report::show(catalog, &ids, reader),
            || report::plain_of(catalog, &ids, &context.reader()),
            || report::json_of_entries(catalog, &ids, context.now),
            out,
        )?;
        Ok(Outcome::Fine)
    }
}

/// The shortest way to a person on the line of each entry.
fn operators(catalog: &Catalog, ids: &[EntryId]) -> Result<Vec<EntryId>, NothingFound> {
    let mut operators: Vec<EntryId> = ids.iter().filter_map(|id| catalog.directory(*id).operator(*id)).collect();
    operators.dedup();
    match ids.first() {
        Some(first) if operators.is_empty() => {
            let directory = catalog.directory(*first);
            Err(NothingFound(format!("{}: {}", directory.title(*first), no_operator(directory, *first))))
        }
        _ => Ok(operators),
    }
}

/// Arguments of `dialtree tree`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree tree
  dialtree tree small-business
  dialtree tree --plain medicare
  dialtree tree --json")]
pub struct TreeArgs {
    /// Id of an audience [default: all audiences and the notices]
    audience: Option<String>,

    #[command(flatten)]
    within: DirectoryOption,

    #[command(flatten)]
    format: OutputFormat,
}

impl TreeArgs {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        for piece in self.pieces(context.clone())? {
            out.write_all(piece.as_bytes())?;
        }
        Ok(Outcome::Fine)
    }

    /// The output in pieces, each of which is made when it is asked for: a tree can be larger than the directory.
    pub(super) fn pieces(&self, context: Context) -> anyhow::Result<Pieces> {
        let scope = context.scope(self.within.directory.as_deref(), self.audience.as_deref())?;
        let catalog = Arc::clone(&context.catalog);
        Ok(match self.format {
            OutputFormat { json: true, .. } => Box::new(report::json_of_tree(catalog, scope, context.now)),
            OutputFormat { plain: true, .. } => Box::new(
                report::tree_entries(catalog, scope)
                    .map(move |id| report::plain_line(&context.catalog, id, &context.reader())),
            ),
            OutputFormat { .. } => Box::new(report::tree_rows(&catalog, scope).into_iter().map(move |row| {
                report::painted(&report::tree_page(&catalog, &row, &context.reader()), context.color_mode)
            })),
        })
    }
}

/// Arguments of `dialtree notice`.
#[derive(Clone, Debug, PartialEq, Eq, Args)]
#[command(before_help = "\
Examples:
  dialtree notice
  dialtree notice leaving-site
  dialtree notice important/3
  dialtree notice --plain important")]
pub struct NoticeArgs {
    /// Id of a notice or of one of its sections [default: list all notices]
    id: Option<String>,

    #[command(flatten)]
    within: DirectoryOption,

    #[command(flatten)]
    format: OutputFormat,
}

impl NoticeArgs {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let catalog = &context.catalog;
        let is_notice = |id: &EntryId| !id.entry.is_contact();
        let scope = context.scope(self.within.directory.as_deref(), None)?;
        let mut ids = Vec::new();
        if let Some(name) = &self.id {
            let name = name.strip_prefix("notice:").unwrap_or(name);
            ids.extend(by_text_id(catalog, scope, name).filter(is_notice));
            if ids.is_empty() {
                return Err(NothingFound(unknown(catalog, scope, name, is_notice)).into());
            }
        }
        context.write(
            self.format,
            |reader| report::notices(catalog, scope, &ids, reader),
            || report::plain_of_notices(catalog, scope, &ids),
            || report::json_of_notices(catalog, scope, &ids),
            out,
        )?;
        Ok(Outcome::Fine)
    }
}

/// The entries with an id or a target: more than one where they share a number, or where directories share an id.
pub(super) fn named(catalog: &Catalog, scope: Scope, name: &str) -> anyhow::Result<Vec<EntryId>> {
    let found: Vec<EntryId> = by_text_id(catalog, scope, &name.to_lowercase()).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    let numbers = numbers(catalog, scope, name);
    for target in targets(name, &numbers) {
        let found = by_target(catalog, scope, &target);
        if !found.is_empty() {
            return Ok(found);
        }
    }
    // A number is also found without its extension.
    for number in numbers.iter().filter(|number| number.extension().is_none()) {
        let found: Vec<EntryId> = catalog.within(scope).flat_map(|directory| directory.by_number(number)).collect();
        if !found.is_empty() {
            return Ok(found);
        }
    }
    let nothing = |why: String| Err(NothingFound(why).into());
    match name.parse::<Target>() {
        Ok(target) => {
            let near = nearest_target(catalog, scope, target)
                .map_or_else(String::new, |near| format!("; did you mean {near}?"));
            nothing(format!("no entry has the target {name:?}{near}"))
        }
        Err(error) if name.contains(':') => Err(anyhow!("the target {name:?} {error}")),
        Err(_) => nothing(unknown(catalog, scope, name, |_| true)),
    }
}

/// The entries with an id as people type it: one of each directory that has it, in the order of the catalog.
fn by_text_id(catalog: &Catalog, scope: Scope, id: &str) -> impl Iterator<Item = EntryId> {
    catalog.within(scope).filter_map(move |directory| directory.by_text_id(id))
}

fn by_target(catalog: &Catalog, scope: Scope, target: &Target) -> Vec<EntryId> {
    catalog.within(scope).flat_map(|directory| directory.by_target(target)).collect()
}

/// The numbers that a name is in the regions of the directories.
fn numbers(catalog: &Catalog, scope: Scope, name: &str) -> Vec<PhoneNumber> {
    let regions = catalog.within(scope).map(|directory| directory.region);
    let mut numbers: Vec<PhoneNumber> = regions.filter_map(|region| PhoneNumber::parse_in(name, region).ok()).collect();
    numbers.dedup();
    numbers
}

/// The targets that a name may mean: a target itself, a phone number in any format, an address or a hostname.
fn targets(name: &str, numbers: &[PhoneNumber]) -> Vec<Target> {
    let mut targets: Vec<Target> = name.parse().into_iter().collect();
    targets.extend(numbers.iter().flat_map(Target::of_number));
    let forms = [("tel:", name.starts_with('+')), ("mailto:", name.contains('@')), ("https://", name.contains('.'))];
    let forms = forms.into_iter().filter(|(_, is_likely)| *is_likely);
    targets.extend(forms.filter_map(|(scheme, _)| format!("{scheme}{name}").parse().ok()));
    targets
}

/// The target with as many of its keys as some entry has.
fn nearest_target(catalog: &Catalog, scope: Scope, target: Target) -> Option<Target> {
    let Target::Tel(number, mut keys) = target else { return None };
    while keys.pop().is_some() {
        let shorter = Target::Tel(number.clone(), keys.clone());
        if !by_target(catalog, scope, &shorter).is_empty() {
            return Some(shorter);
        }
    }
    None
}

/// The message for an id that no entry of a kind has.
fn unknown(catalog: &Catalog, scope: Scope, id: &str, is_kind: impl Fn(&EntryId) -> bool + Copy) -> String {
    let directories = || catalog.within(scope);
    let ids: Vec<String> = directories()
        .flat_map(|directory| directory.entries().filter(is_kind).map(|id| directory.text_id(id)))
        .collect();
    let above = directories().find_map(|directory| Some(directory.text_id(directory.by_text_id_or_above(id)?)));
    let only_notices =
        directories().flat_map(|directory| directory.entries()).filter(is_kind).all(|id| !id.entry.is_contact());
    match nearest(id, ids.iter().map(String::as_str)).or(above.as_deref()) {
        Some(near) => format!("there is no {id:?}; did you mean {near}?"),
        None if only_notices => format!("there is no notice {id:?}; `dialtree notice` lists them"),
        None => format!("there is no {id:?}; `dialtree tree --plain` lists every id, `dialtree find` takes any words"),
    }
}
