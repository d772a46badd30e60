//! One watched value per chat, kept only while somebody watches it.
//!
//! The log uses it to say "there is news", the hub to say "somebody is composing". Values are
//! wake-ups and passing signals: whoever comes late starts from the default and loses nothing that
//! matters.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::domain::ids::ChatId;

/// The watched values. Cheap to clone; clones share them.
#[derive(Debug)]
pub struct PerChat<T> {
    chats: Arc<Mutex<HashMap<ChatId, watch::Sender<T>>>>,
}

impl<T> Clone for PerChat<T> {
    fn clone(&self) -> Self {
        Self { chats: self.chats.clone() }
    }
}

impl<T> Default for PerChat<T> {
    fn default() -> Self {
        Self { chats: Arc::default() }
    }
}

impl<T: Default> PerChat<T> {
    /// Tells whoever watches this chat.
    pub fn set(&self, chat: ChatId, value: T) {
        if let Some(sender) = self.lock().get(&chat) {
            sender.send_replace(value);
        }
    }

    /// Watches one chat until the watcher is dropped.
    pub fn watch(&self, chat: ChatId) -> Watcher<T> {
        let values =
            self.lock().entry(chat).or_insert_with(|| watch::Sender::new(T::default())).subscribe();
        Watcher { of: self.clone(), chat, values }
    }

    /// How many chats are watched.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Is nobody watching anything?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T> PerChat<T> {
    fn lock(&self) -> MutexGuard<'_, HashMap<ChatId, watch::Sender<T>>> {
        // A map of senders is whole after any panic between its methods.
        self.chats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sees one chat's value change; forgets the chat when it is the last to go.
pub struct Watcher<T> {
    of: PerChat<T>,
    chat: ChatId,
    values: watch::Receiver<T>,
}

impl<T: Clone> Watcher<T> {
    /// Returns the value after it was set again.
    pub async fn changed(&mut self) -> T {
        // The sender stays in the map for as long as a watcher lives.
        let _ = self.values.changed().await;
        self.values.borrow_and_update().clone()
    }
}

impl<T> Drop for Watcher<T> {
    fn drop(&mut self) {
        let mut chats = self.of.lock();
        // This watcher's own receiver still counts.
        if chats.get(&self.chat).is_some_and(|sender| sender.receiver_count() <= 1) {
            chats.remove(&self.chat);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_watcher_wakes_and_the_last_one_forgets_the_chat() {
        let values = PerChat::<u32>::default();
        let chat = ChatId::new();
        values.set(chat, 1);
        let mut first = values.watch(chat);
        let second = values.watch(chat);
        values.set(chat, 2);
        assert_eq!(first.changed().await, 2);
        drop(first);
        assert_eq!(values.len(), 1);
        drop(second);
        assert!(values.is_empty());
    }
}
