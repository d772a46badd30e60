//! What pulling does as a whole: through a hub that is a thread here, and a pip that is a small script.

mod command;
mod fixture;
mod hub_server;
mod offline;
mod over_hub;
mod over_pip;
mod real;
mod unlisted;
