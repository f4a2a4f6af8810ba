//! The login of a connection: decides on each attempt, remembers what the client has logged in with, and records how
//! the login has ended, in the log, the metrics and the penalties.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use russh::keys::Algorithm;
use russh::keys::ssh_key::PublicKey;
use russh::server::Auth;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout};
use tokio_util::sync::CancellationToken;

use super::authorized_keys::{Client, Credential, Grant, Refusal};
use super::keys;
use super::log::client_text;
use super::metrics::Count;
use super::penalties::Offence;
use super::startups::StartupPlace;
use super::state::ServerState;

/// How far the authentication of a connection has come.
enum Progress {
    /// The client has not tried to log in.
    NotAttempted,
    /// The client has tried to log in under this name.
    Attempted(String),
    /// The client is logged in under this name.
    Accepted(String),
}

/// The login of a connection. Dropping it records how it has ended.
pub(super) struct Login {
    state: Arc<ServerState>,
    /// The client's address; none for a health check by a trusted proxy.
    peer: Option<IpAddr>,
    /// Aborts the connection.
    abort: CancellationToken,
    began: Instant,
    progress: Progress,
    /// The fingerprint of the key that the client has offered last.
    key: Option<String>,
    /// Whether that key was refused.
    is_key_refused: bool,
    /// Why the last attempt to log in was refused.
    refusal: Option<Refusal>,
    /// What the client has logged in with, and what that allows; none if no key is required.
    credential: Option<(Credential, Grant)>,
    /// Cancelled when the client may no longer be logged in.
    revoked: CancellationToken,
    /// The place among the connections before login.
    startup: Option<StartupPlace>,
    /// The place among the connections that are logged in.
    place: Option<OwnedSemaphorePermit>,
}

impl Login {
    pub(super) fn new(
        state: Arc<ServerState>,
        client: Option<(IpAddr, StartupPlace)>,
        abort: CancellationToken,
        began: Instant,
        revoked: CancellationToken,
    ) -> Self {
        let (peer, startup) = client.unzip();
        Self {
            state,
            peer,
            abort,
            began,
            progress: Progress::NotAttempted,
            key: None,
            is_key_refused: false,
            refusal: None,
            credential: None,
            revoked,
            startup,
            place: None,
        }
    }

    /// The client's address for the log.
    fn peer(&self) -> String {
        self.peer.map_or_else(|| "proxy".to_owned(), |peer| peer.to_string())
    }

    fn client<'a>(&self, user: &'a str) -> Client<'a> {
        Client { address: self.peer, user, now: Timestamp::now() }
    }

    /// Replies to a client that offers a key: whether it may prove that it holds it.
    pub(super) fn offer(&mut self, user: &str, key: &PublicKey, algorithm: &Algorithm) -> Auth {
        let end = self.check_offer(user, key, algorithm);
        self.reply_to_key(user, key, end)
    }

    fn check_offer(&self, user: &str, key: &PublicKey, algorithm: &Algorithm) -> Result<(), Refusal> {
        // russh accepts RSA signatures with SHA-1 from clients, whatever algorithms are configured; refuse them here.
        if matches!(algorithm, Algorithm::Rsa { hash: None }) {
            return Err(Refusal::Weak);
        }
        match self.state.config.options.allows_anyone() {
            true => Ok(()),
            false => self.state.authorized_keys().may_offer(key, self.client(user)),
        }
    }

    /// Replies to a client that has proved that it holds a key, and keeps what that allows.
    pub(super) fn prove(&mut self, user: &str, key: &PublicKey, credential: Credential) -> Auth {
        let end = self.check_proof(user, credential);
        self.reply_to_key(user, key, end)
    }

    fn check_proof(&mut self, user: &str, credential: Credential) -> Result<(), Refusal> {
        if self.state.config.options.allows_anyone() {
            return Ok(());
        }
        let grant = self.state.authorized_keys().grant(&credential, self.client(user))?;
        self.credential = Some((credential, grant));
        Ok(())
    }

    /// Replies to a client that tries to log in without a key.
    pub(super) fn try_without_key(&mut self, user: &str) -> Auth {
        let may_enter = self.state.config.options.allows_anyone();
        self.reply(user, if may_enter { Ok(()) } else { Err(Refusal::NoKey) })
    }

    /// Refuses a password.
    pub(super) fn refuse_password(&mut self, user: &str) -> Auth {
        self.reply(user, Err(Refusal::NoKey))
    }

    /// Records what became of a key and replies to the attempt to log in with it.
    fn reply_to_key(&mut self, user: &str, key: &PublicKey, end: Result<(), Refusal>) -> Auth {
        let fingerprint = keys::fingerprint(key);
        if end.is_err() && self.state.penalties.is_key_penalized(&fingerprint) {
            self.startup.iter().for_each(StartupPlace::suspect);
        }
        (self.key, self.is_key_refused) = (Some(fingerprint), end.is_err());
        self.reply(user, end)
    }

    /// Records an attempt to log in and replies to it. A health check cannot log in.
    fn reply(&mut self, user: &str, end: Result<(), Refusal>) -> Auth {
        let end = if self.peer.is_some() { end } else { end.and(Err(Refusal::HealthCheck)) };
        self.progress = Progress::Attempted(client_text(user));
        self.refusal = end.err();
        // A rejected client may try its other keys.
        let reject = Auth::Reject { proceed_with_methods: None, partial_success: false };
        if end.is_ok() { Auth::Accept } else { reject }
    }

    /// Completes the login of a client that names its version. Returns false if the server is full.
    pub(super) fn complete(&mut self, client: &str) -> bool {
        self.startup = None;
        self.place = self.state.connection_limits.try_log_in();
        let Progress::Attempted(user) = std::mem::replace(&mut self.progress, Progress::NotAttempted) else {
            return true;
        };
        self.progress = Progress::Accepted(user.clone());
        if self.place.is_none() {
            self.state.metrics.increment(Count::RefusedFull);
            return false;
        }
        self.peer.iter().for_each(|peer| self.state.penalties.forgive(*peer));
        self.state.metrics.increment(Count::Logins);
        let (client, comment) = (client_text(client), self.credential.as_ref().map(|(_, grant)| &*grant.comment));
        tracing::info!(peer = %self.peer(), user, key = self.key, comment, client, "logged in");
        if let Some((credential, _)) = self.credential.clone().filter(|_| self.state.config.options.end_revoked) {
            let (state, revoked, abort) = (Arc::clone(&self.state), self.revoked.clone(), self.abort.clone());
            let end = end_when_revoked(state, credential, self.peer, user, revoked);
            tokio::spawn(async move { abort.run_until_cancelled(end).await });
        }
        true
    }

    /// The command that runs instead of what the client asks for.
    pub(super) fn forced_command(&self) -> Option<Vec<u8>> {
        self.credential.as_ref().and_then(|(_, grant)| grant.command.clone()).map(String::into_bytes)
    }

    /// Adds the penalties of a connection that ends without a login.
    fn punish(&self, peer: IpAddr) {
        let offence = match &self.progress {
            Progress::Accepted(_) => return,
            _ if self.began.elapsed() >= self.state.config.options.login_timeout => Offence::LoginTimeout,
            // It was not refused but dropped for another connection, or by the shutdown.
            Progress::Attempted(_) if !self.abort.is_cancelled() => Offence::LoginRefused,
            _ => Offence::NoAttempt,
        };
        self.state.penalties.punish(peer, offence);
        if let Some(key) = self.key.clone().filter(|_| self.is_key_refused) {
            self.state.penalties.punish_key(key);
        }
    }
}

impl Drop for Login {
    fn drop(&mut self) {
        let (peer, seconds) = (self.peer(), self.began.elapsed().as_secs());
        match &self.progress {
            Progress::Accepted(user) => tracing::info!(%peer, user, seconds, "disconnected"),
            Progress::Attempted(user) => {
                self.state.metrics.increment(Count::LoginsRefused);
                let reason = self.refusal.map(tracing::field::display);
                tracing::info!(%peer, user, key = self.key, reason, seconds, "login refused");
            }
            // A port scan, for example; the log tells how many there were.
            Progress::NotAttempted if self.peer.is_some() => self.state.metrics.increment(Count::NoAttempt),
            Progress::NotAttempted => {}
        }
        if let Some(peer) = self.peer {
            self.punish(peer);
        }
    }
}

/// The interval between checks whether a credential has expired.
const EXPIRY_CHECK_INTERVAL: Duration = Duration::from_secs(10);

/// Waits until a credential no longer allows to log in, and says so. Checks it when the keys change, and at intervals.
async fn end_when_revoked(
    state: Arc<ServerState>,
    credential: Credential,
    address: Option<IpAddr>,
    user: String,
    revoked: CancellationToken,
) {
    let mut keys = state.authorized_keys.current.subscribe();
    loop {
        let current = keys.borrow_and_update().clone();
        let client = Client { address, user: &user, now: Timestamp::now() };
        if let (false, Err(reason)) = (current.is_unreadable, current.grant(&credential, client)) {
            tracing::info!(user, %reason, "ending the sessions of a revoked key");
            return revoked.cancel();
        }
        let _ = timeout(EXPIRY_CHECK_INTERVAL, keys.changed()).await;
    }
}
