//! `floorwalker eval`: measures the code that ships, on data given as files. Prints one JSON object
//! last.

mod answers;
mod verifier;

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
    /// Tell the verifier small lies and good wordings, and count what it gets wrong
    Verifier(verifier::Verifier),
}

impl Eval {
    /// Runs the evaluation.
    pub fn run(self) -> anyhow::Result<()> {
        match self.what {
            What::Answers(answers) => answers.run(),
            What::Verifier(verifier) => verifier.run(),
        }
    }
}

/// A part of a whole, to four digits; all of nothing is 1.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { (part as f64 / whole as f64 * 10_000.0).round() / 10_000.0 }
}
