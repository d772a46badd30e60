//! Messages to a mail server, one connection each.
//!
//! Every step has its own timeout, because the SMTP client times only the TCP connection. What the
//! server says about the connection or the account is a reason to try later, even if it says it for
//! good: a wrong password must not throw messages away. What it says about this message counts.

mod trouble;
mod unbuffered;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, CertificateStore, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::TcpStream;

use super::{SendError, Timeouts};
use crate::mail::config::loopback;
use crate::mail::{ConfigError, ConfigFault, Mail, MailConfig, Security};
use trouble::{Trouble, within};
use unbuffered::Unbuffered;

/// How long to wait for a goodbye. The message is settled by then.
const GOODBYE: Duration = Duration::from_secs(1);

/// A mail server and how to speak with it.
pub(super) struct Smtp {
    host: String,
    port: u16,
    protection: Protection,
    credentials: Option<Credentials>,
    hello: ClientId,
    timeouts: Timeouts,
}

enum Protection {
    Tls(TlsParameters),
    Starttls(TlsParameters),
    /// Only to these addresses, all of them this machine's.
    Plain(Vec<IpAddr>),
}

impl Smtp {
    /// From a configuration that is valid.
    pub(super) fn new(config: &MailConfig, timeouts: Timeouts) -> Result<Self, ConfigError> {
        let host = config.host.clone().unwrap_or_default();
        let protection = match config.security {
            Security::Tls => Protection::Tls(tls(&host)?),
            Security::Starttls => Protection::Starttls(tls(&host)?),
            Security::Plain => Protection::Plain(loopback(&host)),
        };
        let credentials = match (&config.username, &config.password) {
            (Some(name), Some(password)) => {
                Some(Credentials::new(name.clone(), password.reveal().into()))
            }
            _ => None,
        };
        let from = config.sender().map_err(|error| fault("from", &error.to_string()))?;
        Ok(Self {
            port: config.port.unwrap_or(config.security.port()),
            hello: ClientId::Domain(from.address().domain().into()),
            host,
            protection,
            credentials,
            timeouts,
        })
    }

    pub(super) async fn send(&self, mail: &Mail) -> Result<(), SendError> {
        let connecting = within("connect", self.timeouts.connect, self.connect());
        let mut connection = connecting.await.map_err(Trouble::before_message)?;
        let outcome = self.deliver(&mut connection, mail).await;
        if !matches!(outcome, Err(Trouble::Broken(_))) {
            let _ = tokio::time::timeout(GOODBYE, connection.quit()).await;
        }
        outcome.map_err(Trouble::about_message)
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Trouble> {
        let Self { hello, timeouts, .. } = self;
        let patience = Some(timeouts.connect);
        let server = (self.host.as_str(), self.port);
        let mut connection = match &self.protection {
            Protection::Tls(tls) => {
                let tls = Some(tls.clone());
                AsyncSmtpConnection::connect_tokio1(server, patience, hello, tls, None).await?
            }
            Protection::Starttls(tls) => {
                let stream = Box::new(Unbuffered(TcpStream::connect(server).await?));
                let mut connection =
                    AsyncSmtpConnection::connect_with_transport(stream, hello).await?;
                connection.starttls(tls.clone(), hello).await?;
                connection
            }
            Protection::Plain(here) => {
                let here: Vec<_> = here.iter().map(|ip| SocketAddr::new(*ip, self.port)).collect();
                AsyncSmtpConnection::connect_tokio1(&here[..], patience, hello, None, None).await?
            }
        };
        if let Some(credentials) = &self.credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(connection)
    }

    async fn deliver(
        &self,
        connection: &mut AsyncSmtpConnection,
        mail: &Mail,
    ) -> Result<(), Trouble> {
        let Timeouts { command, content, .. } = self.timeouts;
        let from = MailFrom::new(Some(mail.from().address().envelope()), Vec::new());
        within("MAIL", command, connection.command(from)).await?;
        let to = Rcpt::new(mail.to().envelope(), Vec::new());
        within("RCPT", command, connection.command(to)).await?;
        within("DATA", command, connection.command(Data)).await?;
        within("content", content, connection.message(&mail.bytes())).await?;
        Ok(())
    }
}

/// Certificates are checked against Mozilla's roots, and the name against the host.
fn tls(host: &str) -> Result<TlsParameters, ConfigError> {
    TlsParameters::builder(host.into())
        .certificate_store(CertificateStore::WebpkiRoots)
        .build_rustls()
        .map_err(|error| fault("host", &error.to_string()))
}

fn fault(field: &'static str, advice: &str) -> ConfigError {
    ConfigError(vec![ConfigFault { field, advice: advice.into() }])
}

#[cfg(test)]
mod tests;
