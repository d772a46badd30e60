"""Our engine, driven as anybody would: by the command line, and by HTTP for what a client sees.

    floorwalker bench engine --model FILE --prompt N --generate N --parallel N,N --threads N
                             [--isa vnni|avx512|avx2|portable] --rounds 1 --json
    floorwalker bench embed --texts FILE [--compare] --json
    floorwalker bench agree --model FILE --prompts FILE --tokens N --json
    floorwalker bench nll --model FILE --text FILE --tokens N [--isa ..] [--reference] --json

Each prints one JSON object last.
"""

from process import last_object, number, run


def prompt(program, model, threads, series, tokens, isa=None):
    """Tokens a second of a prompt of so many tokens."""
    found, _ = _engine(program, model, threads, isa, tokens, 16, (1,))
    return {f"{series} prompt {tokens}": number(found, "prompt_tokens_per_second")}


def streams(program, model, threads, series, together=(1,), isa=None):
    """Tokens a second of a prompt of 128 tokens, of 128 in one stream that begins with an empty context,
    of 128 in each of several streams together behind such a prompt, and the process's peak memory."""
    found, peak = _engine(program, model, threads, isa, 128, 128, together)
    measured = {
        f"{series} prompt 128": number(found, "prompt_tokens_per_second"),
        f"{series} stream": number(found, "generate_tokens_per_second"),
        f"{series} memory": peak,
    }
    for count in together:
        aggregate = number(found, "aggregate_tokens_per_second", str(count))
        measured[f"{series} streams {count}"] = aggregate
    return measured


def _engine(program, model, threads, isa, prompt_tokens, generate, together):
    """One round; the program warms up before it. What it printed, and its peak memory."""
    command = [program, "bench", "engine", "--model", model, "--threads", threads, "--rounds", 1]
    command += ["--prompt", prompt_tokens, "--generate", generate]
    command += ["--parallel", ",".join(map(str, together))]
    out, peak = run([*command, *(["--isa", isa] if isa else []), "--json"])
    return last_object(out), peak


def embed(program, texts, series):
    """Milliseconds for the first line of the file `texts` alone, and for its first 32 together."""
    out, _ = run([program, "bench", "embed", "--texts", texts, "--json"])
    found = last_object(out)
    return {
        f"{series} embed 1": number(found, "one_ms"),
        f"{series} embed 32": number(found, "batch_32_ms"),
    }


def nll(program, model, text, tokens, isa=None, reference=False):
    """Mean negative natural log likelihood of the first `tokens` tokens of the file `text`."""
    command = [program, "bench", "nll", "--model", model, "--text", text, "--tokens", tokens]
    command += ["--isa", isa] if isa else []
    command += ["--reference"] if reference else []
    out, _ = run([*command, "--json"], limit=3600)
    found = last_object(out)
    return number(found, "nll"), int(number(found, "tokens"))


def agree(program, model, prompts, tokens):
    """How replies to the file's lines differ by instruction set, company and cache, as it is printed."""
    command = [program, "bench", "agree", "--model", model, "--prompts", prompts, "--tokens", tokens]
    out, _ = run([*command, "--json"], limit=3600)
    found = last_object(out)
    number(found, "prompts")
    return found


def cosines(program, texts):
    """The least and the mean cosine of the vectors of the file's lines with f32, as it is printed."""
    out, _ = run([program, "bench", "embed", "--texts", texts, "--compare", "--json"])
    found = last_object(out)
    number(found, "least_cosine")
    return found


def serve(program, data, port):
    """The command of a server with the demo shop whose engine speaks OpenAI's protocol."""
    (data / "floorwalker.toml").write_text("[engine]\nopenai = true\n", encoding="utf-8")
    return [program, "serve", "--demo", "--data", data, "--listen", f"127.0.0.1:{port}"]


def token(program, data, scope):
    """A new key of that server."""
    out, _ = run([program, "key", "add", "benchmark", "--scope", scope, "--data", data])
    return out.split()[0]


def version(program):
    """As the program names itself."""
    return run([program, "--version"])[0].strip()
