//! What can happen in a chat. Payloads of the log, one closed enum.
//!
//! Kinds and fields are for ever: what was written once is read for years. A change of meaning is a
//! new version, read through `upcast`; `tests/fixtures/events` holds one line of each version.

use serde::{Deserialize, Serialize};

use super::ids::{ClientId, ReplyId, Seq, SiteKey, UserId};
use super::reply::{Generated, Plan, Timings};
use super::time::Instant;

/// The version written today.
pub const VERSION: u32 = 1;

/// Longest text of one message, in bytes.
pub const MAX_TEXT: usize = 4_000;

/// Something that happened in a chat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A visitor wrote for the first time.
    ChatStarted {
        /// The site whose widget it was.
        site: SiteKey,
        /// The page they were on, as the widget told it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        page: Option<Page>,
    },
    /// The visitor wrote.
    VisitorSaid {
        /// The name the widget gave it.
        client_id: ClientId,
        /// Their words.
        text: String,
    },
    /// The bot decided what to reply.
    ReplyPlanned {
        /// The reply.
        reply: ReplyId,
        /// The visitor's messages it answers.
        answers: Vec<Seq>,
        /// All that will be said.
        plan: Box<Plan>,
    },
    /// One sentence of a reply passed the verifier.
    SentenceSaid {
        /// The reply.
        reply: ReplyId,
        /// Which of the plan's facts it says, from 0.
        index: u32,
        /// Its words.
        text: String,
        /// Who found them.
        generated: Generated,
    },
    /// The reply is complete.
    ReplyDone {
        /// The reply.
        reply: ReplyId,
        /// The visitor's messages it answered.
        answers: Vec<Seq>,
        /// How long it took.
        timings_ms: Timings,
    },
    /// The reply ended before it was complete; what was shown stays.
    ReplyCut {
        /// The reply.
        reply: ReplyId,
        /// The visitor's messages it would have answered.
        answers: Vec<Seq>,
    },
    /// A person is wanted.
    PersonWanted {
        /// Why.
        reason: HandoffReason,
    },
    /// A person is wanted and none comes: what the visitor was told.
    NobodyThere {
        /// Why.
        why: Absence,
        /// The words they were told.
        text: String,
    },
    /// The visitor left a way to reach them.
    ContactLeft {
        /// The name the widget gave it.
        client_id: ClientId,
        /// Who they are.
        contact: Contact,
        /// What it is about, in their words; may be empty.
        message: String,
        /// The shop said it would write by then.
        reply_by: Instant,
        /// The words they were told.
        text: String,
    },
    /// The visitor asked for the chat by mail.
    TranscriptWanted {
        /// The name the widget gave it.
        client_id: ClientId,
        /// Where it goes.
        email: String,
    },
    /// A colleague took the chat; the bot is silent from here on.
    StaffTook {
        /// Who.
        staff: UserId,
        /// As the visitor sees them.
        name: String,
    },
    /// A colleague wrote.
    StaffSaid {
        /// The name the console gave it.
        client_id: ClientId,
        /// Who.
        staff: UserId,
        /// As the visitor sees them.
        name: String,
        /// Their words.
        text: String,
    },
    /// A colleague gave the chat back to the bot.
    HandedBack {
        /// Who.
        staff: UserId,
    },
    /// The matter is settled. Writing again opens the chat anew.
    Resolved {
        /// Who said so.
        staff: UserId,
    },
    /// A question had no answer in the shop's knowledge.
    GapFound {
        /// The visitor's words.
        question: String,
        /// The message it stood in.
        answers: Seq,
    },
    /// The payload was erased on request. Nobody's words are left.
    Erased,
}

/// The page a visitor writes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Its address without query and fragment, at most 500 bytes.
    pub url: String,
    /// Its title, at most 200 bytes.
    pub title: String,
}

/// A way to reach a visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// As they wrote it; may be empty.
    pub name: String,
    /// An address that can be written to.
    pub email: String,
    /// As they wrote it; may be empty.
    pub phone: String,
}

/// Why nobody comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absence {
    /// It is outside the hours, and nobody is at the console.
    Closed,
    /// Nobody took the chat in time.
    NobodyFree,
}

/// Why a chat goes to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffReason {
    /// The visitor pressed the button.
    VisitorAsked,
    /// The visitor asked for one in words.
    AskedInWords,
    /// The visitor is unhappy.
    Complaint,
    /// Only a person can look into it (an order, a contract).
    NeedsPerson,
    /// The bot failed to answer.
    BotFailed,
    /// The bot is silent by order.
    BotPaused,
    /// The visitor left an address.
    LeftContact,
}

/// Who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The visitor.
    Visitor,
    /// The bot.
    Bot,
    /// A colleague.
    Staff,
}

/// Who may ever read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The visitor and the staff.
    Everyone,
    /// The staff only.
    Staff,
}

impl Actor {
    /// As the log writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Bot => "bot",
            Self::Staff => "staff",
        }
    }
}

impl Audience {
    /// As the log writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Everyone => "everyone",
            Self::Staff => "staff",
        }
    }

    /// Back from the log; what is not known is shown to the staff only.
    pub fn from_name(name: &str) -> Self {
        if name == "everyone" { Self::Everyone } else { Self::Staff }
    }
}

impl Event {
    /// Reads a stored payload of any version; `None` was erased.
    pub fn upcast(version: u32, payload: Option<&str>) -> Result<Self, serde_json::Error> {
        let Some(payload) = payload else { return Ok(Self::Erased) };
        debug_assert!(version <= VERSION, "written by a newer version, which the schema refuses");
        serde_json::from_str(payload)
    }

    /// The texts in which a way to reach the visitor may stand: what people wrote, and forms.
    pub fn writings(&self) -> Vec<&str> {
        match self {
            Self::VisitorSaid { text, .. } | Self::StaffSaid { text, .. } => vec![text],
            Self::ContactLeft { contact, message, .. } => vec![&contact.email, message],
            Self::TranscriptWanted { email, .. } => vec![email],
            _ => Vec::new(),
        }
    }

    /// Who does this kind of thing.
    pub fn actor(&self) -> Actor {
        match self {
            Self::ChatStarted { .. }
            | Self::VisitorSaid { .. }
            | Self::ContactLeft { .. }
            | Self::TranscriptWanted { .. } => Actor::Visitor,
            Self::StaffTook { .. }
            | Self::StaffSaid { .. }
            | Self::HandedBack { .. }
            | Self::Resolved { .. }
            | Self::Erased => Actor::Staff,
            Self::PersonWanted { reason: HandoffReason::VisitorAsked } => Actor::Visitor,
            _ => Actor::Bot,
        }
    }

    /// Who may see this kind of thing.
    pub fn audience(&self) -> Audience {
        match self {
            Self::ReplyPlanned { .. } | Self::GapFound { .. } | Self::ChatStarted { .. } => {
                Audience::Staff
            }
            _ => Audience::Everyone,
        }
    }

    /// The name the log files it under.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ChatStarted { .. } => "chat_started",
            Self::VisitorSaid { .. } => "visitor_said",
            Self::ReplyPlanned { .. } => "reply_planned",
            Self::SentenceSaid { .. } => "sentence_said",
            Self::ReplyDone { .. } => "reply_done",
            Self::ReplyCut { .. } => "reply_cut",
            Self::PersonWanted { .. } => "person_wanted",
            Self::NobodyThere { .. } => "nobody_there",
            Self::ContactLeft { .. } => "contact_left",
            Self::TranscriptWanted { .. } => "transcript_wanted",
            Self::StaffTook { .. } => "staff_took",
            Self::StaffSaid { .. } => "staff_said",
            Self::HandedBack { .. } => "handed_back",
            Self::Resolved { .. } => "resolved",
            Self::GapFound { .. } => "gap_found",
            Self::Erased => "erased",
        }
    }
}
