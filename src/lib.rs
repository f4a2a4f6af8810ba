//! dialtree.
#![forbid(unsafe_code)]
pub mod directory;
