//! The PROXY protocol, version 2: a load balancer begins each connection with the address of the client that it
//! forwards.

use std::io;
use std::net::IpAddr;

use tokio::io::{AsyncRead, AsyncReadExt};

/// The length of the fixed part of a header, in bytes. Its last two bytes are the length of the rest.
const FIXED_LEN: usize = 16;

/// The maximum length of the rest of a header, in bytes.
const MAX_REST_LEN: usize = 2048;

/// A connection of a load balancer does not begin with a usable header.
#[derive(Debug, thiserror::Error)]
pub(super) enum ProxyHeaderError {
    #[error("the connection ended before the header was complete")]
    Read(#[from] io::Error),
    #[error("the connection does not begin with a PROXY header of version 2")]
    Missing,
    #[error("the header is longer than {MAX_REST_LEN} bytes")]
    TooLong,
    #[error("the header is malformed")]
    Malformed(#[from] ppp::v2::ParseError),
    #[error("the header names no IP address")]
    NoAddress,
}

/// Reads a header, and not one byte more. Returns the client's address, or none if the balancer connects on its own
/// behalf, as it does for a health check.
pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Result<Option<IpAddr>, ProxyHeaderError> {
    let mut bytes = vec![0; FIXED_LEN];
    stream.read_exact(&mut bytes).await?;
    if !bytes.starts_with(ppp::v2::PROTOCOL_PREFIX) {
        return Err(ProxyHeaderError::Missing);
    }
    let rest_len = usize::from(u16::from_be_bytes([bytes[FIXED_LEN - 2], bytes[FIXED_LEN - 1]]));
    if rest_len > MAX_REST_LEN {
        return Err(ProxyHeaderError::TooLong);
    }
    bytes.resize(FIXED_LEN + rest_len, 0);
    stream.read_exact(&mut bytes[FIXED_LEN..]).await?;
    let header = ppp::v2::Header::try_from(bytes.as_slice())?;
    match (header.command, header.addresses) {
        (ppp::v2::Command::Local, _) => Ok(None),
        (_, ppp::v2::Addresses::IPv4(addresses)) => Ok(Some(IpAddr::V4(addresses.source_address))),
        (_, ppp::v2::Addresses::IPv6(addresses)) => Ok(Some(IpAddr::V6(addresses.source_address).to_canonical())),
        _ => Err(ProxyHeaderError::NoAddress),
    }
}
