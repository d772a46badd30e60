//! The log is the truth: every event of every chat, in order, durable before anyone is told.
//!
//! One door in, [`Log::append`]: it compares the chat's head, adds the events, computes the new head
//! by [`Head::after`], and returns after the commit. The way out is [`Log::read`] from any seq, woken
//! by [`Log::follow`]: a wake-up carries no content, readers always read the log itself.

mod append;
mod erase;
mod read;
pub mod subscriber;

use tokio::sync::watch;

use crate::domain::chat::Head;
use crate::domain::event::Event;
use crate::domain::ids::{ChatId, ClientId, Seq, SiteKey, UserId};
use crate::domain::time::Instant;
use crate::jobs::NewJob;
use crate::per_chat::{PerChat, Watcher};
use crate::store::{Store, StoreError};

pub use erase::{Blanked, Erasure};
pub use read::{Entry, PAGE};

/// SHA-256 of a visitor's key: what the server keeps of it.
pub type VisitorHash = [u8; 32];

/// Events to add to one chat, all or none.
#[derive(Clone, Debug)]
pub struct Append {
    /// The chat.
    pub chat: ChatId,
    /// What must hold for them to be added.
    pub expect: Expect,
    /// The client's name for this append: the same again adds nothing and answers as the first.
    pub client_id: Option<ClientId>,
    /// The events, in order.
    pub events: Vec<Event>,
    /// Work that follows from them, there exactly if they are.
    pub jobs: Vec<NewJob>,
    /// When they happened.
    pub at: Instant,
}

/// What must hold about a chat's head before something is added.
#[derive(Clone, Debug)]
pub enum Expect {
    /// The chat exists.
    Exists,
    /// The chat does not exist yet; these name it for the visitor's later calls.
    New {
        /// The site it belongs to.
        site: SiteKey,
        /// Whose it is.
        visitor: VisitorHash,
    },
    /// It has not changed hands since this epoch.
    Epoch(u64),
    /// Nothing at all was added since this seq.
    LastSeq(Seq),
    /// This colleague has it.
    Owner(UserId),
}

/// Where the events of an append went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Seq of the last of them.
    pub seq: Seq,
    /// The chat's head now.
    pub head: Head,
    /// The client had sent this before; nothing was added.
    pub repeated: bool,
}

/// Why nothing was added.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// What was expected does not hold; this is the head as it is.
    #[error("the chat has changed meanwhile")]
    Conflict(Head),
    /// There is no such chat.
    #[error("no such chat")]
    NoSuchChat,
    /// It could not be stored.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for AppendError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Store(error.into())
    }
}

/// Handle on the log. Cheap to clone.
#[derive(Clone)]
pub struct Log {
    store: Store,
    news: PerChat<Seq>,
    any_news: watch::Sender<u64>,
}

impl Log {
    /// The log in this store.
    pub fn new(store: Store) -> Self {
        Self { store, news: PerChat::default(), any_news: watch::Sender::new(0) }
    }

    /// Adds events to a chat; returns when they are on disk.
    pub async fn append(&self, append: Append) -> Result<Appended, AppendError> {
        let (news, any_news) = (self.news.clone(), self.any_news.clone());
        let chat = append.chat;
        self.store
            .write(
                move |db| append::append(db, &append),
                // On the writer's thread, so that readers are woken even if the caller went away.
                move |done: &Appended| {
                    if !done.repeated {
                        news.set(chat, done.head.last_seq);
                        any_news.send_modify(|count| *count += 1);
                    }
                },
            )
            .await
    }

    /// Wakes whenever something was added to this chat.
    pub fn follow(&self, chat: ChatId) -> Watcher<Seq> {
        self.news.watch(chat)
    }

    /// Changes whenever anything was added to any chat.
    pub fn follow_all(&self) -> watch::Receiver<u64> {
        self.any_news.subscribe()
    }

    /// The database, for subscribers that keep projections beside the log.
    pub fn store(&self) -> &Store {
        &self.store
    }
}

#[cfg(test)]
mod tests;
