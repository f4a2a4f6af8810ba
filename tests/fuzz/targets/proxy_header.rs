//! Reads any bytes as a PROXY header. It may not panic, and must leave the bytes after the header.
#![no_main]

#[path = "../../../src/ssh/proxy_header.rs"]
#[allow(dead_code)]
mod proxy_header;

use libfuzzer_sys::fuzz_target;
use tokio::runtime::Builder;

fuzz_target!(|bytes: &[u8]| {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let mut rest = bytes;
    if let Ok(address) = runtime.block_on(proxy_header::read(&mut rest)) {
        let header = &bytes[..bytes.len() - rest.len()];
        assert_eq!(header.len(), 16 + usize::from(u16::from_be_bytes([header[14], header[15]])));
        // An IPv4 address that is mapped to IPv6 would pass limits and `from=` as another client.
        assert!(address.is_none_or(|address| address == address.to_canonical()));
    }
});
