//! The keys and values a conversation has left behind.

use crate::kernels::attention::{RUN, put_key};

/// Room for a fixed number of positions, taken once; a new conversation starts by [`clear`].
///
/// [`clear`]: Cache::clear
#[derive(Clone)]
pub(crate) struct Cache {
    /// For each layer the keys in runs, with room for whole runs.
    keys: Vec<Vec<f32>>,
    /// For each layer a row of `width` numbers for each position.
    values: Vec<Vec<f32>>,
    width: usize,
    room: usize,
    len: usize,
}

impl Cache {
    /// For `room` positions of `width` numbers in each of `layers`. The system only hands out
    /// memory for the part that gets written.
    pub fn new(layers: usize, width: usize, room: usize) -> Self {
        let empty = |room: usize| (0..layers).map(|_| vec![0.0; width * room]).collect();
        Self { keys: empty(room.next_multiple_of(RUN)), values: empty(room), width, room, len: 0 }
    }

    /// Positions held.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Positions there is room for.
    pub fn room(&self) -> usize {
        self.room
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// A copy of the first `len` positions, with no room for more.
    pub fn prefix(&self, len: usize) -> Self {
        let mut copy = Self::new(self.keys.len(), self.width, len.min(self.len));
        copy.restore(self, len);
        copy
    }

    /// Holds the first `len` positions of `other` instead of its own, as far as there is room.
    pub fn restore(&mut self, other: &Self, len: usize) {
        self.len = len.min(other.len).min(self.room);
        let copy = |to: &mut [Vec<f32>], from: &[Vec<f32>], positions: usize| {
            for (to, from) in to.iter_mut().zip(from) {
                to[..positions * self.width].copy_from_slice(&from[..positions * self.width]);
            }
        };
        copy(&mut self.keys, &other.keys, self.len.next_multiple_of(RUN));
        copy(&mut self.values, &other.values, self.len);
    }

    /// Puts down a key and a value; they count only after [`Cache::grow`].
    pub(super) fn write(&mut self, layer: usize, position: usize, key: &[f32], value: &[f32]) {
        put_key(&mut self.keys[layer], position, key);
        self.values[layer][position * self.width..][..self.width].copy_from_slice(value);
    }

    /// Keys and values of a layer, including those just written.
    pub(super) fn layer(&self, layer: usize) -> (&[f32], &[f32]) {
        (&self.keys[layer], &self.values[layer])
    }

    /// One that claims to hold `len` positions.
    #[cfg(test)]
    pub fn filled(layers: usize, width: usize, room: usize, len: usize) -> Self {
        Self { len, ..Self::new(layers, width, room) }
    }

    pub(super) fn grow(&mut self, positions: usize) {
        self.len += positions;
    }
}
