//! What changed between two versions of a directory, as data and in words. Entries are paired as after a reload.

pub mod change;
mod fields;

use change::{About, Change, ChangeKind};
use fields::Field;

use crate::directory::matching::{paired_children, paired_records};
use crate::directory::{Channel, Directory, EntryId};
use crate::present::script::Script;

/// The fields that name an entry or an audience.
const NAMES: [&str; 3] = ["name", "label", "title"];

/// What changed from one version of a directory to the other: first the directory itself and its audiences, then the
/// entries in the order of the new version, each before those under it, then those that only the old one has.
pub fn changes(old: &Directory, new: &Directory) -> Vec<Change> {
    let mut diff = Diff { old, new, changes: Vec::new() };
    diff.fields(&About::default(), None, fields::directory(old), fields::directory(new));
    diff.audiences();
    paired_records(old, new).into_iter().for_each(|pair| diff.entry(pair));
    diff.changes
}

struct Diff<'a> {
    old: &'a Directory,
    new: &'a Directory,
    changes: Vec<Change>,
}

impl Diff<'_> {
    fn audiences(&mut self) {
        let (old, new) = (&self.old.audiences, &self.new.audiences);
        let gone = old.iter().filter(|audience| new.iter().all(|other| other.id != audience.id));
        let pairs = new.iter().map(|audience| (old.iter().find(|other| other.id == audience.id), Some(audience)));
        for (before, after) in pairs.chain(gone.map(|audience| (Some(audience), None))) {
            let Some(either) = after.or(before) else { continue };
            let id = Some(either.id.to_string());
            let about = About { audience: id, titles: vec![either.name.to_string()], ..About::default() };
            match (before, after) {
                (Some(before), Some(after)) => {
                    self.fields(&about, None, fields::audience(before), fields::audience(after));
                }
                (before, _) => self.whole(about, before.is_none(), None),
            }
        }
    }

    /// Compares an entry of each directory and everything under them.
    fn entry(&mut self, pair: (Option<EntryId>, Option<EntryId>)) {
        let (before, after) = match pair {
            (Some(before), Some(after)) => (before, after),
            (None, Some(added)) => return self.single(self.new, added, true),
            (Some(removed), None) => return self.single(self.old, removed, false),
            (None, None) => return,
        };
        // The channels of a contact include its lines.
        if !self.new.is_line(after) {
            let about = self.about(before, after);
            self.fields(&about, None, fields::entry(self.old, before), fields::entry(self.new, after));
            self.hours(&about, before, after);
            if self.new.option(after).is_none() {
                self.channels(&about, before, after);
            }
        }
        paired_children((self.old, before), (self.new, after)).into_iter().for_each(|pair| self.entry(pair));
    }

    fn about(&self, before: EntryId, after: EntryId) -> About {
        let old_entry = Some(self.old.text_id(before)).filter(|id| *id != self.new.text_id(after));
        About { old_entry, ..about(self.new, after) }
    }

    /// An entry that only one directory has. What is under it is not listed.
    fn single(&mut self, directory: &Directory, id: EntryId, is_new: bool) {
        if !directory.is_line(id) {
            let say = Script::new(directory, id).and_then(|script| script.say_with_kind());
            self.whole(about(directory, id), is_new, say);
        }
    }

    fn whole(&mut self, about: About, is_new: bool, say: Option<String>) {
        let say = say.into_iter().collect();
        let (kind, before, after) =
            if is_new { (ChangeKind::Added, Vec::new(), say) } else { (ChangeKind::Removed, say, Vec::new()) };
        self.changes.push(Change { about, kind, field: None, channel: None, before, after });
    }

    /// The fields whose values differ.
    fn fields(&mut self, about: &About, channel: Option<&str>, before: Vec<Field>, after: Vec<Field>) {
        for ((name, before), (_, after)) in before.into_iter().zip(after).filter(|(before, after)| before != after) {
            let kind = match name {
                "step" => ChangeKind::Moved,
                name if NAMES.contains(&name) && channel.is_none() && *about != About::default() => ChangeKind::Renamed,
                _ => ChangeKind::Changed,
            };
            let (before, after) = differing(before, after);
            let (about, channel) = (about.clone(), channel.map(str::to_owned));
            self.changes.push(Change { about, kind, field: Some(name.to_owned()), channel, before, after });
        }
    }

    /// The hours and closures that differ, unless those of the entry above have changed in the same way.
    fn hours(&mut self, about: &About, before: EntryId, after: EntryId) {
        let of = |directory: &Directory, id: Option<EntryId>| id.map(|id| fields::hours(directory, id));
        let (old, new) = (fields::hours(self.old, before), fields::hours(self.new, after));
        let above = of(self.old, self.old.parent(before)).zip(of(self.new, self.new.parent(after)));
        let is_inherited = |i: usize| above.as_ref().is_some_and(|above| above.0[i] == old[i] && above.1[i] == new[i]);
        let own: Vec<usize> = (0..old.len()).filter(|i| !is_inherited(*i)).collect();
        let pick = |fields: &[Field]| own.iter().map(|i| fields[*i].clone()).collect();
        self.fields(about, None, pick(&old), pick(&new));
    }

    /// The numbers and addresses of a contact, and whether another one is preferred.
    fn channels(&mut self, about: &About, before: EntryId, after: EntryId) {
        let of = |directory, id| Directory::contact(directory, id).map_or(&[][..], |contact| &contact.channels);
        let (old, new) = (of(self.old, before), of(self.new, after));
        let pairs = paired_channels(old, new);
        for (before, after) in &pairs {
            self.channel(about, before.map(|i| &old[i]), after.map(|i| &new[i]));
        }
        let mut kept: Vec<(usize, usize)> = pairs.iter().filter_map(|(before, after)| before.zip(*after)).collect();
        if !kept.is_sorted() {
            let order = |kept: &[(usize, usize)]| {
                vec![("channels", kept.iter().map(|(_, after)| printed(&new[*after])).collect())]
            };
            let after = order(&kept);
            kept.sort_unstable();
            self.fields(about, None, order(&kept), after);
        }
    }

    fn channel(&mut self, about: &About, before: Option<&Channel>, after: Option<&Channel>) {
        let Some(either) = after.or(before) else { return };
        let values = |channel: Option<&Channel>| channel.map(printed).into_iter().collect();
        let endpoints = |channel| vec![("", values(channel))];
        let count = self.changes.len();
        self.fields(about, None, endpoints(before), endpoints(after));
        for change in &mut self.changes[count..] {
            change.field = Some(either.kind.name().to_lowercase());
        }
        if let (Some(before), Some(after)) = (before, after) {
            self.fields(about, Some(&printed(after)), fields::channel(before), fields::channel(after));
        }
    }
}

/// The channels of a contact in both directories, by index: those with the same number or address together, then those
/// of the same kind and label, then those of the same kind.
fn paired_channels(old: &[Channel], new: &[Channel]) -> Vec<(Option<usize>, Option<usize>)> {
    let rules: [fn(&Channel, &Channel) -> bool; 3] = [
        |old, new| old.kind == new.kind && old.target() == new.target(),
        |old, new| old.kind == new.kind && old.label == new.label,
        |old, new| old.kind == new.kind,
    ];
    let mut left: Vec<usize> = (0..old.len()).collect();
    let mut partners = vec![None; new.len()];
    for rule in rules {
        for (partner, channel) in partners.iter_mut().zip(new).filter(|(partner, _)| partner.is_none()) {
            *partner = left.iter().position(|i| rule(&old[*i], channel)).map(|place| left.remove(place));
        }
    }
    let pairs = partners.into_iter().enumerate().map(|(i, partner)| (partner, Some(i)));
    pairs.chain(left.into_iter().map(|i| (Some(i), None))).collect()
}

fn printed(channel: &Channel) -> String {
    channel.printed().unwrap_or("not stated").to_owned()
}

/// The values that only one of two lists has; both lists where they have the same values in another order.
fn differing(before: Vec<String>, after: Vec<String>) -> (Vec<String>, Vec<String>) {
    let only = |own: &[String], other: &[String]| -> Vec<String> {
        own.iter().filter(|value| !other.contains(value)).cloned().collect()
    };
    match (only(&before, &after), only(&after, &before)) {
        (gone, added) if gone.is_empty() && added.is_empty() => (before, after),
        differing => differing,
    }
}

fn about(directory: &Directory, id: EntryId) -> About {
    let above = directory.ancestors(id).filter(|id| !directory.is_line(*id));
    let mut titles: Vec<String> = above.map(|id| directory.title(id).to_owned()).collect();
    titles.reverse();
    About { entry: Some(directory.text_id(id)), titles, ..About::default() }
}
