//! One try to deliver: what came of it, and what that means. Pure but for the row it becomes.

use std::time::Duration;

use rusqlite::{Connection, params};
use serde::Serialize;

use super::{Kind, PAUSES, State};
use crate::domain::time::Instant;
use crate::outbound::{OutboundError, Response};
use crate::store::StoreError;

/// Bytes of an answer that are kept.
const ANSWER: usize = 1_024;
/// Nothing arrives for so long, and the endpoint is paused.
const PATIENCE: Duration = Duration::from_secs(5 * 24 * 60 * 60);

/// One try to deliver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attempt {
    /// When it began.
    pub at: Instant,
    /// How long it took.
    pub ms: u64,
    /// What was answered, if anything was.
    pub status: Option<u16>,
    /// Why there is no answer.
    pub error: Option<String>,
    /// How the answer begins.
    pub answer: Option<String>,
}

/// What an attempt means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// How far the delivery is now.
    pub state: State,
    /// Why the endpoint is paused, if it is.
    pub pause: Option<String>,
}

impl Attempt {
    /// From what came back.
    pub(super) fn from(result: Result<Response, OutboundError>, at: Instant, ms: u64) -> Self {
        match result {
            Ok(response) => Self {
                status: Some(response.status.as_u16()),
                answer: Some(readable(&response.body)),
                error: None,
                at,
                ms,
            },
            Err(error) => Self::failed(error.to_string(), at, ms),
        }
    }

    /// Without an answer.
    pub(super) fn failed(why: String, at: Instant, ms: u64) -> Self {
        Self { at, ms, status: None, error: Some(why), answer: None }
    }

    /// What went wrong, in a few words; nothing if it arrived.
    pub(super) fn problem(&self) -> Option<String> {
        match (self.status, &self.error) {
            (Some(200..=299), _) => None,
            (Some(status), _) => Some(format!("it answered {status}")),
            (None, error) => Some(error.clone().unwrap_or_default()),
        }
    }

    /// What it means, being the n-th try. `failing_since` is the first failure since the last success.
    pub(super) fn verdict(
        &self,
        kind: Kind,
        try_number: u32,
        failing_since: Option<Instant>,
        now: Instant,
    ) -> Verdict {
        let plainly = |state| Verdict { state, pause: None };
        if self.problem().is_none() {
            return plainly(State::Delivered);
        }
        // A ping shows whether it arrives now; nobody waits for it to arrive tomorrow.
        if kind == Kind::Test {
            return plainly(State::Failed);
        }
        let pause = match failing_since {
            _ if self.status == Some(410) => Some("it answered 410 Gone".to_string()),
            Some(since) if now.since(since) >= PATIENCE => {
                Some(format!("nothing arrived for {} days", PATIENCE.as_secs() / 86_400))
            }
            _ => None,
        };
        let state = match PAUSES.after(try_number, 0.0) {
            _ if pause.is_some() => State::Held,
            Some(_) => State::Waiting,
            None => State::Failed,
        };
        Verdict { state, pause }
    }

    /// Notes it within a write. The answer is not kept if what it answers was erased meanwhile.
    pub(super) fn store(&self, db: &Connection, delivery: i64) -> Result<(), StoreError> {
        db.prepare_cached(
            "INSERT INTO webhook_attempts (delivery, at, ms, status, error, answer)
             SELECT ?1, ?2, ?3, ?4, ?5, CASE WHEN webhook_messages.data IS NULL THEN NULL ELSE ?6 END
             FROM webhook_deliveries
             JOIN webhook_messages ON webhook_messages.id = webhook_deliveries.message
             WHERE webhook_deliveries.id = ?1",
        )?
        .execute(params![delivery, self.at.0, self.ms, self.status, self.error, self.answer])?;
        Ok(())
    }
}

/// The beginning of an answer as text that does nothing to a terminal.
fn readable(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(ANSWER)]);
    let plain = |c: char| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Instant = Instant(1_000_000_000);

    fn answered(status: u16) -> Attempt {
        let answer = Some(String::new());
        Attempt { at: START, ms: 5, status: Some(status), error: None, answer }
    }

    fn judged(attempt: &Attempt, n: u32, failing_since: Option<Instant>) -> Verdict {
        attempt.verdict(Kind::PersonWanted, n, failing_since, START)
    }

    #[test]
    fn two_hundreds_arrive_and_everything_else_is_tried_again_until_the_last_time() {
        for status in [200, 201, 204, 299] {
            assert_eq!(judged(&answered(status), 1, None).state, State::Delivered, "{status}");
        }
        let hung = Attempt::failed("it hung".into(), START, 10_000);
        let bad: Vec<_> = [199, 300, 301, 307, 400, 401, 404, 429, 500, 503].map(answered).into();
        for attempt in bad.iter().chain([&hung]) {
            let waits = Verdict { state: State::Waiting, pause: None };
            assert_eq!(judged(attempt, 1, None), waits, "{attempt:?}");
            assert_eq!(judged(attempt, 9, None).state, State::Waiting, "{attempt:?}");
            assert_eq!(judged(attempt, 10, None).state, State::Failed, "{attempt:?}");
        }
    }

    #[test]
    fn who_is_gone_or_has_failed_for_days_is_paused() {
        let gone = judged(&answered(410), 1, None);
        assert_eq!(gone.state, State::Held);
        assert!(gone.pause.is_some_and(|why| why.contains("410")));
        let since = |days: i64| Some(Instant(START.0 - days * 86_400_000));
        assert_eq!(judged(&answered(500), 2, since(4)).pause, None);
        let given_up = judged(&answered(500), 2, since(5));
        assert_eq!(given_up.state, State::Held);
        assert!(given_up.pause.is_some_and(|why| why.contains("5 days")));
        assert_eq!(judged(&answered(200), 2, since(9)).state, State::Delivered);
    }

    #[test]
    fn a_ping_is_tried_once_and_pauses_nobody() {
        for status in [500, 410] {
            let verdict = answered(status).verdict(Kind::Test, 1, Some(Instant(0)), START);
            assert_eq!(verdict, Verdict { state: State::Failed, pause: None });
        }
    }

    #[test]
    fn an_answer_is_kept_short_and_plain() {
        let long = [b"\x1b[2Jhi\n".as_slice(), &[b'x'; 2_000]].concat();
        let kept = readable(&long);
        assert!(kept.starts_with("\u{fffd}[2Jhi\nx") && kept.chars().count() == ANSWER);
        assert!(readable(&[0xff, b'a']).ends_with('a'));
    }
}
