//! A conversation's pages as the scheduler's memory.

use crate::kernels::pages::Pages;
use crate::model::Memory;

impl Memory for Pages {
    fn len(&self) -> usize {
        self.len()
    }

    fn fork(&self, len: usize) -> Option<Self> {
        let mut fork = self.clone();
        fork.truncate(len);
        Some(fork)
    }

    fn truncate(&mut self, len: usize) -> bool {
        self.truncate(len);
        true
    }
}
