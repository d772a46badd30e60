//! Passing signals between the sockets of a chat: who is composing right now. Never stored.

use crate::domain::ids::ChatId;
use crate::per_chat::{PerChat, Watcher};
use crate::protocol::Composer;

/// Handle on the signals. Cheap to clone.
#[derive(Clone, Default)]
pub struct Hub {
    composing: PerChat<Option<Composer>>,
}

impl Hub {
    /// Shows somebody as composing until the guard is dropped.
    pub fn composing(&self, chat: ChatId, who: Composer) -> Composing {
        self.composing.set(chat, Some(who));
        Composing { hub: self.clone(), chat }
    }

    /// Sees who is composing in one chat.
    pub fn watch(&self, chat: ChatId) -> Watcher<Option<Composer>> {
        self.composing.watch(chat)
    }
}

/// Somebody is composing for as long as this lives.
pub struct Composing {
    hub: Hub,
    chat: ChatId,
}

impl Drop for Composing {
    fn drop(&mut self) {
        self.hub.composing.set(self.chat, None);
    }
}
