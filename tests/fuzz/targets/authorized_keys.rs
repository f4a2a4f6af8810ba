//! Parses any bytes as a file of authorised keys. It may not panic, each line either counts or is reported, and no line
//! changes what another allows.
#![no_main]
#![allow(dead_code)]

#[path = "../../../src/ssh/authorized_keys.rs"]
mod authorized_keys;
#[path = "../../../src/ssh/key_file.rs"]
mod key_file;
#[path = "../../../src/ssh/key_options.rs"]
mod key_options;

/// What these modules use of others.
mod log {
    pub(super) fn client_text(text: &str) -> String {
        text.to_owned()
    }
}
mod source {
    pub(crate) use dialtree::source::{ReadError, open_regular};
}

use std::net::IpAddr;

use authorized_keys::{AuthorizedKeys, Client, Credential};
use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use russh::keys::ssh_key::PublicKey;

const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF7ktQ6UtTcRR1330cQNzP/6xVBObjRZO9yccrVr49Gd";
/// A key that no input has by chance.
const OTHER: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEppfyzeQ7wh9jiXfJXFGSlbKBdFPRbcWCnZcZdAKfry";

fuzz_target!(|bytes: &[u8]| {
    let now = Timestamp::from_second(1_795_000_000).expect("a valid time");
    let may_enter = |keys: &AuthorizedKeys, key: &str, address: IpAddr| {
        let key = PublicKey::from_openssh(key).expect("a key");
        let credential = Credential::Key(key.key_data().clone());
        keys.grant(&credential, Client { address: Some(address), user: "broker", now }).is_ok()
    };
    let addresses = [IpAddr::from([192, 0, 2, 1]), IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1])];
    let keys = AuthorizedKeys::parse(bytes);
    let is_line = |line: &&[u8]| !line.trim_ascii().is_empty();
    assert!(keys.len() + keys.bad_lines.len() <= bytes.split(|byte| *byte == b'\n').filter(is_line).count());
    for address in addresses {
        assert!(!may_enter(&keys, OTHER, address));
        let whole = [bytes, b"\n", KEY.as_bytes(), b"\n"].concat();
        assert!(may_enter(&AuthorizedKeys::parse(&whole), KEY, address));
    }
    // As the options of a key.
    if !bytes.contains(&b'\n') {
        let keys = AuthorizedKeys::parse(&[bytes, b" ", KEY.as_bytes()].concat());
        may_enter(&keys, KEY, addresses[0]);
        may_enter(&keys, KEY, addresses[1]);
    }
});
