"""The words around the table: where, with what, how, and what is missing."""

import statistics

import install

BUSY = 0.7
"""The load average, before anything is measured, above which a reader is warned."""


def head(about):
    """Where and when it was measured."""
    busy = f" **Something else kept the machine busy (load {about['load']:.1f}).**" if about["load"] > BUSY else ""
    return (
        f"On {about['machine']}, {about['at']}. Medians of {about['rounds']} rounds, in brackets the least and the"
        f" most; {about['threads']} threads; `{about['model']}` on both sides. A round measures one side after the"
        " other, in processes of their own, so that what else the machine does falls on both; ratios inside this"
        f" table mean more than its figures.{busy}"
    )


def how(about):
    """What was run, so that a reader can judge whether it was fair."""
    lines = [
        f"Ours is {about['ours'] or 'not here'}. llama.cpp is {about['llama'] or 'not here'}, from the source"
        f" package {install.LLAMA_SOURCE}, compiled with `GGML_NATIVE`; its kernels once more without AVX-512 for"
        " the rows of AVX2.",
        "Prompts and streams of llama.cpp: `llama-bench`, which warms up and leaves sampling out; ours includes"
        " choosing the likeliest token. One stream begins with an empty context on both sides. Streams together and"
        " memory: `llama-batched-bench -c 8192`, prompts of 128 tokens and 128 more each. Batches of 512, nothing offloaded;"
        " flash attention off and on, the better median is shown. Memory is VmHWM, files that are mapped included.",
        bandwidth(about),
        f"Its best format: our file against Q4_0 made of it by `llama-quantize`{types(about)}.",
        "Grounded replies and first tokens: streamed over HTTP by the same client, greedily; `llama-server` has one"
        f" slot and keeps its prompt. The prompts had {prompt_tokens(about)} tokens. A reply's speed counts the"
        " tokens after its first. Its own lookup is `--spec-type ngram-simple` with its defaults.",
        "Embeddings: the tokenizer's work is included; onnxruntime runs all-MiniLM-L6-v2 in f32 as a graph of its"
        f" fused operators ({', '.join(p for p in about['packages'] if p.startswith(('onnx', 'tok')))}); 32 texts as"
        " one batch or as four by length, the better median is shown.",
        "The busy neighbour is a process that counts in a loop.",
    ]
    return "\n".join(f"* {line}" for line in lines if line)


def bandwidth(about):
    """How the share of the bandwidth was come by."""
    if not about["bandwidth"]:
        return ""
    return (
        f"Bandwidth: {statistics.median(about['bandwidth']) / 1e9:.1f} GB/s, read by {about['threads']} threads of the"
        f" C library's `memchr` over 100 MB, best of eight passes a round. A token of one stream reads"
        f" {about['bytes_a_token'] / 1e6:.1f} MB of weights; caches and activations are not counted."
    )


def types(about):
    """The types of the matrices in the best format."""
    if not about["best_types"]:
        return ""
    return " (" + ", ".join(f"{count} matrices {kind}" for kind, count in about["best_types"].items()) + ")"


def prompt_tokens(about):
    """As the servers counted them."""
    told = [f"{statistics.median(n):.0f} ({side})" for side, n in about["prompt_tokens"].items() if n]
    return " and ".join(told) or "about 400"


def missing(found):
    """What was left out, and why."""
    if not found:
        return ""
    lines = [f"* {item['side']} in {item['section']}: {item['why']}" for item in found.values()]
    return "\nNot measured:\n\n" + "\n".join(dict.fromkeys(lines)) + "\n"
