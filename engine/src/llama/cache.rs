//! The keys and values a conversation has left behind.

/// Room for a fixed number of positions, taken once; a new conversation starts by [`clear`].
///
/// [`clear`]: Cache::clear
#[derive(Clone)]
pub(crate) struct Cache {
    /// For each layer `room` rows of `width` numbers.
    keys: Vec<Vec<f32>>,
    values: Vec<Vec<f32>>,
    width: usize,
    room: usize,
    len: usize,
}

impl Cache {
    /// For `room` positions of `width` numbers in each of `layers`. The system only hands out
    /// memory for the part that gets written.
    pub fn new(layers: usize, width: usize, room: usize) -> Self {
        let empty = || (0..layers).map(|_| vec![0.0; width * room]).collect();
        Self { keys: empty(), values: empty(), width, room, len: 0 }
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
        let end = len.min(self.len) * self.width;
        let copy = |layers: &[Vec<f32>]| layers.iter().map(|layer| layer[..end].to_vec()).collect();
        let len = len.min(self.len);
        Self {
            keys: copy(&self.keys),
            values: copy(&self.values),
            width: self.width,
            room: len,
            len,
        }
    }

    /// Holds the first `len` positions of `other` instead of its own, as far as there is room.
    pub fn restore(&mut self, other: &Self, len: usize) {
        self.len = len.min(other.len).min(self.room);
        let end = self.len * self.width;
        let layers = self.keys.iter_mut().chain(&mut self.values);
        for (layer, from) in layers.zip(other.keys.iter().chain(&other.values)) {
            layer[..end].copy_from_slice(&from[..end]);
        }
    }

    /// Puts down a key and a value; they count only after [`Cache::grow`].
    pub(super) fn write(&mut self, layer: usize, position: usize, key: &[f32], value: &[f32]) {
        let at = position * self.width..(position + 1) * self.width;
        self.keys[layer][at.clone()].copy_from_slice(key);
        self.values[layer][at].copy_from_slice(value);
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
