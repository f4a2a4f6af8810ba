//! Configuration that frontends share: it is parsed in one frontend and used in another, so it belongs to neither.

#[cfg(feature = "ssh")]
pub mod serve;
