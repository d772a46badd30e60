//! The sales floor: which chats wait for a person, in which order, and what a colleague may do.
//!
//! The queue is a projection of the log (`inbox`); its rows and order come from `rules`. A
//! colleague's actions are appends to the log and nothing else.

pub mod absence;
mod inbox;
mod presence;
pub mod rules;

use std::sync::Arc;

use tokio::sync::watch;

use crate::domain::event::Event;
use crate::domain::ids::{ChatId, ClientId, UserId};
use crate::domain::time::Instant;
use crate::log::{Append, AppendError, Appended, Expect, Log, subscriber};
use crate::protocol::QueueRow;
use crate::store::StoreError;

use inbox::Inbox;

pub use inbox::remove as remove_from_queue;
pub use presence::{Presence, Present};

/// How often a takeover tries again when the bot writes at the same moment.
const TRIES: usize = 20;

/// Handle on the floor. Cheap to clone.
#[derive(Clone)]
pub struct Floor {
    log: Log,
    changed: watch::Sender<u64>,
    presence: Presence,
}

/// A colleague who does something.
#[derive(Clone, Debug)]
pub struct Colleague {
    /// Who.
    pub id: UserId,
    /// As the visitor sees them.
    pub name: String,
}

/// Why a colleague's action was not done.
#[derive(Debug, thiserror::Error)]
pub enum FloorError {
    /// Somebody else has the chat.
    #[error("a colleague has this chat")]
    Taken(UserId),
    /// The chat is not theirs.
    #[error("take the chat first")]
    NotYours,
    /// There is no such chat.
    #[error("there is no such chat")]
    NoSuchChat,
    /// The chat kept changing.
    #[error("the chat is changing; try again")]
    Busy,
    /// It could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Floor {
    /// The floor over this log.
    pub fn new(log: Log) -> Self {
        Self { log, changed: watch::Sender::new(0), presence: Presence::default() }
    }

    /// Keeps the queue up to date for as long as the log lives.
    pub async fn run(self) {
        subscriber::run(self.log.clone(), Arc::new(Inbox), self.changed.clone()).await;
    }

    /// Who is at the console.
    pub fn presence(&self) -> &Presence {
        &self.presence
    }

    /// Changes whenever the queue may have.
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// The queue: who waits first, by points and then by time; then open chats, then the rest.
    pub async fn queue(&self) -> Result<Vec<QueueRow>, StoreError> {
        self.log.store().read(inbox::rows).await
    }

    /// How many chats wait for a person.
    pub async fn waiting(&self) -> Result<u32, StoreError> {
        self.log.store().read(inbox::waiting).await
    }

    /// Place of a waiting chat, from 1.
    pub async fn place(&self, chat: ChatId) -> Result<Option<u32>, StoreError> {
        self.log.store().read(move |db| inbox::place(db, chat)).await
    }

    /// A colleague takes the chat: the bot's reply under way is cut, nothing of it follows.
    pub async fn take(&self, chat: ChatId, by: &Colleague) -> Result<Appended, FloorError> {
        for _ in 0..TRIES {
            let state = self.log.chat(chat).await?.ok_or(FloorError::NoSuchChat)?;
            if let Some(owner) = state.head.owner.filter(|owner| *owner != by.id) {
                return Err(FloorError::Taken(owner));
            }
            let cut = state
                .open_reply
                .map(|open| Event::ReplyCut { reply: open.reply, answers: open.answers });
            let took = Event::StaffTook { staff: by.id, name: by.name.clone() };
            let events = cut.into_iter().chain([took]).collect();
            let expect = Expect::LastSeq(state.head.last_seq);
            match self.append(chat, expect, None, events).await {
                // The bot said a sentence in between; it stays, and the rest is cut.
                Err(AppendError::Conflict(_)) => {}
                outcome => return outcome.map_err(FloorError::from),
            }
        }
        Err(FloorError::Busy)
    }

    /// A colleague writes. The same `client_id` again changes nothing.
    pub async fn say(
        &self,
        chat: ChatId,
        by: &Colleague,
        client_id: ClientId,
        text: String,
    ) -> Result<Appended, FloorError> {
        let said = Event::StaffSaid {
            client_id: client_id.clone(),
            staff: by.id,
            name: by.name.clone(),
            text,
        };
        Ok(self.append(chat, Expect::Owner(by.id), Some(client_id), vec![said]).await?)
    }

    /// A colleague gives the chat back to the bot.
    pub async fn hand_back(&self, chat: ChatId, by: &Colleague) -> Result<Appended, FloorError> {
        let back = Event::HandedBack { staff: by.id };
        Ok(self.append(chat, Expect::Owner(by.id), None, vec![back]).await?)
    }

    /// A colleague closes the chat.
    pub async fn resolve(&self, chat: ChatId, by: &Colleague) -> Result<Appended, FloorError> {
        let resolved = Event::Resolved { staff: by.id };
        Ok(self.append(chat, Expect::Owner(by.id), None, vec![resolved]).await?)
    }

    async fn append(
        &self,
        chat: ChatId,
        expect: Expect,
        client_id: Option<ClientId>,
        events: Vec<Event>,
    ) -> Result<Appended, AppendError> {
        let at = Instant::now();
        self.log.append(Append { chat, expect, client_id, events, jobs: Vec::new(), at }).await
    }
}

impl From<AppendError> for FloorError {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Conflict(_) => Self::NotYours,
            AppendError::NoSuchChat => Self::NoSuchChat,
            AppendError::Store(error) => Self::Store(error),
        }
    }
}
