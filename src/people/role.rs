//! What somebody may do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::keys::{Scope, Scopes};

/// What somebody may do. Each may do what stands at it, not what stands above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads and changes nothing.
    Analyst,
    /// Talks to visitors as well.
    Agent,
    /// Decides what the bot knows and when it speaks as well.
    Manager,
    /// Decides who works here as well.
    Admin,
}

/// Every role, the one that may do least first.
pub const ROLES: [Role; 4] = [Role::Analyst, Role::Agent, Role::Manager, Role::Admin];

impl Role {
    /// Its name, in the database and on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Analyst => "analyst",
            Self::Agent => "agent",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }

    /// What they may do themselves, and so let a key do.
    pub fn scopes(self) -> Scopes {
        use Scope::*;
        let scopes: &[Scope] = match self {
            Self::Analyst => &[ReadChats, ReadKnowledge, ReadReports],
            Self::Agent => &[ReadChats, WriteChats, ReadKnowledge, ReadReports],
            Self::Manager => &[ReadChats, WriteChats, ReadKnowledge, WriteKnowledge, ReadReports],
            Self::Admin => &Scope::ALL,
        };
        scopes.iter().copied().collect()
    }

    /// From the database. What cannot be read may do least.
    pub(super) fn stored(name: &str) -> Self {
        name.parse().unwrap_or(Self::Analyst)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = ROLES.into_iter().find(|role| role.name() == text);
        found.ok_or_else(|| format!("`{text}` is no role: use analyst, agent, manager or admin"))
    }
}
