//! The admin endpoint.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::harness::{Server, TIMEOUT};

#[test]
fn idle_connections_keep_no_health_check_waiting() {
    let server = Server::open(&[]);
    let mut idle: Vec<TcpStream> = Vec::new();
    for request in ["", "GET /metrics HTTP/1.1\r\nHost: local"].iter().cycle().take(50) {
        let mut stream = TcpStream::connect(server.admin).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        idle.push(stream);
    }
    for _ in 0..100 {
        let began = Instant::now();
        assert_eq!(server.page("/healthz"), (200, "alive\n".to_owned()));
        assert!(began.elapsed() < Duration::from_secs(1), "{:?}", began.elapsed());
    }
    // Each of them is closed.
    let began = Instant::now();
    for mut stream in idle {
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        let end = stream.read_to_end(&mut Vec::new());
        assert!(end.is_ok() || end.is_err_and(|error| error.kind() == std::io::ErrorKind::ConnectionReset));
    }
    assert!(began.elapsed() < Duration::from_secs(6));
}

#[test]
fn requests_for_another_host_are_refused() {
    let server = Server::open(&[]);
    let port = server.admin.port();
    let status = |host: &str| server.request(&format!("GET /metrics HTTP/1.1\r\n{host}\r\n")).0;
    for host in ["localhost", "LOCALHOST:1", "127.0.0.1", &format!("127.0.0.1:{port}"), "[::1]", "127.0.0.2"] {
        assert_eq!(status(&format!("Host: {host}\r\n")), 200, "{host}");
    }
    for host in ["evil.example", "localhost.evil.example", "192.0.2.1", "", "a b", "@", "127.0.0.1\r\nHost: localhost"]
    {
        assert!(matches!(status(&format!("Host: {host}\r\n")), 400 | 421), "{host}");
    }
    assert!(matches!(status(""), 400 | 421));
    assert_eq!(server.request("GET /healthz HTTP/1.0\r\n\r\n").0, 200);
    assert_eq!(server.request("POST /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").0, 405);
}

#[test]
fn oversized_and_malformed_requests_are_refused() {
    let server = Server::open(&[]);
    for request in ["GET\r\n\r\n".to_owned(), format!("GET /metrics HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(100_000))] {
        let mut stream = TcpStream::connect(server.admin).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        let _ = stream.write_all(request.as_bytes());
        let mut response = Vec::new();
        let _ = stream.read_to_end(&mut response);
        assert!(!response.starts_with(b"HTTP/1.1 200"));
    }
    assert_eq!(server.page("/healthz").0, 200);
}
