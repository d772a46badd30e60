//! Vectors of texts that were embedded lately, by a hash of the text.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

/// Two generations: what was asked for lately, and what was before. When the first is full it takes
/// the place of the second, so what nobody asks for any more goes after a while.
pub(super) struct Cache {
    hashers: [RandomState; 2],
    state: Mutex<Generations>,
    /// Vectors of a generation.
    most: usize,
}

#[derive(Default)]
struct Generations {
    now: HashMap<Key, Arc<[f32]>>,
    before: HashMap<Key, Arc<[f32]>>,
}

/// 128 bits, keyed anew with each start: no text can be made to meet another's.
pub(super) type Key = [u64; 2];

impl Cache {
    /// For `most` to twice as many vectors.
    pub fn new(most: usize) -> Self {
        let hashers = [RandomState::new(), RandomState::new()];
        Self { hashers, state: Mutex::default(), most: most.max(1) }
    }

    pub fn key(&self, text: &str) -> Key {
        self.hashers.each_ref().map(|hasher| hasher.hash_one(text))
    }

    /// The vector of a text, if it is known.
    pub fn get(&self, key: Key) -> Option<Arc<[f32]>> {
        let state = &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(vector) = state.now.get(&key) {
            return Some(vector.clone());
        }
        let vector = state.before.remove(&key)?;
        self.insert(state, key, vector.clone());
        Some(vector)
    }

    /// Vectors remembered.
    pub fn len(&self) -> usize {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.now.len() + state.before.len()
    }

    /// Remembers one.
    pub fn put(&self, key: Key, vector: &[f32]) {
        let state = &mut *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.insert(state, key, vector.into());
    }

    fn insert(&self, state: &mut Generations, key: Key, vector: Arc<[f32]>) {
        if state.now.len() >= self.most {
            state.before = std::mem::take(&mut state.now);
        }
        state.now.insert(key, vector);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let cache = Cache::new(4);
        let number = |i: usize| cache.key(&i.to_string());
        for i in 0..40 {
            cache.put(number(i), &[i as f32]);
            assert_eq!(cache.get(number(0)).as_deref(), Some(&[0.0][..]), "after {i}");
        }
        assert_eq!(cache.get(number(39)).as_deref(), Some(&[39.0][..]));
        assert!(cache.get(number(10)).is_none());
        assert!(cache.state.lock().unwrap().now.len() <= 4);
    }
}
