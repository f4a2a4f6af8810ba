//! The catalog: every directory that is loaded, with the one index that is searched.

use std::fmt;
use std::sync::OnceLock;

use super::elsewhere::NotListed;
use super::{MAX_RIVALS, Query, SearchIndex, SearchResults, TrustModel, Weights, find};
use crate::directory::{Audience, AudienceId, Directory, EntryId, Scope};

/// One or more directories and their index. Immutable: a reload replaces the catalog as a whole, so that every
/// [`EntryId`] and [`AudienceId`] a session holds belongs to the catalog that the session shows.
pub struct Catalog {
    directories: Vec<Directory>,
    weights: Weights,
    trust: TrustModel,
    /// Built on first use, so that a command that searches nothing does not pay for it.
    index: OnceLock<SearchIndex>,
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Catalog").field("directories", &self.directories).finish_non_exhaustive()
    }
}

/// The indices of the common needs of a directory that have no answer.
pub fn unanswered_needs(directory: &Directory) -> Vec<usize> {
    let catalog = Catalog::from(directory.clone());
    let needs = directory.common_needs.iter().enumerate();
    needs.filter(|(_, need)| catalog.answer(need, Scope::All).is_none()).map(|(index, _)| index).collect()
}

/// An empty directory, shown while the first one is being loaded.
impl Default for Catalog {
    fn default() -> Self {
        Self::new(vec![Directory::default()])
    }
}

impl From<Directory> for Catalog {
    fn from(directory: Directory) -> Self {
        Self::new(vec![directory])
    }
}

impl Catalog {
    /// A catalog of directories, in the order in which they are shown. The index is built on first use.
    pub fn new(directories: Vec<Directory>) -> Self {
        Self::tuned(directories, Weights::default(), TrustModel::built_in())
    }

    /// A catalog whose searches are ranked by other weights and judged by another model than the default, to tune them.
    pub fn tuned(mut directories: Vec<Directory>, weights: Weights, trust: TrustModel) -> Self {
        let is_only = directories.len() == 1;
        for (index, directory) in directories.iter_mut().enumerate() {
            directory.set_place(index, is_only);
        }
        Self { directories, weights, trust, index: OnceLock::new() }
    }

    /// Builds everything that is built on first use now, for a catalog that is loaded in the background.
    pub fn prepare(&self) {
        self.directories.iter().for_each(Directory::prepare);
        self.index();
    }

    /// The weights that rank its searches.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// The model that judges its searches.
    pub fn trust(&self) -> &TrustModel {
        &self.trust
    }

    /// The directories, in the order in which they are shown.
    pub fn directories(&self) -> &[Directory] {
        &self.directories
    }

    /// The directories in a scope.
    pub fn within(&self, scope: Scope) -> impl Iterator<Item = &Directory> + Clone {
        self.directories.iter().enumerate().filter(move |(index, _)| scope.has_directory(*index)).map(|(_, own)| own)
    }

    /// Whether there are several directories, so that it matters whose an entry is.
    pub fn has_several(&self) -> bool {
        self.directories.len() > 1
    }

    /// The directory of an entry of this catalog.
    pub fn directory(&self, id: EntryId) -> &Directory {
        &self.directories[id.directory]
    }

    /// The phrase of a directory's `elsewhere` and its note; `None` if the catalog was reloaded without it.
    pub fn elsewhere(&self, id: NotListed) -> Option<(&str, Option<&str>)> {
        let item = self.directories.get(id.directory)?.elsewhere.get(id.item)?;
        Some((item.phrases.get(id.phrase)?, item.note.as_deref()))
    }

    /// An audience of this catalog.
    pub fn audience(&self, id: AudienceId) -> &Audience {
        &self.directories[id.directory].audiences[id.index]
    }

    /// Every audience, by directory and in its order.
    pub fn audiences(&self) -> impl Iterator<Item = (AudienceId, &Audience)> {
        self.directories.iter().enumerate().flat_map(|(directory, record)| {
            let audiences = record.audiences.iter().enumerate();
            audiences.map(move |(index, audience)| (AudienceId { directory, index }, audience))
        })
    }

    /// Searches all directories, or only the entries in the scope of the query.
    pub fn find(&self, query: &Query<'_>) -> SearchResults {
        find(&self.directories, self.index(), query)
    }

    /// The answer to a common need: the best result in a scope, if it can be trusted and no other directory has an
    /// equal one.
    pub fn answer(&self, need: &str, scope: Scope) -> Option<EntryId> {
        let found = self.find(&Query { text: need, scope, limit: MAX_RIVALS });
        let best = found.results.first().filter(|best| !best.weak)?.id;
        let mut equal = found.results.iter().take(found.by_audience);
        equal.all(|other| other.id.directory == best.directory).then_some(best)
    }

    fn index(&self) -> &SearchIndex {
        self.index.get_or_init(|| SearchIndex::new(&self.directories, &self.weights, &self.trust))
    }
}
