//! The keys and values a conversation has left behind, in pages of sixteen positions.
//!
//! A page holds its positions for all layers and key heads. A full page never changes again, so
//! conversations that begin alike share pages; the last, unfinished one is copied when two go
//! separate ways. Pages come from a pool that knows how many there are and may be, and go back to
//! it when the last conversation lets go of them.

use super::attention::{PAGE, region};
use std::marker::PhantomData;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where pages come from.
pub(crate) struct Pool {
    /// Of a page.
    halves: usize,
    most: usize,
    /// Pages that somebody holds.
    held: AtomicUsize,
    free: Mutex<Vec<Box<[u16]>>>,
}

impl Pool {
    /// For pages of `layers` times `key_heads` heads of a width, `bytes` of them at most.
    pub fn new(layers: usize, key_heads: usize, head: usize, bytes: usize) -> Arc<Self> {
        let halves = layers * key_heads * region(head);
        let (held, free) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        Arc::new(Self { halves, most: (bytes / (2 * halves)).max(1), held, free })
    }

    /// Most pages there may be.
    pub fn most(&self) -> usize {
        self.most
    }

    /// Pages that are held.
    pub fn held(&self) -> usize {
        self.held.load(Ordering::Relaxed)
    }

    /// Of a page.
    pub fn bytes(&self) -> usize {
        2 * self.halves
    }

    /// A page with anything in it; `None` when there are too many.
    fn take(self: &Arc<Self>) -> Option<Page> {
        if self.held.fetch_add(1, Ordering::Relaxed) >= self.most {
            self.held.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        let halves = self.free().pop().unwrap_or_else(|| vec![0; self.halves].into_boxed_slice());
        Some(Page { halves, pool: self.clone() })
    }

    fn free(&self) -> MutexGuard<'_, Vec<Box<[u16]>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Page {
    halves: Box<[u16]>,
    pool: Arc<Pool>,
}

impl Drop for Page {
    fn drop(&mut self) {
        self.pool.held.fetch_sub(1, Ordering::Relaxed);
        self.pool.free().push(std::mem::take(&mut self.halves));
    }
}

/// The pages of one conversation. A clone shares them.
#[derive(Clone)]
pub(crate) struct Pages {
    pool: Arc<Pool>,
    pages: Vec<Arc<Page>>,
    len: usize,
}

impl Pages {
    /// Nothing yet.
    pub fn new(pool: &Arc<Pool>) -> Self {
        Self { pool: pool.clone(), pages: Vec::new(), len: 0 }
    }

    /// Positions held.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Forgets all positions from `len` on.
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        self.pages.truncate(self.len.div_ceil(PAGE));
    }

    /// Makes room for so many more positions, in pages of its own. Says whether the pool had them;
    /// if not, nothing of what is held is lost.
    pub fn reserve(&mut self, positions: usize) -> bool {
        if !self.len.is_multiple_of(PAGE)
            && let Some(last) = self.pages.get_mut(self.len / PAGE)
            && Arc::get_mut(last).is_none()
        {
            let Some(mut copy) = self.pool.take() else { return false };
            copy.halves.copy_from_slice(&last.halves);
            *last = Arc::new(copy);
        }
        while self.pages.len() < (self.len + positions).div_ceil(PAGE) {
            let Some(page) = self.pool.take() else { return false };
            self.pages.push(Arc::new(page));
        }
        true
    }

    /// Counts positions that were written.
    pub fn grow(&mut self, positions: usize) {
        self.len += positions;
        debug_assert!(self.len <= self.pages.len() * PAGE);
    }

    /// The pages for a pass that writes from the present length on; there is room already.
    pub fn open(&mut self, regions: Regions) -> Open<'_> {
        let first = self.len / PAGE;
        let mut pages = Vec::with_capacity(self.pages.len());
        for (index, page) in self.pages.iter_mut().enumerate() {
            debug_assert_eq!(page.halves.len(), regions.count * regions.len);
            pages.push(match (index >= first).then(|| Arc::get_mut(page)).flatten() {
                Some(page) => page.halves.as_mut_ptr(),
                None => page.halves.as_ptr().cast_mut(),
            });
        }
        let own = self.pages.iter_mut().skip(first).all(|page| Arc::get_mut(page).is_some());
        assert!(own, "pages to be written are nobody else's");
        Open { pages, first, regions, borrow: PhantomData }
    }
}

/// How a page is divided: a region for each layer and key head.
#[derive(Clone, Copy)]
pub(crate) struct Regions {
    /// Regions of a page.
    pub count: usize,
    /// Halves of a region.
    pub len: usize,
}

/// A conversation's pages during a pass. Threads read all, and write regions of the last ones, each
/// its own.
pub(crate) struct Open<'a> {
    pages: Vec<*mut u16>,
    /// The first that may be written.
    first: usize,
    regions: Regions,
    borrow: PhantomData<&'a mut Pages>,
}

// SAFETY: the pages stay where they are while `Pages` is borrowed, and `write` asks that no region
// is used by two threads.
unsafe impl Sync for Open<'_> {}
// SAFETY: as above.
unsafe impl Send for Open<'_> {}

impl Open<'_> {
    /// A region of a page.
    ///
    /// # Safety
    /// Nobody writes this region of this page meanwhile.
    #[inline]
    pub unsafe fn read(&self, page: usize, region: usize) -> &[u16] {
        let at = self.at(region);
        // SAFETY: `at` is inside the page, and nobody writes there.
        unsafe { std::slice::from_raw_parts(self.pages[page].add(at), self.regions.len) }
    }

    /// A region of one of the last pages, to be written.
    ///
    /// # Safety
    /// Nobody else uses this region of this page meanwhile.
    #[inline]
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn write(&self, page: usize, region: usize) -> &mut [u16] {
        assert!(page >= self.first, "a finished page does not change");
        let at = self.at(region);
        // SAFETY: `at` is inside the page, which is the conversation's own, and nobody else is there.
        unsafe { std::slice::from_raw_parts_mut(self.pages[page].add(at), self.regions.len) }
    }

    fn at(&self, region: usize) -> usize {
        assert!(region < self.regions.count);
        region * self.regions.len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(pages: usize) -> Arc<Pool> {
        Pool::new(1, 1, 16, pages * 2 * region(16))
    }

    fn write(pages: &mut Pages, positions: usize, value: u16) {
        assert!(pages.reserve(positions));
        let from = pages.len();
        let open = pages.open(Regions { count: 1, len: region(16) });
        for position in from..from + positions {
            // SAFETY: one thread.
            unsafe { open.write(position / PAGE, 0)[position % PAGE] = value };
        }
        drop(open);
        pages.grow(positions);
    }

    fn read(pages: &mut Pages, position: usize) -> u16 {
        let open = pages.open(Regions { count: 1, len: region(16) });
        // SAFETY: one thread.
        unsafe { open.read(position / PAGE, 0)[position % PAGE] }
    }

    #[test]
    fn conversations_share_what_is_full_and_part_where_they_differ() {
        let pool = pool(10);
        let mut first = Pages::new(&pool);
        write(&mut first, 40, 1);
        let mut second = first.clone();
        second.truncate(36);
        assert_eq!(pool.held(), 3);
        write(&mut second, 10, 2);
        assert_eq!(pool.held(), 4);
        write(&mut first, 1, 3);
        assert_eq!([38, 40].map(|at| read(&mut first, at)), [1, 3]);
        assert_eq!([35, 36, 40].map(|at| read(&mut second, at)), [1, 2, 2]);
        drop(first);
        assert_eq!(pool.held(), 3);
    }

    #[test]
    fn a_pool_gives_no_more_than_it_may_and_takes_back() {
        let pool = pool(2);
        let mut pages = Pages::new(&pool);
        write(&mut pages, 20, 1);
        let mut other = Pages::new(&pool);
        assert!(!other.reserve(1));
        pages.truncate(16);
        assert!(other.reserve(16) && !other.reserve(17));
        drop((pages, other));
        assert_eq!(pool.held(), 0);
    }
}
