"""Which measurements make a round, in which order: ours and a peer's by turns."""

import collections
import tempfile
from pathlib import Path

import chat
import install
import llama
import machine
import ours
import served
import texts
from process import Failed, last_object, number, run

Probe = collections.namedtuple("Probe", "section side measure")
"""`measure(turn)` gives numbers by series; `side` is whose they are: ours, llama,
lookup (llama.cpp with its own), onnx or machine."""

SECTIONS = ("engine", "served", "embed", "neighbour", "avx2", "best")


def probes(setting):
    """All probes of a round. `setting` holds: program, model, encoder, threads, folder, tools (by build,
    or None), python, graph (or None), q4_0 (or None), site (how our server is reached), model_name."""
    s = setting
    native, avx2 = (s.tools or {}).get("native"), (s.tools or {}).get("avx2")
    engine = (s.program, s.model, s.threads)
    return [
        Probe("engine", "machine", lambda _: {"bandwidth": machine.read_bandwidth(s.threads)}),
        Probe("engine", "ours", lambda _: ours.streams(*engine, "ours", (1, 4, 8))),
        Probe("engine", "llama", lambda _: llama.bench(native, *engine[1:], "llama")),
        Probe("engine", "ours", lambda _: ours.prompt(*engine, "ours", 512)),
        Probe("engine", "llama", lambda _: llama.batched(native, *engine[1:], "llama")),
        Probe("neighbour", "ours", lambda _: beside(ours.streams, *engine, "ours-busy")),
        Probe("neighbour", "llama", lambda _: beside(llama.bench, native, *engine[1:], "llama-busy", (), 128)),
        Probe("avx2", "ours", lambda _: ours.streams(*engine, "ours-avx2", (1,), "avx2")),
        Probe("avx2", "llama", lambda _: llama.bench(avx2, *engine[1:], "llama-avx2")),
        Probe("avx2", "ours", lambda _: ours.prompt(*engine, "ours-avx2", 512, "avx2")),
        Probe("best", "llama", lambda _: llama.bench(native, s.q4_0, s.threads, "llama-q4_0")),
        Probe("best", "llama", lambda _: llama.batched(native, s.q4_0, s.threads, "llama-q4_0")),
        Probe("served", "ours", lambda turn: our_server(s, turn)),
        Probe("served", "llama", lambda turn: llama_server(s, native, turn, "llama", False)),
        Probe("served", "lookup", lambda turn: llama_server(s, native, turn, "lookup", True)),
        Probe("embed", "ours", lambda _: ours.embed(s.program, lines(s.folder), "ours")),
        Probe("embed", "onnx", lambda _: onnx(s)),
    ]  # fmt: skip


def beside(measure, *arguments):
    """The same with a process beside it that never rests."""
    with machine.busy_neighbour():
        return measure(*arguments)


def our_server(s, turn):
    """Through the server that was named, or through one of its own with the demo shop."""
    if s.site.url:
        return served.measure(s.site.url, s.site.token, s.model_name, "ours", turn)
    with tempfile.TemporaryDirectory() as data:
        port = chat.free_port()
        command = ours.serve(s.program, Path(data), port)
        with chat.served(command, port, s.folder / "ours.log"):
            token = s.site.token or ours.token(s.program, Path(data), s.site.scope)
            return served.measure(f"http://127.0.0.1:{port}", token, s.model_name, "ours", turn)


def llama_server(s, tools, turn, series, lookup):
    """Through a server of llama.cpp's that is started for it."""
    port = chat.free_port()
    command = llama.serve(tools, s.model, s.threads, port, lookup)
    with chat.served(command, port, s.folder / "llama-server.log"):
        return served.measure(f"http://127.0.0.1:{port}", "any", s.model_name, series, turn)


def lines(folder):
    """The file of texts that both sides embed."""
    kept = folder / "lines.txt"
    kept.write_text("\n".join(texts.lines_to_embed()) + "\n", encoding="utf-8")
    return kept


def onnx(s):
    """In a process of the environment's Python, so that its threads are gone when others are measured."""
    script = Path(__file__).with_name("onnx_minilm.py")
    out, _ = run([s.python, script, "run", s.encoder, s.graph, lines(s.folder), s.threads])
    found = last_object(out)
    return {
        "onnx embed 1": number(found, "one_ms"),
        "onnx embed 32 [one batch]": number(found, "batch_32_ms"),
        "onnx embed 32 [groups of 8]": number(found, "groups_of_8_ms"),
    }


def graph(folder, python, encoder):
    """The encoder's graph, made and checked once."""
    made = folder / f"{encoder.name}.onnx"
    if not made.exists():
        run([python, Path(__file__).with_name("onnx_minilm.py"), "build", encoder, made])
    return made


def tools_and_file(folder, model):
    """llama.cpp's tools by build, and the file in its best format; or why they cannot be had."""
    try:
        tools = install.llama(folder)
        return tools, llama.requantised(tools["native"], model, "Q4_0", folder), None
    except Failed as error:
        return None, None, str(error)


def python_and_graph(folder, encoder):
    """The environment's interpreter and the encoder's graph; or why they cannot be had."""
    try:
        python = install.python(folder)
        return python, graph(folder, python, encoder), None
    except Failed as error:
        return None, None, str(error)
