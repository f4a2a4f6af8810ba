//! `dialtree show`: the card of one answer.

use std::io::Write;

use anyhow::anyhow;
use clap::Args;

use super::context::Context;
use super::{Form, NothingFound, Outcome};
use crate::directory::phone::PhoneNumber;
use crate::directory::target::Target;
use crate::directory::text::nearest;
use crate::directory::{Directory, EntryId};
use crate::report::{self, Subject};

/// What `dialtree show` takes.
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
pub struct Arguments {
    /// A target such as tel:+18009093447/1/1, an id such as ifp-line/1/1, a number or an address
    #[arg(value_name = "TARGET|ID")]
    name: String,

    #[command(flatten)]
    form: Form,

    /// A vCard for an address book
    #[arg(long, conflicts_with_all = ["plain", "json"])]
    vcard: bool,

    /// A QR code for a phone's camera
    #[arg(long, conflicts_with_all = ["plain", "json", "vcard"])]
    qr: bool,
}

impl Arguments {
    pub(super) fn run(&self, context: &Context, out: &mut dyn Write) -> anyhow::Result<Outcome> {
        let directory = &context.directory;
        let mut subjects = named(directory, &self.name)?;
        if self.vcard {
            // A card has every way to reach its answer.
            subjects.dedup_by_key(|subject| subject.answer);
            if subjects.iter().all(|subject| directory.contact(subject.answer).is_none()) {
                anyhow::bail!("a notice has no vCard; a contact or an option has one");
            }
            out.write_all(report::vcards(directory, &subjects).as_bytes())?;
            return Ok(Outcome::Fine);
        }
        if self.qr {
            for subject in &subjects {
                let page = report::qr(directory, *subject, &context.reader()).map_err(anyhow::Error::msg)?;
                out.write_all(report::painted(&page, context.looks).as_bytes())?;
            }
            return Ok(Outcome::Fine);
        }
        context.write(
            self.form,
            |reader| report::show(directory, &subjects, reader),
            || report::plain_of(directory, &subjects, context.now),
            || report::json_of_answers(directory, &subjects, context.now),
            out,
        )?;
        Ok(Outcome::Fine)
    }
}

/// The answers with an id or a target: more than one where they share a number.
fn named(directory: &Directory, name: &str) -> anyhow::Result<Vec<Subject>> {
    if let Some(answer) = directory.by_id(&name.to_lowercase()) {
        return Ok(vec![answer.into()]);
    }
    for target in targets(name) {
        let found = directory.by_target(&target);
        if !found.is_empty() {
            return Ok(found.into_iter().map(|(answer, channel)| Subject { answer, channel }).collect());
        }
    }
    let nothing = |why: String| Err(NothingFound(why).into());
    match name.parse::<Target>() {
        Ok(target) => {
            let near = above(directory, target).map_or_else(String::new, |near| format!("; did you mean {near}?"));
            nothing(format!("nothing here has the target {name:?}{near}"))
        }
        Err(wrong) if name.contains(':') => Err(anyhow!("the target {name:?} {wrong}")),
        Err(_) => nothing(unknown(directory, name, |_| true)),
    }
}

/// What a name may mean: a target, or what people have in hand, a number in any form, an address or a host.
fn targets(name: &str) -> Vec<Target> {
    let mut targets: Vec<Target> = name.parse().into_iter().collect();
    if let Ok(number) = PhoneNumber::parse(name) {
        targets.push(Target::Tel(number.e164().into(), Vec::new()));
        targets.push(Target::Fax(number.e164().into()));
    }
    let forms = [("tel:", name.starts_with('+')), ("mailto:", name.contains('@')), ("https://", name.contains('.'))];
    let forms = forms.into_iter().filter(|(_, is_likely)| *is_likely);
    targets.extend(forms.filter_map(|(scheme, _)| format!("{scheme}{name}").parse().ok()));
    targets
}

/// The target with as many of its keys as lead somewhere.
fn above(directory: &Directory, target: Target) -> Option<Target> {
    let Target::Tel(number, mut keys) = target else { return None };
    while keys.pop().is_some() {
        let shorter = Target::Tel(number.clone(), keys.clone());
        if !directory.by_target(&shorter).is_empty() {
            return Some(shorter);
        }
    }
    None
}

/// What is said of an id that no answer of a kind has.
pub(super) fn unknown(directory: &Directory, id: &str, is_kind: impl Fn(&EntryId) -> bool + Copy) -> String {
    let ids: Vec<String> = directory.answers().filter(is_kind).map(|answer| directory.id(answer)).collect();
    let above = directory.by_id_or_above(id).map(|answer| directory.id(answer));
    match nearest(id, ids.iter().map(String::as_str)).or(above.as_deref()) {
        Some(near) => format!("there is no {id:?}; did you mean {near}?"),
        None if directory.answers().filter(is_kind).all(|answer| directory.notice(answer).is_some()) => {
            format!("there is no notice {id:?}; `dialtree notice` lists them")
        }
        None => format!("there is no {id:?}; `dialtree tree --plain` has every id, `dialtree find` takes any words"),
    }
}
