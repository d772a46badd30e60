//! Parts of a log that a test writes itself, to begin in the middle of something.

use floorwalker::domain::event::Event;
use floorwalker::domain::ids::{ReplyId, Seq};
use floorwalker::domain::reply::{Context, Decision, Fact, Generated, Intent, Plan};

/// A fact that is said as it stands: no model words it anew.
fn fact(text: &str) -> Fact {
    Fact {
        text: text.into(),
        question: String::new(),
        polarity: None,
        keep: vec![],
        sources: vec![],
    }
}

/// A plan to say these facts.
pub fn plan(facts: &[&str]) -> Plan {
    Plan {
        decision: Decision::Answer,
        intent: Intent { name: "ask_price".into(), confidence: 0.5 },
        facts: facts.iter().copied().map(fact).collect(),
        cards: vec![],
        context: Context::default(),
        handoff: None,
        gaps: vec![],
        knowledge: 1,
    }
}

/// That a reply with this plan was begun.
pub fn planned(reply: ReplyId, answers: &[Seq], plan: Plan) -> Event {
    Event::ReplyPlanned { reply, answers: answers.to_vec(), plan: Box::new(plan) }
}

/// That one of its sentences was said.
pub fn sentence(reply: ReplyId, index: u32, text: &str) -> Event {
    Event::SentenceSaid { reply, index, text: text.into(), generated: Generated::Facts }
}
