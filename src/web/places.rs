//! The connections that may be open: how many in all, how many for one address, and which of them
//! the server waits for when it stops.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::limits::{Limits, network};

/// All places, taken and free.
pub struct Places {
    free: Arc<Semaphore>,
    shares: Shares,
    /// The places that are taken.
    pub taken: TaskTracker,
}

impl Places {
    /// All free.
    pub fn new(limits: &Limits) -> Self {
        Self {
            free: Arc::new(Semaphore::new(limits.sockets)),
            shares: Shares { most: limits.address_sockets, held: Arc::default() },
            taken: TaskTracker::new(),
        }
    }

    /// A place, if one is free and this address, as far as it is known, has not too many.
    pub fn take(&self, address: Option<IpAddr>) -> Option<Place> {
        let share = match address {
            Some(address) => Some(Arc::new(self.shares.one_more(address)?)),
            None => None,
        };
        let free = self.free.clone().try_acquire_owned().ok()?;
        let _held = Arc::new((free, self.taken.token()));
        Some(Place { _held, share, shares: self.shares.clone() })
    }
}

/// A connection's place; free again when its last clone is dropped. An upgraded socket outlives its
/// connection's future and holds on to it.
#[derive(Clone)]
pub struct Place {
    _held: Arc<(OwnedSemaphorePermit, TaskTrackerToken)>,
    share: Option<Arc<Share>>,
    shares: Shares,
}

impl Place {
    /// The same place, counted for this address unless it is counted already: for whom a proxy
    /// connects, only its requests tell. `None` if the address has too many.
    pub fn held_for(mut self, address: IpAddr) -> Option<Self> {
        if self.share.is_none() {
            self.share = Some(Arc::new(self.shares.one_more(address)?));
        }
        Some(self)
    }
}

/// How many places each address has.
#[derive(Clone)]
struct Shares {
    most: usize,
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Shares {
    fn one_more(&self, address: IpAddr) -> Option<Share> {
        let address = network(address);
        let mut held = lock(&self.held);
        let count = held.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Share { address, held: self.held.clone() })
    }
}

/// One place of an address.
struct Share {
    address: IpAddr,
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut held = lock(&self.held);
        if let Some(count) = held.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.address);
            }
        }
    }
}

fn lock(held: &Mutex<HashMap<IpAddr, usize>>) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    // Counts are whole after any panic between these few lines.
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(sockets: usize, address_sockets: usize) -> Places {
        Places::new(&Limits { sockets, address_sockets, ..Limits::default() })
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn an_address_gets_no_more_than_its_share_and_gets_it_back() {
        let places = places(10, 2);
        let (one, other) = (address("192.0.2.1"), address("192.0.2.2"));
        let first = places.take(Some(one)).expect("the first");
        let again = first.clone();
        let second = places.take(Some(one)).expect("the second");
        assert!(places.take(Some(one)).is_none());
        assert!(places.take(Some(other)).is_some());
        drop(first);
        assert!(places.take(Some(one)).is_none(), "a clone still holds it");
        drop(again);
        assert!(places.take(Some(one)).is_some());
        drop(second);
        assert!(lock(&places.shares.held).is_empty(), "who is gone is forgotten");
        assert_eq!(places.taken.len(), 0);
    }

    #[test]
    fn whom_a_proxy_connects_for_is_counted_once_it_is_known() {
        let places = places(10, 1);
        let visitor = address("192.0.2.1");
        let first = places.take(None).expect("a proxy has no share");
        let first = first.held_for(visitor).expect("the first");
        assert!(places.take(None).expect("a proxy").held_for(visitor).is_none());
        assert!(first.held_for(visitor).is_some(), "a place is counted once");
    }

    #[test]
    fn no_address_gets_more_than_there_are() {
        let places = places(1, 5);
        let first = places.take(Some(address("192.0.2.1"))).expect("the first");
        assert!(places.take(Some(address("192.0.2.2"))).is_none());
        assert_eq!(lock(&places.shares.held).len(), 1, "who got none holds none");
        drop(first);
    }
}
