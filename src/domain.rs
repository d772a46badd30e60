//! The words every room shares: ids, time, money, and what can happen in a chat.
//!
//! Only `std` and plain data crates here. Nothing in this module does I/O or belongs to one room.

pub mod chat;
pub mod event;
pub mod hours;
pub mod ids;
pub mod language;
pub mod money;
pub mod origin;
pub mod qualify;
pub mod reply;
pub mod time;
pub mod tone;
