//! The progress of loading a directory, which the loading screen shows.

/// A stage of loading and its progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The stage.
    pub stage: LoadStage,
    /// The work done in this stage, in bytes for reading and parsing, in contacts for checking.
    pub done: usize,
    /// The total work of this stage, in the same unit; 0 if unknown.
    pub total: usize,
}

/// The stages of loading, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadStage {
    /// Reading the bytes of the file.
    Read,
    /// Parsing them into records.
    Parse,
    /// Checking the records.
    Check,
    /// Building the search index.
    Index,
}

impl LoadStage {
    /// The percentage of the loading time before this stage and in it, as measured with 100,000 contacts.
    fn share(self) -> (usize, usize) {
        match self {
            Self::Read => (0, 5),
            Self::Parse => (5, 50),
            Self::Check => (55, 25),
            Self::Index => (80, 20),
        }
    }
}

impl Progress {
    /// The progress before anything is done.
    pub const START: Self = Self { stage: LoadStage::Read, done: 0, total: 0 };

    /// The progress of the whole loading, in percent.
    pub fn percent(self) -> usize {
        let (before, own) = self.stage.share();
        before + (own * self.done.min(self.total)).checked_div(self.total).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stage_starts_where_the_last_one_ends() {
        let mut end = 0;
        for stage in [LoadStage::Read, LoadStage::Parse, LoadStage::Check, LoadStage::Index] {
            assert_eq!(Progress { stage, done: 0, total: 7 }.percent(), end);
            assert_eq!(
                Progress { stage, done: 3, total: 0 }.percent(),
                end,
                "a stage of unknown length stays at its start"
            );
            end = Progress { stage, done: 7, total: 7 }.percent();
        }
        assert_eq!(end, 100);
    }
}
