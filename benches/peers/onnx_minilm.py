"""onnxruntime on all-MiniLM-L6-v2 in f32; run by the environment's own interpreter.

    onnx_minilm.py build FOLDER GRAPH           makes the graph of the model in FOLDER, and checks it
    onnx_minilm.py run FOLDER GRAPH TEXTS THREADS   times it, the tokenizer's work included; prints JSON
"""

import json
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime

import minilm_weights

CLOSE = 1e-4
"""How far a component of a vector may be from the plain computation."""


def session(graph, threads):
    """onnxruntime with every optimisation of the graph, on so many threads of this processor."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])


def embed(made, running, texts):
    """The texts' vectors, f32 [texts, 384]."""
    ids, mask = minilm_weights.tokenised(made, texts)
    return running.run(None, {"ids": ids, "mask": mask})[0]


def in_groups(made, running, texts, size=8):
    """The same, shortest texts first and `size` at a time, which pads less; vectors in the texts' order."""
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    vectors = np.empty((len(texts), 384), np.float32)
    for start in range(0, len(order), size):
        group = order[start : start + size]
        vectors[group] = embed(made, running, [texts[index] for index in group])
    return vectors


def build(folder, graph):
    """Writes the graph, and fails unless it agrees with a plain computation on texts of all lengths."""
    import minilm_graph
    import minilm_numpy
    import texts

    w, sizes, made = (get(folder) for get in (minilm_weights.weights, minilm_weights.sizes, minilm_weights.tokenizer))
    graph.parent.mkdir(parents=True, exist_ok=True)
    unfinished = graph.with_suffix(".part")
    minilm_graph.build(w, sizes, unfinished)
    lines = [*texts.lines_to_embed()[:4], "Hello", " ".join(texts.lines_to_embed())]
    found = embed(made, session(unfinished, 2), lines)
    made.no_padding()
    right = np.array([minilm_numpy.vector(w, sizes, made.encode(line).ids) for line in lines])
    far = float(np.abs(found - right).max())
    if not far <= CLOSE:
        raise SystemExit(f"the graph is {far:.2e} away from the plain computation, more than {CLOSE}")
    unfinished.rename(graph)
    print(json.dumps({"largest_difference": far}))


def p50_ms(work, times):
    """The median of `times` runs of `work` in milliseconds, after a few to warm up."""
    taken = []
    for turn in range(times + 3):
        began = time.perf_counter()
        work()
        if turn >= 3:
            taken.append((time.perf_counter() - began) * 1e3)
    return statistics.median(taken)


def run(folder, graph, lines, threads):
    """Prints the medians of the first line alone and of 32 lines together, the better of two ways."""
    made, running = minilm_weights.tokenizer(folder), session(graph, threads)
    lines = Path(lines).read_text(encoding="utf-8").splitlines()[:32]
    found = {
        "one_ms": p50_ms(lambda: embed(made, running, lines[:1]), 100),
        "batch_32_ms": p50_ms(lambda: embed(made, running, lines), 10),
        "groups_of_8_ms": p50_ms(lambda: in_groups(made, running, lines), 10),
        "version": onnxruntime.__version__,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    if sys.argv[1] == "build":
        build(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        run(Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], int(sys.argv[5]))
