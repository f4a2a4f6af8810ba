//! How far the loading of a directory has come, for whoever waits for it.

/// A stage of loading, and how much of it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The stage.
    pub stage: LoadStage,
    /// How much of it is done: bytes, or contacts.
    pub done: usize,
    /// How much there is; 0 where no one knows.
    pub of: usize,
}

/// The steps of loading, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadStage {
    /// The bytes come from the file.
    Read,
    /// They become records.
    Parse,
    /// The records are checked.
    Check,
    /// Their words are made ready to be searched.
    Index,
}

impl LoadStage {
    /// The part of all the time that goes before it, and its own, in hundredths; as measured with 100,000 contacts.
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
    /// Nothing is done yet.
    pub const START: Self = Self { stage: LoadStage::Read, done: 0, of: 0 };

    /// How much of everything is done, in hundredths.
    pub fn percent(self) -> usize {
        let (before, own) = self.stage.share();
        before + (own * self.done.min(self.of)).checked_div(self.of).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_follow_each_other_up_to_a_hundred() {
        let mut end = 0;
        for stage in [LoadStage::Read, LoadStage::Parse, LoadStage::Check, LoadStage::Index] {
            assert_eq!(Progress { stage, done: 0, of: 7 }.percent(), end);
            assert_eq!(Progress { stage, done: 3, of: 0 }.percent(), end, "what has no known end has not moved");
            end = Progress { stage, done: 7, of: 7 }.percent();
        }
        assert_eq!(end, 100);
    }
}
