//! What an API key may do: a small closed set. None of them implies another, `manage` neither.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One thing that a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Read chats and leads.
    ReadChats,
    /// Speak in chats and change leads.
    WriteChats,
    /// Read the catalogue and the pages that answers come from.
    ReadKnowledge,
    /// Change them.
    WriteKnowledge,
    /// Read reports.
    ReadReports,
    /// Let the models write and embed.
    UseEngine,
    /// Change settings, people, keys and webhooks.
    Manage,
}

impl Scope {
    /// All there are.
    pub const ALL: [Self; 7] = [
        Self::ReadChats,
        Self::WriteChats,
        Self::ReadKnowledge,
        Self::WriteKnowledge,
        Self::ReadReports,
        Self::UseEngine,
        Self::Manage,
    ];

    /// As it is written on the wire, in the database and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadChats => "read_chats",
            Self::WriteChats => "write_chats",
            Self::ReadKnowledge => "read_knowledge",
            Self::WriteKnowledge => "write_knowledge",
            Self::ReadReports => "read_reports",
            Self::UseEngine => "use_engine",
            Self::Manage => "manage",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(name: &str) -> Result<Self, UnknownScope> {
        let found = Self::ALL.into_iter().find(|scope| scope.name() == name);
        found.ok_or_else(|| UnknownScope(name.to_string()))
    }
}

/// A set of scopes. In JSON a list of names; as text, names with spaces between.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "Vec<Scope>", from = "Vec<Scope>")]
pub struct Scopes(u8);

impl Scopes {
    /// None.
    pub const NONE: Self = Self(0);

    /// Every scope.
    pub fn all() -> Self {
        Scope::ALL.into_iter().collect()
    }

    /// Whether this one is among them.
    pub fn has(self, scope: Scope) -> bool {
        self.0 & scope.bit() != 0
    }

    /// Whether all of these are among them. Nobody gives away a scope that they do not have.
    pub fn covers(self, others: Self) -> bool {
        others.0 & !self.0 == 0
    }

    /// Those in either.
    pub fn union(self, others: Self) -> Self {
        Self(self.0 | others.0)
    }

    /// Those in both.
    pub fn intersection(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// Those that are not in the others.
    pub fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Each of them, in a fixed order.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | scope.bit()))
    }
}

impl From<Vec<Scope>> for Scopes {
    fn from(scopes: Vec<Scope>) -> Self {
        scopes.into_iter().collect()
    }
}

impl From<Scopes> for Vec<Scope> {
    fn from(scopes: Scopes) -> Self {
        scopes.iter().collect()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.iter().map(Scope::name).collect();
        f.write_str(&names.join(" "))
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scopes({self})")
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(names: &str) -> Result<Self, UnknownScope> {
        names.split_whitespace().map(str::parse).collect()
    }
}

/// There is no such scope.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no scope {0:?}: it is read_chats, write_chats, read_knowledge, write_knowledge, \
     read_reports, use_engine or manage"
)]
pub struct UnknownScope(String);

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &str) -> Scopes {
        names.parse().unwrap()
    }

    #[test]
    fn names_are_the_same_in_json_and_in_text() {
        for scope in Scope::ALL {
            assert_eq!(scope.name().parse(), Ok(scope));
            assert_eq!(serde_json::to_string(&scope).unwrap(), format!("\"{scope}\""));
        }
        let scopes = set("manage read_chats");
        assert_eq!(serde_json::to_string(&scopes).unwrap(), r#"["read_chats","manage"]"#);
        let same = r#"["manage","read_chats","manage"]"#;
        assert_eq!(serde_json::from_str::<Scopes>(same).unwrap(), scopes);
        assert_eq!(
            (scopes.to_string(), format!("{scopes:?}").len()),
            ("read_chats manage".into(), 25)
        );
    }

    #[test]
    fn what_is_unknown_is_refused() {
        assert!(serde_json::from_str::<Scopes>(r#"["admin"]"#).is_err());
        let error = "read_chats admin".parse::<Scopes>().unwrap_err().to_string();
        assert!(error.contains("admin") && error.contains("read_reports"), "{error}");
    }

    #[test]
    fn sets_behave_as_sets() {
        let (one, two) = (set("read_chats write_chats"), set("write_chats manage"));
        assert!(one.has(Scope::ReadChats) && !one.has(Scope::Manage));
        assert_eq!(one.union(two), set("read_chats write_chats manage"));
        assert_eq!(one.intersection(two), set("write_chats"));
        assert_eq!(one.without(two), set("read_chats"));
        assert!(Scopes::all().covers(one) && one.covers(Scopes::NONE) && !one.covers(two));
        assert!(set("").is_empty() && Scopes::default() == Scopes::NONE);
        assert_eq!(Scopes::all().iter().count(), 7);
    }

    #[test]
    fn no_scope_implies_another() {
        for one in Scope::ALL {
            let only: Scopes = [one].into_iter().collect();
            assert_eq!(Scope::ALL.into_iter().filter(|other| only.has(*other)).count(), 1);
        }
    }
}
