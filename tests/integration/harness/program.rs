//! The real program as a process of its own.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

/// Where cargo put it.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_floorwalker");

/// A running `floorwalker serve`; killed when dropped.
pub struct Program {
    /// Where it listens, as it printed.
    pub address: SocketAddr,
    process: Child,
}

impl Program {
    /// Starts it on a data folder and a free port, and returns once it says where it listens.
    pub fn start(data: &Path) -> Self {
        Self::of(with_serve(Command::new(PROGRAM), data))
    }

    /// The same inside a command that ends by becoming the program it is given.
    pub fn inside(mut wrapper: Command, data: &Path) -> Self {
        wrapper.arg(PROGRAM);
        Self::of(with_serve(wrapper, data))
    }

    /// Starts what [`with_serve`] made.
    pub fn of(mut command: Command) -> Self {
        let spawned = command.stdout(Stdio::piped()).spawn();
        let mut process = spawned.expect("the program is built beside its tests");
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                let _ = process.kill();
                panic!("the program ended before it was open: {:?}", process.wait());
            };
            if let Some((_, page)) = line.split_once("http://") {
                break page.trim_end_matches('/').parse().expect("an address");
            }
        };
        // Somebody has to read on, or its next line would have nowhere to go.
        std::thread::spawn(move || lines.for_each(drop));
        Self { address, process }
    }

    /// Runs a command of it to its end.
    pub fn run(args: &[&str]) -> Output {
        let mut command = Command::new(PROGRAM);
        command.args(args).env("FLOORWALKER_LOG", "error").output().expect("the program is built")
    }

    /// The system's number for it.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Is it still running?
    pub fn lives(&mut self) -> bool {
        self.process.try_wait().expect("it is our child").is_none()
    }

    /// Ends it at once, with no chance to finish anything.
    pub fn kill(mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it ends");
    }

    /// Asks it to stop, as the system would.
    pub fn stop(mut self) {
        let asked = Command::new("kill").arg(self.process.id().to_string()).status();
        assert!(asked.expect("there is `kill`").success());
        assert!(self.process.wait().expect("it ends").success(), "it stops without an error");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The command with what makes it serve a data folder on a free port.
pub fn with_serve(mut command: Command, data: &Path) -> Command {
    command
        .args(["serve", "--demo", "--listen", "127.0.0.1:0", "--no-limits", "--data"])
        .arg(data)
        .env("FLOORWALKER_LOG", "error");
    command
}
