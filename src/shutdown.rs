//! Told to stop: one signal that every room can wait for.

use tokio::sync::watch;

/// Hears when the server is to stop. Clones hear the same.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

/// Tells everybody to stop; dropping it does so too.
#[derive(Debug)]
pub struct Stop(watch::Sender<bool>);

impl Shutdown {
    /// The signal and who gives it.
    pub fn new() -> (Stop, Self) {
        let (stop, shutdown) = watch::channel(false);
        (Stop(stop), Self(shutdown))
    }

    /// Is the server to stop?
    pub fn is_requested(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Returns when the server is to stop.
    pub async fn requested(&mut self) {
        // An error means that whoever could say so is gone, which says so.
        let _ = self.0.wait_for(|stop| *stop).await;
    }
}

impl Stop {
    /// Tells everybody.
    pub fn now(&self) {
        self.0.send_replace(true);
    }
}
