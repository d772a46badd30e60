"""What the models are given: chats and sentences, all made from prompts.json."""

import json
from pathlib import Path

_KEPT = json.loads(Path(__file__).with_name("prompts.json").read_text(encoding="utf-8"))
_SENTENCES = _KEPT["sentences"]


def chat_of_400_tokens(turn):
    """A chat of about 300 tokens that every turn has in common, and about 100 that are new in each:
    they begin with a number of their own."""
    picked = [_SENTENCES[(turn + step) % len(_SENTENCES)] for step in range(5)]
    return _chat(_KEPT["system"], f"{7919 * (turn + 1) % 100_000}: {' '.join(picked)}")


def grounded_chats():
    """Questions, each with the one fact that answers it; a good answer repeats the fact's words."""
    return [
        _chat(_KEPT["instruction"], f"Fact: {item['fact']}\nQuestion: {item['question']}")
        for item in _KEPT["grounded"]
    ]


def questions():
    """Forty single lines: what customers write, questions behind their facts, and two things at once."""
    grounded = [f"{item['fact']} {item['question']}" for item in _KEPT["grounded"]]
    pairs = [f"{_SENTENCES[i]} {_SENTENCES[-1 - i]}" for i in range(40 - len(_SENTENCES) - len(grounded))]
    return [*_SENTENCES, *grounded, *pairs]


def lines_to_embed():
    """A sentence of about 15 tokens, then 31 lines of two sentences, about 32 tokens each."""
    count = len(_SENTENCES)
    pairs = [(turn % count, (turn + 1 + turn // count) % count) for turn in range(31)]
    return [_SENTENCES[0]] + [f"{_SENTENCES[one]} {_SENTENCES[two]}" for one, two in pairs]


def _chat(system, user):
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]
