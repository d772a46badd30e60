//! What every test stands on: a server in this process, and clients that never wait for ever.

mod colleague;
mod desk;
mod folder;
mod program;
pub mod receiver;
mod seed;
mod server;
pub mod smtp;
mod visitor;
mod wire;

use std::time::Duration;

pub use colleague::{Answer, Colleague, PASSWORD, request, sign_in};
pub use desk::Desk;
pub use folder::Folder;
pub use program::{PROGRAM, Program, with_serve};
pub use seed::{owned_chats, plan, planned, sentence};
pub use server::{Server, install_tls, limits};
pub use visitor::{Visitor, all_hear, client_id, hello};
pub use wire::{Socket, close_code, upgrade, upgrade_over};

/// Longest that anything may take. Only a test that fails waits so long, so it is generous: models
/// may be busy with another test's questions.
pub const DEADLINE: Duration = Duration::from_secs(60);

/// How long nothing must happen for us to believe that it will not.
pub const QUIET: Duration = Duration::from_millis(300);

/// A question that the demo shop answers from its records, with its answer.
pub const PRICE: (&str, &str) = ("How much is the Ridge 2 Tent?", "€249.00");
/// Four questions in one message: a reply of several sentences.
pub const FOUR_PRICES: &str = "How much is the Ridge 2 Tent? How much is the Ridge 3 Tent? \
                               How much is the Burrow 1 Tent? How much is the Silk Travel Liner?";

/// What `future` brings, if it brings it in time.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(DEADLINE, future).await {
        Ok(value) => value,
        Err(_) => panic!("{what}: not within {DEADLINE:?}"),
    }
}
