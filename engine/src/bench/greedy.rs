//! Replies of the likeliest tokens, come by in different manners.

use super::{Manner, read};
use crate::model::{Memory, Model, Part};

/// A conversation on its way.
struct Chat<M> {
    memory: M,
    /// What was asked, then what was written.
    all: Vec<u32>,
    prompt: usize,
}

/// A reply to each prompt, in their order.
pub(super) fn replies<M: Model>(
    model: &mut M,
    prompts: &[Vec<u32>],
    how: Manner,
) -> Result<Vec<Vec<u32>>, String> {
    let mut replies = Vec::with_capacity(prompts.len());
    for group in prompts.chunks(how.together.clamp(1, 64)) {
        let mut known = Vec::new();
        let mut chats = Vec::with_capacity(group.len());
        for prompt in group {
            let mut memory = model.memory();
            if how.warm {
                let mut first = model.memory();
                // One more than is shared, so that the two part in the middle.
                let half = prompt.len() / 2;
                read(model, &mut first, &prompt[..half + 1], 0)?;
                let fork = first.fork(half).filter(|fork| fork.len() == half);
                memory = fork.ok_or("its memory cannot be shared")?;
                known.push(first);
            }
            chats.push(Chat { memory, all: prompt.clone(), prompt: prompt.len() });
        }
        while chats.iter().any(|chat| !chat.is_done(how.tokens)) {
            step(model, &mut chats, how)?;
        }
        replies.extend(chats.into_iter().map(|chat| chat.all[chat.prompt..].to_vec()));
    }
    Ok(replies)
}

/// One pass for all chats that are not done.
fn step<M: Model>(model: &mut M, chats: &mut [Chat<M::Memory>], how: Manner) -> Result<(), String> {
    let facts = model.facts();
    let bite = facts.rows / how.together.clamp(1, 64);
    let mut active: Vec<_> = chats.iter_mut().filter(|chat| !chat.is_done(how.tokens)).collect();
    let mut parts: Vec<_> = active.iter_mut().map(|chat| chat.part(bite)).collect();
    let wanted: Vec<usize> = parts.iter().map(|part| part.wanted).collect();
    let mut scores = Vec::new();
    model.read(&mut parts, &mut scores)?;
    let mut rows = scores.chunks_exact(facts.tokens);
    for (chat, wanted) in active.into_iter().zip(wanted) {
        if wanted > 0 {
            let row = rows.next().ok_or("a row of scores is missing")?;
            chat.all.push(crate::decode::likeliest(row).unwrap_or_default());
        }
    }
    Ok(())
}

impl<M: Memory> Chat<M> {
    fn is_done(&self, tokens: usize) -> bool {
        self.all.len() >= self.prompt + tokens
    }

    /// What is read of it next, at most `bite` tokens.
    fn part(&mut self, bite: usize) -> Part<'_, M> {
        let from = self.memory.len();
        let to = self.all.len().min(from + bite);
        let wanted = usize::from(to == self.all.len());
        Part { memory: &mut self.memory, tokens: &self.all[from..to], wanted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fast::{Fast, Setup};
    use crate::gguf::Gguf;
    use crate::kernels::lanes::Isa;
    use crate::tiny;

    #[test]
    fn a_reply_is_the_same_alone_in_company_and_from_what_was_known() {
        let file = Gguf::parse(tiny::file(3)).unwrap();
        let setup = Setup { threads: 2, context: 256, memory: 8 << 20, isa: Isa::best() };
        let mut model = Fast::load(&file, setup).unwrap();
        let prompts: Vec<Vec<u32>> = (0..7u32)
            .map(|i| (0..40 + 9 * i).map(|j| 3 + (i * 31 + j * 17) % 250).collect())
            .collect();
        let alone = Manner { tokens: 12, together: 1, warm: false };
        let want = replies(&mut model, &prompts, alone).unwrap();
        assert!(want.iter().all(|reply| reply.len() == 12) && want[0] != want[1]);
        for (together, warm) in [(1, true), (4, false), (7, true)] {
            let how = Manner { together, warm, ..alone };
            assert_eq!(replies(&mut model, &prompts, how).unwrap(), want, "{how:?}");
        }
    }
}
