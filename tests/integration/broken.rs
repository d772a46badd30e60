//! A broken world: no room on the disk, damaged files, a taken port, a clock that jumps, mail that
//! cannot leave, backups in the middle of everything. The server says what is wrong and what to do,
//! keeps what it promised, and goes on as far as it can. (A damaged search index is met by the tests of
//! `knowledge::search`.)

mod backups;
mod clock;
mod disk;
mod files;
mod mail;
mod start;
