//! The visitor's view of the log: which entries they may see, and as what. Pure.

use super::{Reply, Seen, What};
use crate::domain::event::{Audience, Event};
use crate::domain::ids::Seq;
use crate::domain::reply::{Decision, Generated, Plan, Timings};
use crate::log::Entry;

/// Turns a chat's entries, read in order from the first, into what the visitor sees.
#[derive(Default)]
pub struct Presenter {
    plan: Option<Plan>,
    said: Vec<(String, Generated)>,
}

impl Presenter {
    /// What the visitor sees of the next entry, if anything.
    pub fn show(&mut self, entry: &Entry) -> Option<Seen> {
        if let Event::ReplyPlanned { plan, .. } = &entry.event {
            self.plan = Some((**plan).clone());
            self.said.clear();
        }
        if entry.audience != Audience::Everyone {
            return None;
        }
        let what = match &entry.event {
            Event::VisitorSaid { client_id, text } => {
                What::Said { client_id: client_id.clone(), text: text.clone() }
            }
            Event::SentenceSaid { reply, index, text, generated } => {
                self.said.push((text.clone(), *generated));
                What::Sentence {
                    reply: *reply,
                    index: *index,
                    text: text.clone(),
                    generated: *generated,
                    ai_generated: true,
                }
            }
            Event::ReplyDone { reply, answers, timings_ms } => {
                let plan = self.plan.take()?;
                What::Reply(Box::new(self.reply(*reply, plan, answers, *timings_ms)))
            }
            Event::ReplyCut { reply, .. } => What::Cut { reply: *reply },
            Event::PersonWanted { reason } => What::Queued { reason: *reason },
            Event::NobodyThere { why, text } => What::NobodyThere { why: *why, text: text.clone() },
            Event::ContactLeft { client_id, text, reply_by, .. } => What::ContactLeft {
                client_id: client_id.clone(),
                text: text.clone(),
                reply_by: *reply_by,
            },
            Event::TranscriptWanted { client_id, email } => {
                What::TranscriptWanted { client_id: client_id.clone(), email: email.clone() }
            }
            Event::StaffTook { name, .. } => What::StaffJoined { name: name.clone() },
            Event::StaffSaid { name, text, .. } => {
                What::StaffSaid { name: name.clone(), text: text.clone() }
            }
            Event::HandedBack { .. } => What::HandedBack,
            Event::Resolved { .. } => What::Resolved,
            Event::Erased => What::Erased,
            Event::ChatStarted { .. } | Event::ReplyPlanned { .. } | Event::GapFound { .. } => {
                return None;
            }
        };
        Some(Seen { seq: entry.seq, at: entry.at, what })
    }

    fn reply(
        &mut self,
        reply: crate::domain::ids::ReplyId,
        plan: Plan,
        answers: &[Seq],
        timings_ms: Timings,
    ) -> Reply {
        let said = std::mem::take(&mut self.said);
        let generated = worded_by(&plan, said.iter().map(|(_, generated)| *generated));
        Reply {
            reply,
            text: said.into_iter().map(|(text, _)| text).collect::<Vec<_>>().join(" "),
            decision: plan.decision,
            sources: plan.sources(),
            cards: plan.cards,
            choices: plan.choices,
            answers: answers.to_vec(),
            intent: plan.intent,
            verified: true,
            generated,
            ai_generated: true,
            timings_ms,
        }
    }
}

/// `model` if the model found the words of at least half of the sentences that answer something.
pub fn worded_by(plan: &Plan, said: impl Iterator<Item = Generated>) -> Generated {
    let answering: Vec<Generated> = plan
        .facts
        .iter()
        .zip(said)
        .filter(|(fact, _)| !fact.question.is_empty())
        .map(|(_, generated)| generated)
        .collect();
    let by_model = answering.iter().filter(|g| **g == Generated::Model).count();
    let enough =
        plan.decision == Decision::Answer && by_model > 0 && by_model * 2 >= answering.len();
    if enough { Generated::Model } else { Generated::Facts }
}
