"""llama.cpp, measured by its own tools: two threads, nothing offloaded, batches of at most 512 tokens.

Flash attention is measured off and on, as two variants of the same series; the table takes the better.
"""

import json
import subprocess

from process import Failed, run

BATCH = ["-b", 512, "-ub", 512]
FLASH = ("off", "on")


def bench(tools, model, threads, series, prompts=(128, 512), generate=128):
    """Tokens a second of prompts and of one stream that begins with an empty context, by llama-bench,
    which warms up before each test."""
    command = [tools / "llama-bench", "-m", model, "-t", threads, *BATCH, "-ngl", 0, "-r", 1, "-o", "json"]
    sizes = ",".join(map(str, prompts)) or "0"
    out, _ = run([*command, "-p", sizes, "-n", generate, "-fa", ",".join(FLASH)])
    return {_series(series, test): test["avg_ts"] for test in _tests(out)}


def _tests(out):
    try:
        return json.loads(out)
    except ValueError as error:
        raise Failed(f"llama-bench printed no JSON: {out[-200:]!r}") from error


def _series(series, test):
    what = f"prompt {test['n_prompt']}" if test["n_prompt"] else "stream"
    return f"{series} {what} [flash {FLASH[int(test['flash_attn'])]}]"


def batched(tools, model, threads, series, streams=(1, 4, 8)):
    """Tokens a second of several streams together, 128 each after prompts of 128, and the process's
    peak memory, by llama-batched-bench with room for 8192 tokens."""
    found = {}
    for flash in FLASH:
        command = [tools / "llama-batched-bench", "-m", model, "-t", threads, "-tb", threads, *BATCH]
        command += ["-ngl", 0, "-c", 8192, "-npp", 128, "-ntg", 128, "-npl", ",".join(map(str, streams))]
        out, peak = run([*command, "-fa", flash, "--output-format", "jsonl"])
        tests = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
        if [test["pl"] for test in tests] != list(streams):
            raise Failed(f"llama-batched-bench printed other tests than were asked for: {out[-200:]!r}")
        for test in tests:
            found[f"{series} streams {test['pl']} [flash {flash}]"] = test["speed_tg"]
        found[f"{series} memory [flash {flash}]"] = peak
    return found


def requantised(tools, model, form, folder):
    """The file `model` quantised again as `form` (Q4_0, Q5_0, Q8_0, Q4_K_M, Q6_K), made once."""
    made = folder / "requantised" / f"{model.stem}.{form}.gguf"
    if not made.exists():
        made.parent.mkdir(parents=True, exist_ok=True)
        unfinished = made.with_suffix(".part")
        run([tools / "llama-quantize", "--allow-requantize", model, unfinished, form])
        unfinished.rename(made)
    return made


def serve(tools, model, threads, port, lookup=False):
    """The command of a server with one slot, which keeps its prompt; with `lookup` it drafts what the
    prompt holds, in its own way and with its own settings for that."""
    command = [tools / "llama-server", "-m", model, "-t", threads, "-tb", threads, *BATCH, "-ngl", 0]
    command += ["--spec-type", "ngram-simple"] if lookup else []
    return [*command, "-c", 8192, "-np", 1, "--host", "127.0.0.1", "--port", port]


def version(tools):
    """As llama.cpp names itself: its build and the compiler."""
    said = subprocess.run(
        [tools / "llama-bench", "--version"], capture_output=True, text=True, check=False
    )
    lines = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith(("version", "built"))]
    return "; ".join(line.removeprefix("version: ") for line in lines) or "of an unknown version"
