//! What the operator says about mail, and what is wrong with it.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::{MailError, Sender};

/// The `[mail]` section. Read it, [`validate`](Self::validate) it, then open a
/// [`Transport`](super::Transport) with it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// Who writes, as in `Northstar <chat@northstar.example>`.
    pub from: String,
    /// How messages leave.
    pub transport: TransportKind,
    /// The mail server (smtp).
    pub host: Option<String>,
    /// Its port (smtp); usually left out: 465 for tls, 587 for starttls, 25 for plain.
    pub port: Option<u16>,
    /// How the connection is protected (smtp).
    #[serde(default)]
    pub security: Security,
    /// The account at the mail server (smtp).
    pub username: Option<String>,
    /// Its password (smtp).
    pub password: Option<Secret>,
    /// Where to write messages (directory).
    pub directory: Option<PathBuf>,
}

/// How messages leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TransportKind {
    /// Through a mail server.
    Smtp,
    /// As files in a folder, for development.
    Directory,
}

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte.
    #[default]
    Tls,
    /// TLS after a plain greeting; a server that does not offer it gets nothing.
    Starttls,
    /// None; only to this machine itself.
    Plain,
}

impl Security {
    /// The usual port.
    pub fn port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::Starttls => 587,
            Self::Plain => 25,
        }
    }
}

/// A secret from the configuration; debug output shows `***`.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// One thing to put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// The field it is about.
    pub field: &'static str,
    /// What to do.
    pub advice: String,
}

/// Everything that is wrong with a mail configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(|f| format!("mail.{}: {}", f.field, f.advice)).collect::<Vec<_>>().join("\n"))]
pub struct ConfigError(pub Vec<ConfigFault>);

impl MailConfig {
    /// Who writes.
    pub fn sender(&self) -> Result<Sender, MailError> {
        self.from.parse()
    }

    /// Finds everything that is wrong, each with its field and what to do about it.
    pub fn validate(&self) -> Result<(), ConfigError> {
        let mut faults = Vec::new();
        let mut fault = |field, advice: &str| {
            faults.push(ConfigFault { field, advice: advice.into() });
        };
        if self.sender().is_err() {
            fault("from", "not a sender; write it as Shop name <chat@shop.example>");
        }
        match self.transport {
            TransportKind::Smtp => self.check_smtp(&mut fault),
            TransportKind::Directory => self.check_directory(&mut fault),
        }
        if faults.is_empty() { Ok(()) } else { Err(ConfigError(faults)) }
    }

    fn check_smtp(&self, fault: &mut impl FnMut(&'static str, &str)) {
        match self.host.as_deref() {
            None | Some("") => fault("host", "missing; write the name of your mail server"),
            Some(host) if !is_host(host) => {
                fault("host", "not a host name; write only the name, as in smtp.shop.example");
            }
            Some(host) if self.security == Security::Plain && loopback(host).is_empty() => fault(
                "security",
                "\"plain\" is only for a mail server on this machine (localhost); write \"tls\" or \
                 \"starttls\"",
            ),
            Some(_) => {}
        }
        if self.port == Some(0) {
            fault("port", "0 is not a port; leave it out for the usual one");
        }
        if self.username.is_some() && self.password.is_none() {
            fault("password", "missing; a username needs one");
        }
        if self.password.is_some() && self.username.is_none() {
            fault("username", "missing; a password needs one");
        }
        if self.directory.is_some() {
            fault("directory", "has no effect with transport = \"smtp\"; remove it");
        }
    }

    fn check_directory(&self, fault: &mut impl FnMut(&'static str, &str)) {
        if self.directory.as_ref().is_none_or(|d| d.as_os_str().is_empty()) {
            fault("directory", "missing; write the folder that messages go to");
        }
        let smtp_only = [
            ("host", self.host.is_some()),
            ("port", self.port.is_some()),
            ("username", self.username.is_some()),
            ("password", self.password.is_some()),
        ];
        for (field, _) in smtp_only.into_iter().filter(|(_, given)| *given) {
            fault(field, "has no effect with transport = \"directory\"; remove it");
        }
    }
}

fn is_host(host: &str) -> bool {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    host.parse::<IpAddr>().is_ok() || host.chars().all(in_name)
}

/// The addresses of this machine that a host stands for; empty if it is another machine. Asks no
/// name server, so nobody can make `localhost` mean something else.
pub(super) fn loopback(host: &str) -> Vec<IpAddr> {
    if host.eq_ignore_ascii_case("localhost") {
        return vec![[127, 0, 0, 1].into(), std::net::Ipv6Addr::LOCALHOST.into()];
    }
    host.parse().ok().filter(IpAddr::is_loopback).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> MailConfig {
        toml::from_str(toml).expect("well-formed")
    }

    fn fields(toml: &str) -> Vec<&'static str> {
        match read(toml).validate() {
            Ok(()) => Vec::new(),
            Err(ConfigError(faults)) => faults.into_iter().map(|f| f.field).collect(),
        }
    }

    const FROM: &str = "from = \"Shop <chat@shop.example>\"\n";

    #[test]
    fn good_configurations_are_accepted() {
        for rest in [
            "transport = \"smtp\"\nhost = \"smtp.shop.example\"\nusername = \"a\"\npassword = \"b\"",
            "transport = \"smtp\"\nhost = \"smtp.shop.example\"\nsecurity = \"starttls\"\nport = 2525",
            "transport = \"smtp\"\nhost = \"localhost\"\nsecurity = \"plain\"",
            "transport = \"smtp\"\nhost = \"::1\"\nsecurity = \"plain\"",
            "transport = \"directory\"\ndirectory = \"mail\"",
        ] {
            assert_eq!(fields(&format!("{FROM}{rest}")), Vec::<&str>::new(), "{rest}");
        }
    }

    #[test]
    fn every_fault_names_its_field() {
        let of = |rest: &str| fields(&format!("{FROM}{rest}"));
        assert_eq!(of("transport = \"smtp\""), ["host"]);
        assert_eq!(of("transport = \"smtp\"\nhost = \"https://a.example\""), ["host"]);
        assert_eq!(
            of("transport = \"smtp\"\nhost = \"a.example\"\nsecurity = \"plain\""),
            ["security"]
        );
        assert_eq!(
            of("transport = \"smtp\"\nhost = \"10.0.0.1\"\nsecurity = \"plain\""),
            ["security"]
        );
        assert_eq!(
            of("transport = \"smtp\"\nhost = \"a.example\"\nusername = \"u\""),
            ["password"]
        );
        assert_eq!(
            of("transport = \"smtp\"\nhost = \"a.example\"\npassword = \"p\""),
            ["username"]
        );
        assert_eq!(
            of("transport = \"directory\"\nhost = \"a\"\nport = 1"),
            ["directory", "host", "port"]
        );
        assert_eq!(
            fields(
                "from = \"shop\"\ntransport = \"smtp\"\nport = 0\nhost = \"a\"\ndirectory = \"d\""
            ),
            ["from", "port", "directory"]
        );
    }

    #[test]
    fn an_error_reads_as_advice() {
        let error = read(&format!("{FROM}transport = \"smtp\"")).validate().expect_err("no host");
        assert_eq!(error.to_string(), "mail.host: missing; write the name of your mail server");
    }

    #[test]
    fn an_unknown_field_is_refused_and_a_password_is_not_shown() {
        let unknown = format!("{FROM}transport = \"smtp\"\nhots = \"a.example\"");
        assert!(toml::from_str::<MailConfig>(&unknown).is_err());
        let config = read(&format!("{FROM}transport = \"smtp\"\npassword = \"hunter2\""));
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
