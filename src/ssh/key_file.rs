//! Reads a file of authorised keys, if nobody but its owner and root can have changed it (`StrictModes` of OpenSSH).

use std::fs::{self, Metadata};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::unistd::geteuid;

use crate::source::{ReadError, open_regular};

/// The maximum size of the file, in bytes: some 100,000 keys.
const MAX_LEN: u64 = 16 << 20;

/// Why a file of authorised keys is not used.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs)] // The messages are the documentation.
pub(super) enum KeyFileError {
    #[error("cannot read the authorized keys: {error}{}", advice(.error))]
    Unreadable { error: ReadError },
    #[error("larger than {} MB, the limit for authorized keys", MAX_LEN >> 20)]
    TooLarge,
    #[error("{} belongs to another user (uid {uid}); run `chown` so that root or the user of the server owns it", .path.display())]
    Owner { path: PathBuf, uid: u32 },
    #[error("other users may write to {}; run `chmod go-w` on it", .path.display())]
    Writable { path: PathBuf },
}

impl From<ReadError> for KeyFileError {
    fn from(error: ReadError) -> Self {
        Self::Unreadable { error }
    }
}

fn advice(error: &ReadError) -> &'static str {
    match error {
        ReadError::NotFound => {
            "; name a file with one public key per line, such as the contents of ~/.ssh/id_ed25519.pub"
        }
        _ => "",
    }
}

/// Reads the file after it has checked the modes of the file and of its folders.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, KeyFileError> {
    // The modes of symbolic links mean nothing; those of what they lead to do.
    let path = fs::canonicalize(path).map_err(ReadError::from)?;
    let file = open_regular(&path)?;
    // Of the open file, which is the one that is read even if another has taken its place.
    check_modes(&path, &file.metadata().map_err(ReadError::from)?)?;
    for folder in path.ancestors().skip(1) {
        check_modes(folder, &fs::metadata(folder).map_err(ReadError::from)?)?;
    }
    let mut bytes = Vec::new();
    file.take(MAX_LEN + 1).read_to_end(&mut bytes).map_err(ReadError::from)?;
    if bytes.len() as u64 > MAX_LEN { Err(KeyFileError::TooLarge) } else { Ok(bytes) }
}

fn check_modes(path: &Path, metadata: &Metadata) -> Result<(), KeyFileError> {
    let (uid, path) = (metadata.uid(), path.to_owned());
    if uid != 0 && uid != geteuid().as_raw() {
        return Err(KeyFileError::Owner { path, uid });
    }
    // In a sticky folder such as /tmp, users can replace only what is theirs.
    let is_protected = metadata.is_dir() && metadata.mode() & 0o1000 != 0;
    if metadata.mode() & 0o022 != 0 && !is_protected { Err(KeyFileError::Writable { path }) } else { Ok(()) }
}
