//! How much a chat is worth a person's time, in points that each have a reason.

pub mod alerts;
pub mod gaps;
pub mod qualify;
pub mod rules;
