//! Starts a server for each test and connects clients to it. A test sends keys and waits for what the user would see.

use std::borrow::Cow;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::num::NonZeroU16;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use russh::client::{self, Handle, Msg};
use russh::keys::ssh_key::LineEnding;
use russh::keys::{Algorithm, PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate};
use russh::{Channel, ChannelMsg};

/// A Monday within the hours of every contact.
const MONDAY: &str = "2026-11-23T10:42:00-08:00";

/// The maximum time to wait for anything.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(10);

/// A temporary folder, removed when it is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNTER: AtomicUsize = AtomicUsize::new(0);
        let name = format!("dialtree-ssh-{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Creates a key for a client.
pub(crate) fn key() -> PrivateKey {
    PrivateKey::random(&mut russh::keys::key::safe_rng(), Algorithm::Ed25519).unwrap()
}

/// The line of a key in a file of authorised keys.
pub(crate) fn public_line(key: &PrivateKey) -> String {
    key.public_key().to_openssh().unwrap() + "\n"
}

pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) admin: SocketAddr,
    log: Arc<Mutex<String>>,
    pub(crate) folder: Folder,
}

/// The resident memory of a process, in KiB. `data` leaves out the pages of the program file, which become resident as
/// they are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) total: usize,
    pub(crate) data: usize,
}

impl Memory {
    /// Whether this is no more than before, within 5 % of the total.
    fn has_returned_to(self, before: Self) -> bool {
        self.data.saturating_sub(before.data) * 20 <= before.total
    }
}

/// The command of a server, without the options for authentication.
pub(crate) fn command(folder: &Folder, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dialtree"));
    command
        .args(["serve", "--at", MONDAY, "--max-connection-rate", "1000"])
        .arg("--host-key")
        .arg(folder.file("host_key"))
        .args(args)
        .env_clear()
        .env("XDG_DATA_HOME", "/nonexistent")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    // All clients of most tests have one address, so that those who fail must not keep the others out.
    let defaults =
        [("--listen", "127.0.0.1:0"), ("--admin", "127.0.0.1:0"), ("--penalty-exempt", "127.0.0.0/8,203.0.113.0/24")];
    for (option, default) in defaults {
        if !args.contains(&option) {
            command.args([option, default]);
        }
    }
    command
}

impl Server {
    /// Starts a server that requires no key.
    pub(crate) fn open(args: &[&str]) -> Self {
        let folder = Folder::new();
        let command = command(&folder, &[&["--auth", "none"], args].concat());
        Self::start(command, folder)
    }

    pub(crate) fn start(command: Command, folder: Folder) -> Self {
        Self::start_within(command, folder, TIMEOUT)
    }

    /// Starts a server that loads a large directory.
    pub(crate) fn start_slowly(command: Command, folder: Folder) -> Self {
        Self::start_within(command, folder, TIMEOUT * 12)
    }

    fn start_within(mut command: Command, folder: Folder, limit: Duration) -> Self {
        let mut child = command.spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let lines = Arc::clone(&log);
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut log = lines.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        let mut server =
            Self { child, address: ([0, 0, 0, 0], 0).into(), admin: ([0, 0, 0, 0], 0).into(), log, folder };
        let line = server.logged_within("listening", limit);
        let address = |name: &str| {
            let rest = line.split_once(name).unwrap().1.trim_start_matches(['=', '"', ':']);
            let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ':')).unwrap();
            rest[..end].parse().unwrap()
        };
        (server.address, server.admin) = (address("address"), address("admin"));
        server
    }

    /// Starts a server that requires no key and logs to a file or pipe that this process does not read.
    pub(crate) fn start_with_log(stderr: impl Into<Stdio>) -> Self {
        let folder = Folder::new();
        // The log does not tell which ports the system would choose.
        let free = || std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).unwrap();
        let (address, admin) = (free(), free());
        let args = ["--auth", "none", "--listen", &address.to_string(), "--admin", &admin.to_string()];
        let child = command(&folder, &args).stderr(stderr).spawn().unwrap();
        let mut server = Self { child, address, admin, log: Arc::default(), folder };
        wait_for("the server", || TcpStream::connect(admin).ok()).unwrap();
        assert!(server.is_running());
        server
    }

    /// Waits for a line of the log that contains a text.
    pub(crate) fn logged(&mut self, text: &str) -> String {
        self.logged_within(text, TIMEOUT)
    }

    pub(crate) fn logged_within(&mut self, text: &str, limit: Duration) -> String {
        let found = || self.log().lines().find(|line| line.contains(text)).map(ToOwned::to_owned);
        let line = wait_within(limit, &format!("{text:?} in the log"), found);
        line.unwrap_or_else(|why| panic!("{why}:\n{}", self.log()))
    }

    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(i32::try_from(self.child.id()).unwrap()), signal).unwrap();
    }

    /// Waits until the process exits.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        wait_for("the exit of the server", || self.child.try_wait().unwrap()).unwrap_or_else(|why| panic!("{why}"))
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// A field of the process's status.
    pub(crate) fn status(&self, name: &str) -> String {
        self.proc_field("status", name)
    }

    /// The soft limit of a resource.
    pub(crate) fn limit(&self, name: &str) -> String {
        self.proc_field("limits", name)
    }

    /// The first word after a name in a file of the process.
    fn proc_field(&self, file: &str, name: &str) -> String {
        let text = std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap();
        let rest = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        rest.split_whitespace().next().unwrap().to_owned()
    }

    /// The memory of the process.
    pub(crate) fn memory(&self) -> Memory {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let field = |name| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim().trim_end_matches(" kB").parse().unwrap()
        };
        Memory { total: field("VmRSS:"), data: field("RssAnon:") }
    }

    /// The memory of the process once it has not changed for 3 s.
    async fn settled_memory(&self) -> Memory {
        let (mut memory, mut since) = (self.memory(), Instant::now());
        let end = Instant::now() + TIMEOUT;
        while since.elapsed() < Duration::from_secs(3) && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(50)).await;
            if self.memory() != memory {
                (memory, since) = (self.memory(), Instant::now());
            }
        }
        memory
    }

    /// Requests an admin page; returns the status and the body.
    pub(crate) fn page(&self, path: &str) -> (u16, String) {
        self.request(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"))
    }

    /// Sends an HTTP request; returns the status and the body.
    pub(crate) fn request(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.admin).unwrap();
        stream.set_read_timeout(Some(TIMEOUT)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        let (head, text) = response.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), text.to_owned())
    }

    /// The value of a metric.
    pub(crate) fn metric(&self, name: &str) -> u64 {
        let text = self.page("/metrics").1;
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("dialtree_{name} ")));
        line.unwrap_or_else(|| panic!("no {name} in\n{text}")).parse().unwrap()
    }

    /// Waits until the value of a metric fulfils a condition.
    pub(crate) fn wait_for_metric(&self, name: &str, condition: impl Fn(u64) -> bool) {
        let value = || Some(self.metric(name)).filter(|value| condition(*value));
        wait_for(name, value).unwrap_or_else(|why| panic!("{why}; it is {}", self.metric(name)));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("{:?}; the log of the server:\n{}", self.child.try_wait(), self.log());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Polls until there is a result, or returns an error after [`TIMEOUT`].
pub(crate) fn wait_for<T>(what: &str, poll: impl FnMut() -> Option<T>) -> Result<T, String> {
    wait_within(TIMEOUT, what, poll)
}

fn wait_within<T>(limit: Duration, what: &str, mut poll: impl FnMut() -> Option<T>) -> Result<T, String> {
    let end = Instant::now() + limit;
    loop {
        if let Some(found) = poll() {
            return Ok(found);
        }
        if Instant::now() > end {
            return Err(format!("timed out waiting for {what}"));
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// A client that accepts every host key.
pub(crate) struct AcceptAnyHostKey;

impl client::Handler for AcceptAnyHostKey {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

/// Connects from a loopback address.
pub(crate) async fn connect_from(server: &Server, address: &str) -> std::io::Result<tokio::net::TcpStream> {
    let socket = tokio::net::TcpSocket::new_v4()?;
    socket.bind(SocketAddr::new(address.parse().unwrap(), 0))?;
    socket.connect(server.address).await
}

/// A client that is logged in.
pub(crate) struct Broker {
    pub(crate) client: Handle<AcceptAnyHostKey>,
}

/// The output and exit code of a command.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) out: String,
    pub(crate) error: String,
    pub(crate) code: Option<u32>,
}

impl Broker {
    pub(crate) async fn connect(server: &Server) -> Self {
        Self::connect_with(server, client::Config { nodelay: true, ..client::Config::default() }).await
    }

    pub(crate) async fn connect_with(server: &Server, config: client::Config) -> Self {
        let mut client = client::connect(Arc::new(config), server.address, AcceptAnyHostKey).await.unwrap();
        assert!(client.authenticate_none("broker").await.unwrap().success());
        Self { client }
    }

    /// Connects from a loopback address.
    pub(crate) async fn connect_from(server: &Server, address: &str, config: client::Config) -> Self {
        let stream = connect_from(server, address).await.unwrap();
        let mut client = client::connect_stream(Arc::new(config), stream, AcceptAnyHostKey).await.unwrap();
        assert!(client.authenticate_none("broker").await.unwrap().success());
        Self { client }
    }

    /// Tries to log in with a key.
    pub(crate) async fn try_key(server: &Server, key: &PrivateKey) -> Option<Self> {
        Self::try_key_from(server, key, "127.0.0.1").await.unwrap()
    }

    /// Tries to log in with a key, from a loopback address. Fails if the server closes the connection.
    pub(crate) async fn try_key_from(
        server: &Server,
        key: &PrivateKey,
        address: &str,
    ) -> Result<Option<Self>, russh::Error> {
        let stream = connect_from(server, address).await?;
        let mut client = client::connect_stream(Arc::default(), stream, AcceptAnyHostKey).await?;
        let key = PrivateKeyWithHashAlg::new(Arc::new(key.clone()), None);
        Ok(client.authenticate_publickey("broker", key).await?.success().then_some(Self { client }))
    }

    /// Opens a session with a terminal of a size.
    pub(crate) async fn open(&self, columns: u16, rows: u16) -> Navigator {
        self.open_with(columns, rows, &[("TERM", "xterm-256color")]).await
    }

    /// Opens a session whose client sends environment variables.
    pub(crate) async fn open_with(&self, columns: u16, rows: u16, variables: &[(&str, &str)]) -> Navigator {
        let channel = self.client.channel_open_session().await.unwrap();
        let term = variables.iter().find(|(name, _)| *name == "TERM").map_or("xterm", |(_, term)| term);
        for (name, value) in variables.iter().filter(|(name, _)| *name != "TERM") {
            channel.set_env(false, *name, *value).await.unwrap();
        }
        channel.request_pty(false, term, columns.into(), rows.into(), 0, 0, &[]).await.unwrap();
        channel.request_shell(false).await.unwrap();
        let parser = vt100::Parser::new(cells(rows), cells(columns), 0);
        Navigator { channel, parser, raw: Vec::new(), code: None, is_closed: false }
    }

    /// Runs a command to its end.
    pub(crate) async fn run(&self, command: impl Into<Vec<u8>>) -> Output {
        let channel = self.client.channel_open_session().await.unwrap();
        channel.exec(true, command).await.unwrap();
        read_output(channel).await
    }
}

/// Reads a channel until it closes.
pub(crate) async fn read_output(mut channel: Channel<Msg>) -> Output {
    let (mut out, mut error, mut code) = (Vec::new(), Vec::new(), None);
    while let Some(message) = tokio::time::timeout(TIMEOUT, channel.wait()).await.expect("the channel to close") {
        match message {
            ChannelMsg::Data { data } => out.extend_from_slice(&data),
            ChannelMsg::ExtendedData { data, .. } => error.extend_from_slice(&data),
            ChannelMsg::ExitStatus { exit_status } => code = Some(exit_status),
            _ => {}
        }
    }
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Output { out: text(out), error: text(error), code }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

/// A session in a terminal.
pub(crate) struct Navigator {
    pub(crate) channel: Channel<Msg>,
    parser: vt100::Parser,
    /// All bytes received.
    pub(crate) raw: Vec<u8>,
    pub(crate) code: Option<u32>,
    pub(crate) is_closed: bool,
}

impl Navigator {
    /// The text on the screen.
    pub(crate) fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// Whether the alternate screen is shown.
    pub(crate) fn is_on_alternate_screen(&self) -> bool {
        self.parser.screen().alternate_screen()
    }

    pub(crate) async fn press(&self, keys: &str) {
        self.channel.data(keys.as_bytes()).await.unwrap();
    }

    /// Waits until the screen contains a text.
    pub(crate) async fn see(&mut self, text: &str) {
        self.wait_until(text, |navigator| navigator.screen().contains(text)).await;
    }

    /// Processes output until a condition is fulfilled.
    pub(crate) async fn wait_until(&mut self, what: &str, condition: impl Fn(&Self) -> bool) {
        let end = tokio::time::Instant::now() + TIMEOUT;
        while !condition(self) {
            match tokio::time::timeout_at(end, self.channel.wait()).await {
                Ok(Some(ChannelMsg::Data { data })) => {
                    self.parser.process(&data);
                    self.raw.extend_from_slice(&data);
                }
                Ok(Some(ChannelMsg::ExitStatus { exit_status })) => self.code = Some(exit_status),
                Ok(Some(_)) => {}
                Ok(None) if !self.is_closed => self.is_closed = true,
                Ok(None) => panic!("closed while waiting for {what}; screen:\n{}", self.screen()),
                Err(_) => panic!("timed out waiting for {what}; screen:\n{}", self.screen()),
            }
        }
    }

    /// Waits until the server closes the channel.
    pub(crate) async fn closes(&mut self) {
        self.wait_until("the channel to close", |navigator| navigator.is_closed).await;
    }

    pub(crate) async fn resize(&mut self, columns: u16, rows: u16) {
        self.parser.screen_mut().set_size(cells(rows), cells(columns));
        self.channel.window_change(columns.into(), rows.into(), 0, 0).await.unwrap();
    }
}

/// Writes a private key in OpenSSH's format with a file mode.
pub(crate) fn write_private(path: &Path, key: &PrivateKey, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, key.to_openssh(LineEnding::LF).unwrap()).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// A user whose session must keep working while others attack the server.
pub(crate) struct Bystander {
    _broker: Broker,
    navigator: Navigator,
    /// The server's memory before the attack.
    memory: Memory,
}

impl Bystander {
    /// Opens a session on a server that has served others before, so that the memory that the first sessions allocate
    /// permanently does not count as growth.
    pub(crate) async fn start(server: &Server) -> Self {
        let mut others = Vec::new();
        for _ in 0..20 {
            let broker = Broker::connect(server).await;
            let mut navigator = broker.open(120, 40).await;
            navigator.see("Broker line").await;
            for command in ["find commission", "tree --json"] {
                assert_eq!(broker.run(command).await.code, Some(0));
            }
            others.push((broker, navigator));
        }
        drop(others);
        let broker = Broker::connect(server).await;
        let mut navigator = broker.open(120, 40).await;
        navigator.see("Broker line").await;
        let mut bystander = Self { _broker: broker, navigator, memory: Memory::default() };
        bystander.assert_keys_work().await;
        server.wait_for_metric("connections", |connections| connections == 1);
        bystander.memory = server.settled_memory().await;
        bystander
    }

    async fn assert_keys_work(&mut self) {
        for (keys, shown) in
            [("/premium", "› premium"), ("\x1b", "Broker line"), ("111", "IFP ▸ 1 ▸ 1"), ("1", "━ Individual")]
        {
            self.navigator.press(keys).await;
            self.navigator.see(shown).await;
        }
    }

    /// Asserts that the server is up, that this session responds to keys, and that new clients can log in.
    pub(crate) async fn assert_responsive(&mut self, server: &mut Server) {
        self.assert_keys_work().await;
        Broker::connect(server).await.open(80, 24).await.see("Broker line").await;
        assert!(server.is_running());
        assert!(!server.log().contains("panicked"), "{}", server.log());
    }

    /// Asserts that the memory of the server has not grown by more than a number of KiB.
    pub(crate) fn assert_memory_within(&self, server: &Server, max_growth: usize) {
        let memory = server.memory();
        assert!(memory.data <= self.memory.data + max_growth, "{memory:?} after {:?}", self.memory);
    }

    /// Disconnects the attackers, then asserts that the server is responsive and that its memory returns to what it was.
    pub(crate) async fn assert_recovered<E>(mut self, attackers: E, server: &mut Server) {
        drop(attackers);
        self.assert_responsive(server).await;
        server.wait_for_metric("connections", |connections| connections == 1);
        let end = Instant::now() + TIMEOUT * 2;
        while !server.memory().has_returned_to(self.memory) {
            assert!(Instant::now() < end, "{:?} after {:?}", server.memory(), self.memory);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// The configuration of a client with a receive window and a maximum packet size, both in bytes.
pub(crate) fn narrow(window: u32, packet: u32) -> client::Config {
    client::Config { window_size: window, maximum_packet_size: packet, ..client::Config::default() }
}

/// The configuration of a client that offers only one key exchange.
pub(crate) fn with_kex(kex: russh::kex::Name) -> client::Config {
    let preferred = russh::Preferred { kex: Cow::Owned(vec![kex]), ..russh::Preferred::default() };
    client::Config { preferred, ..client::Config::default() }
}
