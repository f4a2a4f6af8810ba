//! Audiences: who a caller is asking for.

use serde::Serialize;
use smallvec::SmallVec;

/// Who a caller is asking for. Serialized as it stands in JSON reports.
#[derive(Clone, Debug, Serialize)]
pub struct Audience {
    /// Unique in the directory: `ifp`.
    pub id: Box<str>,
    /// `Individual & Family Plans`
    pub name: Box<str>,
    /// The name for narrow columns: `IFP`.
    pub short: Box<str>,
    /// Other names.
    pub aliases: Vec<Box<str>>,
}

/// Names an audience of a catalog. Valid for that catalog only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AudienceId {
    /// The index of the directory in its catalog.
    pub directory: usize,
    /// The index in [`Directory::audiences`](super::Directory::audiences).
    pub index: usize,
}

/// The part of a catalog that is searched or listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everything.
    #[default]
    All,
    /// A directory, by its index in the catalog.
    Directory(usize),
    /// What is for an audience, in its directory.
    Audience(AudienceId),
}

impl Scope {
    /// The directory that it is limited to.
    pub fn directory(self) -> Option<usize> {
        match self {
            Self::All => None,
            Self::Directory(directory) => Some(directory),
            Self::Audience(audience) => Some(audience.directory),
        }
    }

    /// The audience that it is limited to.
    pub fn audience(self) -> Option<AudienceId> {
        match self {
            Self::Audience(audience) => Some(audience),
            Self::All | Self::Directory(_) => None,
        }
    }

    /// Whether a directory, or a part of it, is in it.
    pub fn has_directory(self, index: usize) -> bool {
        self.directory().is_none_or(|directory| directory == index)
    }
}

/// The scope of an audience; everything without one.
impl From<Option<AudienceId>> for Scope {
    fn from(audience: Option<AudienceId>) -> Self {
        audience.map_or(Self::All, Self::Audience)
    }
}

/// A set of audiences of one directory, by index in [`Directory::audiences`](super::Directory::audiences).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AudienceSet(SmallVec<[u16; 8]>);

impl AudienceSet {
    /// The largest number of audiences in one directory.
    pub const MAX_AUDIENCES: usize = 1 << 16;

    /// Adds an audience.
    pub fn insert(&mut self, audience: usize) {
        // The loader refuses more audiences than fit.
        let audience = u16::try_from(audience).unwrap_or(u16::MAX);
        if let Err(at) = self.0.binary_search(&audience) {
            self.0.insert(at, audience);
        }
    }

    /// Adds every audience of another set.
    pub fn extend(&mut self, other: &Self) {
        other.iter().for_each(|audience| self.insert(audience));
    }

    /// Whether an audience is in the set.
    pub fn contains(&self, audience: usize) -> bool {
        self.iter().any(|index| index == audience)
    }

    /// Whether the set is empty. A contact with an empty set is for every audience.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The audiences in the set, in the order of the directory.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().map(|audience| usize::from(*audience))
    }

    /// Whether the two sets have an audience in common.
    pub fn intersects(&self, other: &Self) -> bool {
        self.iter().any(|audience| other.contains(audience))
    }
}
