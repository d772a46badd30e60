//! `floorwalker eval`: measures the code that ships, on data given as files. Prints one JSON object
//! last.

mod answers;

use clap::{Args, Subcommand};

/// Measure how well questions are answered
#[derive(Debug, Args)]
pub struct Eval {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Ask a shop's golden questions and judge the replies
    Answers(answers::Answers),
}

impl Eval {
    /// Runs the evaluation.
    pub fn run(self) -> anyhow::Result<()> {
        match self.what {
            What::Answers(answers) => answers.run(),
        }
    }
}
