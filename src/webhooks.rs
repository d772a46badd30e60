//! Telling other programs what happened: signed requests.

pub mod sign;
