//! The program: the command line, and nothing else.

fn main() -> anyhow::Result<()> {
    floorwalker::cli::run()
}
