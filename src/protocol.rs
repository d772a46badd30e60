//! All that a browser may say and hear: one closed enum per direction and socket, limits beside them.
//!
//! Frames are JSON objects tagged by `type`. `widget/fixtures/*.json` holds an example of each; the
//! Rust and the JavaScript tests read the same files.

pub mod present;

use serde::{Deserialize, Serialize};

use crate::domain::chat::State;
use crate::domain::event::{Absence, Contact, HandoffReason, Page};
use crate::domain::ids::{ChatId, ClientId, ReplyId, Seq, SiteKey};
use crate::domain::reply::{Card, Decision, Generated, Intent, Source, Timings};
use crate::domain::time::Instant;

/// Largest frame a client may send, in bytes.
pub const MAX_FRAME: usize = 64 * 1024;
/// Socket read and write buffers, in bytes.
pub const SOCKET_BUFFER: usize = 4 * 1024;
/// What may wait unsent for a slow client before it is let go, in bytes.
pub const MAX_UNSENT: usize = 256 * 1024;

/// What the widget says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VisitorSays {
    /// First frame: who is here, and the last event they have.
    Hello {
        /// The site whose widget it is.
        site: SiteKey,
        /// 32 random bytes the browser made itself, base64url without padding (43 characters).
        /// It is the visitor's only credential; the server keeps its hash.
        key: String,
        /// Seq of the last event already shown; 0 for none.
        #[serde(default)]
        after_seq: Seq,
        /// The page the widget is on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        page: Option<Page>,
    },
    /// A message.
    Say {
        /// Its name: the same again changes nothing and is acknowledged again.
        client_id: ClientId,
        /// At most 4,000 bytes.
        text: String,
    },
    /// "Talk to a person".
    AskPerson {
        /// Its name.
        client_id: ClientId,
    },
    /// "Write to me": the contact form.
    LeaveContact {
        /// Its name.
        client_id: ClientId,
        /// At most 100 characters; may be empty.
        #[serde(default)]
        name: String,
        /// An address that can be written to.
        email: String,
        /// At most 40 characters; may be empty.
        #[serde(default)]
        phone: String,
        /// At most 4,000 bytes; may be empty.
        #[serde(default)]
        message: String,
    },
    /// "Send me this chat".
    MailTranscript {
        /// Its name.
        client_id: ClientId,
        /// Where to.
        email: String,
    },
}

/// What the widget hears.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VisitorHears {
    /// Answer to `hello`.
    Welcome {
        /// Name of the shop.
        shop: String,
        /// First line to show; says that an AI answers.
        greeting: String,
        /// Questions to offer while nothing has been asked.
        suggestions: Vec<String>,
        /// The brand's colour, as `#1f6350`; the page's own, if there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        accent: Option<String>,
        /// Can the chat be sent by mail?
        #[serde(default)]
        mail: bool,
        /// Whose turn the chat is.
        state: State,
    },
    /// Something that happened.
    Event(Seen),
    /// A message is safe on disk.
    Ack {
        /// The name the client gave it.
        client_id: ClientId,
        /// Its place in the chat.
        seq: Seq,
    },
    /// Everything up to here has been sent.
    Synced {
        /// Seq up to which the client now knows all it may know.
        through_seq: Seq,
    },
    /// Passing signal, not an event: who is composing, and the visitor's place in the queue.
    Signal {
        /// "bot" or "staff" while one is composing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        composing: Option<Composer>,
        /// Place in the queue from 1, while waiting for a person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<u32>,
    },
    /// A frame was refused.
    Error {
        /// What went wrong.
        code: ErrorCode,
        /// For the person at the screen.
        message: String,
        /// The message it was about.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        client_id: Option<ClientId>,
    },
}

/// Who is writing at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Composer {
    /// The bot.
    Bot,
    /// A colleague.
    Staff,
}

/// Why a frame was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Not a frame of this protocol, or out of order.
    BadFrame,
    /// Longer than a message may be.
    TooLong,
    /// Nothing in it.
    Empty,
    /// More messages than a person writes.
    TooFast,
    /// Could not be stored; send it again.
    NotStored,
    /// A field of a form is not right; the message names it.
    BadForm,
    /// Not here, or not again: no mail leaves, or enough of it did.
    NotOffered,
}

/// An event as the visitor sees it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// Its place in the chat. Gaps are normal.
    pub seq: Seq,
    /// When it happened, milliseconds since 1970 UTC.
    pub at: Instant,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

/// What a visitor may see happen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// The visitor's own message.
    Said {
        /// The name the client gave it.
        client_id: ClientId,
        /// Their words.
        text: String,
    },
    /// A verified sentence of a reply under way.
    Sentence {
        /// The reply it belongs to.
        reply: ReplyId,
        /// Place within the reply, from 0.
        index: u32,
        /// Its words.
        text: String,
        /// Who found them.
        generated: Generated,
        /// Always true: a bot wrote this.
        ai_generated: bool,
    },
    /// A complete reply. Repeats what its sentences said, with everything known about it.
    Reply(Box<Reply>),
    /// The reply stopped early; its sentences stay.
    Cut {
        /// The reply.
        reply: ReplyId,
    },
    /// The chat waits for a person.
    Queued {
        /// Why.
        reason: HandoffReason,
    },
    /// Nobody comes. The form is to be shown.
    NobodyThere {
        /// Why.
        why: Absence,
        /// What to say.
        text: String,
    },
    /// The visitor's address is kept.
    ContactLeft {
        /// The name the client gave it.
        client_id: ClientId,
        /// What to say.
        text: String,
        /// By when the shop writes.
        reply_by: Instant,
    },
    /// The chat goes by mail to this address.
    TranscriptWanted {
        /// The name the client gave it.
        client_id: ClientId,
        /// Where to.
        email: String,
    },
    /// A colleague is here. The bot is silent now.
    StaffJoined {
        /// Their name.
        name: String,
    },
    /// A colleague wrote.
    StaffSaid {
        /// Their name.
        name: String,
        /// Their words.
        text: String,
    },
    /// The colleague left; the bot answers again.
    HandedBack,
    /// The matter was closed.
    Resolved,
    /// Removed on request.
    Erased,
}

/// A complete reply of the bot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// Its id.
    pub reply: ReplyId,
    /// All sentences, joined by a space.
    pub text: String,
    /// What was decided.
    pub decision: Decision,
    /// Where the facts come from.
    pub sources: Vec<Source>,
    /// Products to show.
    pub cards: Vec<Card>,
    /// Short replies to offer, where the bot asks which of several is meant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Seqs of the messages it answers.
    pub answers: Vec<Seq>,
    /// What the message was taken for.
    pub intent: Intent,
    /// Every sentence was checked against its fact.
    pub verified: bool,
    /// `model` if the model found the words of at least half of what was said from facts.
    pub generated: Generated,
    /// Always true: a bot wrote this.
    pub ai_generated: bool,
    /// How long it took.
    pub timings_ms: Timings,
}

/// One row of the staff's queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QueueRow {
    /// The chat.
    pub chat: ChatId,
    /// Whose turn it is.
    pub state: State,
    /// Name of the colleague who has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Why a person is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<HandoffReason>,
    /// Since when it waits, or when it was last touched.
    pub since: Instant,
    /// Points, the sum of its reasons.
    pub score: i32,
    /// Each point's reason.
    pub reasons: Vec<Point>,
    /// The visitor's last words, shortened.
    pub preview: String,
    /// The page they are on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<Page>,
    /// How to reach them, if they said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// The shop said it would write by then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_by: Option<Instant>,
}

/// Points and why they were given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// How many.
    pub points: i32,
    /// Why, as a phrase.
    pub reason: String,
}

/// What the console says on its socket. Everything that changes something goes over HTTP instead.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StaffSays {
    /// Follow one chat from after this seq; replaces the chat followed before.
    Watch {
        /// The chat.
        chat: ChatId,
        /// Seq of the last event already shown; 0 for none.
        #[serde(default)]
        after_seq: Seq,
    },
    /// Follow none.
    Unwatch,
    /// The colleague is composing in the chat they own.
    Composing,
}

/// What the console hears.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum StaffHears {
    /// The queue as it is now: waiting first by score, then the rest by time.
    Queue {
        /// At most 100 rows.
        rows: Vec<QueueRow>,
    },
    /// Something happened in the watched chat. `event` is the log's own payload, tagged by `kind`.
    Event {
        /// The chat.
        chat: ChatId,
        /// Its place.
        seq: Seq,
        /// When.
        at: Instant,
        /// The payload.
        event: serde_json::Value,
    },
    /// Everything in the watched chat up to here has been sent.
    Synced {
        /// The chat.
        chat: ChatId,
        /// Whose turn it is.
        state: State,
        /// Name of the colleague who has it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        owner: Option<String>,
        /// Seq up to which all was sent.
        through_seq: Seq,
    },
    /// The session ended; sign in again.
    SignedOut,
}
