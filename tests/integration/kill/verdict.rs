//! Compares what the clients were told with what the log holds in the end.

use std::collections::{HashMap, HashSet};
use std::fmt;

use floorwalker::domain::event::{Audience, Event};
use floorwalker::domain::ids::{ReplyId, Seq};
use floorwalker::log::Entry;

use super::client::Client;
use crate::harness::Folder;

/// How much was looked at, and what is not as promised.
#[derive(Default)]
pub struct Verdict {
    /// Messages that clients were told are safe.
    pub acknowledged: usize,
    /// Messages that had no acknowledgement when the server died.
    pub sent_again: usize,
    replies: usize,
    sentences: usize,
    /// Broken promises, one line each.
    pub wrong: Vec<String>,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { acknowledged, sent_again, replies, sentences, wrong } = self;
        write!(
            f,
            "{acknowledged} messages acknowledged ({sent_again} sent again), {replies} replies of \
             {sentences} sentences, {} broken promises",
            wrong.len()
        )
    }
}

impl Verdict {
    /// Looks at the folder's database and at what each client noted.
    pub fn of(folder: &Folder, clients: &[Client]) -> Self {
        let mut verdict = Self::default();
        let check = folder.database().query_row("PRAGMA integrity_check", [], |row| row.get(0));
        let check: String = check.expect("the database opens");
        if check != "ok" {
            verdict.wrong.push(format!("the database is damaged: {check}"));
        }
        for client in clients {
            let entries = folder.entries(folder.chat_of(&client.key));
            verdict.acknowledged += client.acknowledged.len();
            verdict.sent_again += client.again;
            verdict.wrong.extend(client.wrong.iter().cloned());
            verdict.messages(client, &entries);
            verdict.replies(&entries);
        }
        verdict
    }

    /// Every message is there once, where it was acknowledged, in the order it was written.
    fn messages(&mut self, client: &Client, entries: &[Entry]) {
        let seqs: Vec<Seq> = entries.iter().map(|entry| entry.seq).collect();
        self.holds(seqs.iter().copied().eq(1..=seqs.len() as Seq), "the log has a gap", &seqs);
        let said: Vec<(&str, Seq)> = entries
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::VisitorSaid { client_id, .. } => Some((client_id.as_str(), entry.seq)),
                _ => None,
            })
            .collect();
        let told = client.sent.iter().map(|name| {
            (name.as_str(), client.acknowledged.get(name).copied().unwrap_or_default())
        });
        self.holds(
            told.eq(said.iter().copied()),
            "what was acknowledged is not what is stored",
            &said,
        );
        let public = entries.iter().filter(|entry| entry.audience == Audience::Everyone);
        let public: Vec<Seq> = public.map(|entry| entry.seq).collect();
        self.holds(client.shown == public, "what was shown is not what is stored", &public);
    }

    /// Every message is answered by one reply, and every reply says each sentence of its plan once.
    fn replies(&mut self, entries: &[Entry]) {
        let mut owed: HashSet<Seq> = HashSet::new();
        let mut plans: HashMap<ReplyId, (usize, u32)> = HashMap::new();
        for entry in entries {
            match &entry.event {
                Event::VisitorSaid { .. } => drop(owed.insert(entry.seq)),
                Event::ReplyPlanned { reply, plan, .. } => {
                    let known = plans.insert(*reply, (plan.facts.len(), 0));
                    self.holds(known.is_none(), "a reply was planned twice", reply);
                }
                Event::SentenceSaid { reply, index, .. } => {
                    self.sentences += 1;
                    let plan = plans.entry(*reply).or_default();
                    let next = plan.1 == *index;
                    plan.1 += 1;
                    self.holds(next, "a sentence came out of turn", entry);
                }
                Event::ReplyDone { reply, answers, .. } => {
                    self.replies += 1;
                    let plan = plans.remove(reply);
                    let whole = plan.is_some_and(|(facts, said)| facts == said as usize);
                    self.holds(whole, "a reply is not what was planned", entry);
                    let fresh = answers.iter().all(|seq| owed.remove(seq));
                    self.holds(fresh, "a message was answered twice", entry);
                }
                Event::ReplyCut { .. } => self.holds(false, "a reply was cut", entry),
                _ => {}
            }
        }
        self.holds(owed.is_empty(), "messages without an answer", &owed);
        self.holds(plans.is_empty(), "replies without an end", &plans);
    }

    fn holds(&mut self, holds: bool, promise: &str, evidence: &impl fmt::Debug) {
        if !holds {
            self.wrong.push(format!("{promise}: {evidence:?}"));
        }
    }
}
