//! One client: what it asks, how much of the reply it takes, and how it leaves.

use super::super::*;
use super::seen::Seen;
use crate::random::Random;

/// What clients begin with; those who say the same share what was read.
pub(super) const SAYS: [&str; 6] = [
    "Tell me a long story about a lighthouse.",
    "What does delivery cost, and how long does it take?",
    "My tent leaks at the seams. What can I do about it?",
    "Which of the lamps is the brightest, and why?",
    "Write a poem about rain on canvas.",
    "Is the shop open on Sundays?",
];

/// From coming to leaving.
pub(super) async fn visit(engine: &Engine, random: &mut Random, seen: &Seen) {
    let began = Instant::now();
    match engine.generate(ask(random)) {
        Ok(reply) => listen(reply, random, seen).await,
        Err(Refusal::Busy) => {
            seen.refused(began.elapsed());
            pause(random, 60).await;
        }
        Err(other) => panic!("{other}"),
    }
}

fn ask(random: &mut Random) -> Request {
    let mut below = |most: u64| random.bits() % most;
    let mut text = SAYS[below(6) as usize].to_owned();
    if below(2) == 0 {
        text.push_str(&format!(" I mean number {}.", below(10_000)));
    }
    let mut request = with(8 + below(120) as usize, question(&text));
    request.conversation = below(40);
    if below(5) == 0 {
        request.priority = Priority::Background;
    }
    if below(3) == 0 {
        request.deadline = Some(Duration::from_millis(5 + below(1500)));
    }
    if below(3) == 0 {
        request.decoding.sampling = Sampling::random(0.8, below(1000));
    }
    request.decoding.constraint = match below(6) {
        0 => Some(Constraint::Choice { options: vec!["yes".into(), "no, not at all".into()] }),
        1 => Some(Constraint::Copy { spans: vec!["It costs £4.95 above 3 kg.".into()] }),
        _ => None,
    };
    request
}

async fn listen(mut reply: Reply, random: &mut Random, seen: &Seen) {
    let patience = match random.bits() % 4 {
        // Gone before anything came.
        0 => 0,
        // To the end.
        1 => usize::MAX,
        _ => 1 + (random.bits() % 12) as usize,
    };
    if patience == 0 && random.bits().is_multiple_of(2) {
        // Never read, and let go of later.
        pause(random, 300).await;
    }
    for _ in 0..patience {
        match reply.next().await {
            Some(Token::Text(text)) => assert!(!text.is_empty()),
            Some(Token::End(ending)) => {
                seen.ended(ending);
                return;
            }
            None => panic!("a reply without an ending"),
        }
        if random.bits().is_multiple_of(16) {
            pause(random, 30).await;
        }
    }
    drop(reply);
    seen.left();
}

async fn pause(random: &mut Random, most_ms: u64) {
    tokio::time::sleep(Duration::from_millis(1 + random.bits() % most_ms)).await;
}
