//! Who is at the console: counted by open sockets.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many consoles are open. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Presence(Arc<AtomicUsize>);

/// One open console; dropping it closes it.
#[derive(Debug)]
pub struct Present(Presence);

impl Presence {
    /// One more.
    pub fn arrive(&self) -> Present {
        self.0.fetch_add(1, Ordering::SeqCst);
        Present(self.clone())
    }

    /// Is anybody there?
    pub fn anybody(&self) -> bool {
        self.0.load(Ordering::SeqCst) > 0
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_is_there_until_the_last_one_goes() {
        let presence = Presence::default();
        let (a, b) = (presence.arrive(), presence.clone().arrive());
        drop(a);
        assert!(presence.anybody());
        drop(b);
        assert!(!presence.anybody());
    }
}
