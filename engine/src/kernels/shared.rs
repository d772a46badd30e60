//! A slice that several threads fill at the same time, each its own part.

use std::marker::PhantomData;
use std::slice;

/// A borrowed slice whose parts may be written by different threads. Who takes a part answers for
/// nobody else having it: the team gives out every item of a job once, and each kernel writes only
/// what its item says.
#[derive(Clone, Copy)]
pub(crate) struct Shared<'a, T> {
    start: *mut T,
    len: usize,
    slice: PhantomData<&'a mut [T]>,
}

// SAFETY: it is a `&mut [T]` whose parts are handed to one thread each, as `take` demands.
unsafe impl<T: Send> Send for Shared<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Shared<'_, T> {}

impl<'a, T> Shared<'a, T> {
    /// Borrows the slice for as long as parts of it are in use.
    pub fn new(slice: &'a mut [T]) -> Self {
        Self { start: slice.as_mut_ptr(), len: slice.len(), slice: PhantomData }
    }

    /// The part `from..from + len`; panics where that is not inside.
    ///
    /// # Safety
    /// While the part is in use, no other part that overlaps it is.
    #[inline(always)]
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn take(&self, from: usize, len: usize) -> &'a mut [T] {
        assert!(from <= self.len && len <= self.len - from, "outside the shared slice");
        // SAFETY: inside the slice, as just seen; alone, as the caller promised.
        unsafe { slice::from_raw_parts_mut(self.start.add(from), len) }
    }
}
