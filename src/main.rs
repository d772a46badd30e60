//! The program: the command line, and nothing else.

fn main() -> anyhow::Result<std::process::ExitCode> {
    floorwalker::cli::run()
}
