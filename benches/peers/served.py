"""What a client of a server sees: the first token of a prompt that is mostly known, and how fast a
reply that repeats a fact arrives."""

import statistics

import chat
import texts
from process import Failed

FIRST_TOKENS = 5
REPLY_TOKENS = 48


def measure(url, token, model, series, turn):
    """Milliseconds to the first token, the median of five prompts of which each begins alike and ends in
    its own way; and tokens a second over all grounded replies, after the first token of each.

    `turn` keeps a prompt from being sent twice. The notes tell how long the prompts were.
    """
    if token is None:
        raise Failed("there is no key for this server")

    def ask(messages, limit):
        return chat.ask(url, token, model, messages, limit)

    start = turn * (FIRST_TOKENS + 1)
    ask(texts.chat_of_400_tokens(start), 4)
    firsts = [ask(texts.chat_of_400_tokens(start + 1 + step), 4) for step in range(FIRST_TOKENS)]
    replies = [ask(messages, REPLY_TOKENS) for messages in texts.grounded_chats()]
    tokens, seconds = sum(reply.tokens - 1 for reply in replies), sum(reply.seconds for reply in replies)
    if seconds <= 0:
        raise Failed(f"{url} sends whole replies at once, so nothing can be said about its speed")
    return {
        f"{series} first": statistics.median(reply.first_ms for reply in firsts),
        f"{series} grounded": tokens / seconds,
        f"{series} prompt tokens": statistics.median(reply.prompt_tokens or 0 for reply in firsts),
        f"{series} reply tokens": tokens + len(replies),
    }
