//! Floorwalker: a chat server for small shops.
//!
//! ```text
//! socket -> log -> turn { understand -> plan -> look up -> decide -> phrase -> verify } -> log -> socket
//!            \-> subscribers (own cursor): the staff's queue, leads, gaps
//! ```

#![forbid(unsafe_code)]

pub mod answer;
pub mod app;
pub mod audit;
pub mod backups;
pub mod cli;
pub mod config;
pub mod control;
pub mod doctor;
pub mod domain;
pub mod figures;
pub mod floor;
pub mod hub;
pub mod jobs;
pub mod knowledge;
pub mod leads;
pub mod log;
pub mod mail;
pub mod models;
pub mod outbound;
pub mod people;
pub mod per_chat;
pub mod post;
pub mod privacy;
pub mod protocol;
pub mod retention;
pub mod seal;
pub mod shelf;
pub mod shutdown;
pub mod sites;
pub mod store;
pub mod transcript;
pub mod turn;
pub mod web;
pub mod webhooks;
