//! Floorwalker: a chat server for small shops.
//!
//! ```text
//! socket -> log -> turn { understand -> plan -> look up -> decide -> phrase -> verify } -> log -> socket
//!            \-> subscribers (own cursor): the staff's queue, leads, gaps
//! ```

pub mod answer;
pub mod domain;
pub mod knowledge;
pub mod models;
pub mod protocol;
