//! The handler of a connection: what russh calls when the client authenticates, opens a channel or sends a request.
//! `login` decides who may log in, `channels` what runs on each channel.
//!
//! russh awaits these methods one after another while it reads from the client, so none of them may wait for the client
//! or for a session. Every request gets a reply: a client waits without a timeout for the reply to its request.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use russh::keys::Certificate;
use russh::keys::ssh_key::PublicKey;
use russh::server::{Auth, ChannelOpenHandle, Handler, Msg, PublicKeyOffer, Session, VerifiedPublicKey};
use russh::{Channel, ChannelId, ChannelOpenFailure, Disconnect, Pty};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::active_channels::ActiveChannels;
use super::authorized_keys::Credential;
use super::channel_writer::SharedConnection;
use super::channels::Channels;
use super::login::Login;
use super::startups::StartupPlace;
use super::state::ServerState;
use super::terminal::clamp_client_size;

pub(super) struct Connection {
    state: Arc<ServerState>,
    login: Login,
    channels: Channels,
}

impl Connection {
    /// Creates the handler of a connection, which `abort` aborts. `client` is none for a health check by a trusted
    /// proxy; `revoked` is cancelled when the client may no longer be logged in.
    pub(super) fn new(
        state: Arc<ServerState>,
        client: Option<(IpAddr, StartupPlace)>,
        abort: CancellationToken,
        active: ActiveChannels,
        began: Instant,
        revoked: CancellationToken,
    ) -> Self {
        let options = &state.config.options;
        let address = client.as_ref().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |(address, _)| *address);
        let shared = SharedConnection::new(
            address,
            options.write_timeout,
            began + options.session_timeout,
            abort.clone(),
            state.memory.uncharged(address),
        );
        let channels = Channels::new(Arc::clone(&state), shared, active, revoked.clone());
        let login = Login::new(Arc::clone(&state), client, abort, began, revoked);
        Self { state, login, channels }
    }
}

/// Replies to a channel request.
fn reply(session: &mut Session, channel: ChannelId, is_granted: bool) -> Result<(), russh::Error> {
    if is_granted { session.channel_success(channel) } else { session.channel_failure(channel) }
}

impl Handler for Connection {
    type Error = russh::Error;

    async fn auth_succeeded(&mut self, session: &mut Session) -> Result<(), Self::Error> {
        if self.login.complete(&String::from_utf8_lossy(session.remote_sshid())) {
            return Ok(());
        }
        session.disconnect(Disconnect::TooManyConnections, "the server is full; try again later", "")
    }

    async fn auth_none(&mut self, user: &str) -> Result<Auth, Self::Error> {
        Ok(self.login.try_without_key(user))
    }

    async fn auth_publickey_offered(&mut self, user: &str, offer: PublicKeyOffer<'_>) -> Result<Auth, Self::Error> {
        Ok(self.login.offer(user, offer.public_key, offer.algorithm))
    }

    async fn auth_publickey(&mut self, user: &str, key: VerifiedPublicKey<'_>) -> Result<Auth, Self::Error> {
        let credential = Credential::Key(key.public_key.key_data().clone());
        Ok(self.login.prove(user, key.public_key, credential))
    }

    /// russh has checked both signatures and the times, and offered the certificate's key before.
    async fn auth_openssh_certificate(&mut self, user: &str, certificate: &Certificate) -> Result<Auth, Self::Error> {
        let key = PublicKey::new(certificate.public_key().clone(), "");
        Ok(self.login.prove(user, &key, Credential::Certificate(Box::new(certificate.clone()))))
    }

    async fn auth_password(&mut self, user: &str, _: &str) -> Result<Auth, Self::Error> {
        Ok(self.login.refuse_password(user))
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        _: &mut Session,
    ) -> Result<(), Self::Error> {
        if self.channels.may_open() {
            self.channels.open(channel);
            reply.accept().await;
        } else {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
        }
        Ok(())
    }

    async fn channel_close(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        self.channels.close(channel);
        Ok(())
    }

    async fn channel_eof(&mut self, channel: ChannelId, _: &mut Session) -> Result<(), Self::Error> {
        self.channels.push_eof(channel);
        Ok(())
    }

    async fn data(&mut self, channel: ChannelId, data: &[u8], _: &mut Session) -> Result<(), Self::Error> {
        self.channels.push(channel, data);
        Ok(())
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        term: &str,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        _: &[(Pty, u32)],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let terminal = self.channels.terminal(channel);
        let is_granted = terminal.is_some();
        if let Some(terminal) = terminal {
            terminal.size = Some(clamp_client_size(columns, rows));
            terminal.set("TERM", term);
        }
        reply(session, channel, is_granted)
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        value: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let is_granted = self.channels.terminal(channel).is_some_and(|terminal| terminal.set(name, value));
        reply(session, channel, is_granted)
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Result<(), Self::Error> {
        let is_granted = match self.login.forced_command() {
            Some(command) => self.channels.start_command(channel, command),
            None => self.channels.start_shell(channel),
        };
        reply(session, channel, is_granted)
    }

    async fn exec_request(
        &mut self,
        channel: ChannelId,
        command: &[u8],
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let command = self.login.forced_command().unwrap_or_else(|| command.to_vec());
        let is_granted = self.channels.start_command(channel, command);
        reply(session, channel, is_granted)
    }

    async fn window_change_request(
        &mut self,
        channel: ChannelId,
        columns: u32,
        rows: u32,
        _: u32,
        _: u32,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        let is_granted = self.channels.resize(channel, clamp_client_size(columns, rows));
        reply(session, channel, is_granted)
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _: bool,
        _: &str,
        _: &str,
        _: u32,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _: &str,
        session: &mut Session,
    ) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }

    async fn signal(&mut self, channel: ChannelId, _: russh::Sig, session: &mut Session) -> Result<(), Self::Error> {
        session.channel_failure(channel)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.state.memory_freed.notify_one();
    }
}
