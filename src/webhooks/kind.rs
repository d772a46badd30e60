//! What other programs can be told, by names that are for ever.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::event::Event;

/// A kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", try_from = "String")]
pub enum Kind {
    /// A visitor wrote for the first time.
    ChatStarted,
    /// A person is wanted.
    PersonWanted,
    /// A colleague took a chat.
    ChatTaken,
    /// A colleague settled a chat.
    ChatResolved,
    /// A question had no answer.
    GapFound,
    /// A visitor left a way to reach them.
    ContactLeft,
    /// Nothing happened; somebody wants to see whether it arrives.
    Test,
}

impl Kind {
    /// Those that one can ask for.
    pub const EVENTS: [Self; 6] = [
        Self::ChatStarted,
        Self::PersonWanted,
        Self::ChatTaken,
        Self::ChatResolved,
        Self::GapFound,
        Self::ContactLeft,
    ];

    /// As receivers see it.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChatStarted => "chat.started",
            Self::PersonWanted => "person.wanted",
            Self::ChatTaken => "chat.taken",
            Self::ChatResolved => "chat.resolved",
            Self::GapFound => "gap.found",
            Self::ContactLeft => "lead.contact_left",
            Self::Test => "webhook.test",
        }
    }

    /// What to tell about an event, if anything.
    pub fn of(event: &Event) -> Option<Self> {
        match event {
            Event::ChatStarted { .. } => Some(Self::ChatStarted),
            Event::PersonWanted { .. } => Some(Self::PersonWanted),
            Event::StaffTook { .. } => Some(Self::ChatTaken),
            Event::Resolved { .. } => Some(Self::ChatResolved),
            Event::GapFound { .. } => Some(Self::GapFound),
            Event::ContactLeft { .. } => Some(Self::ContactLeft),
            _ => None,
        }
    }
}

/// The names of all that one can ask for.
pub(super) fn all() -> String {
    Kind::EVENTS.map(Kind::name).join(", ")
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Kind> for &'static str {
    fn from(kind: Kind) -> Self {
        kind.name()
    }
}

/// There is no such kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no event {0:?}: it is one of {all}", all = all())]
pub struct UnknownKind(String);

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        let mut known = Self::EVENTS.into_iter().chain([Self::Test]);
        known.find(|kind| kind.name() == name).ok_or_else(|| UnknownKind(name.to_string()))
    }
}

impl TryFrom<String> for Kind {
    type Error = UnknownKind;

    fn try_from(name: String) -> Result<Self, UnknownKind> {
        name.parse()
    }
}
