"""Our engine beside llama.cpp and onnxruntime, by turns on this machine. See README.md beside it.

Progress goes to standard error; the table, in Markdown, to standard output.
"""

import argparse
import collections
import datetime
import json
import os
import sys
from pathlib import Path

import gguf_file
import install
import llama
import machine
import notes
import ours
import plan
import table
from process import Failed, say


def main():
    options = arguments()
    folder = install.cache()
    folder.mkdir(parents=True, exist_ok=True)
    missing = collections.OrderedDict()
    wanted = set(options.only)
    if wanted & {"neighbour", "best"}:
        wanted.add("engine")
    setting = prepare(options, folder, wanted, missing)
    load = os.getloadavg()[0]
    if load > notes.BUSY:
        say(f"peers: something else keeps this machine busy (load {load:.1f}); the figures will say little")
    probes = [probe for probe in plan.probes(setting) if probe.section in wanted]
    samples = rounds(probes, options.rounds, missing)
    samples |= table.derived(samples, gguf_file.bytes_a_token(options.model))
    rows = [table.measured(samples, row) for row in table.ROWS if row.section in wanted]
    about = describe(options, setting, samples) | {"load": load}
    print(f"{notes.head(about)}\n\n{table.markdown(rows)}\n\n{notes.how(about)}\n{notes.missing(missing)}")
    if options.json:
        found = {"about": about, "rows": rows, "samples": samples, "missing": list(missing.values())}
        text = json.dumps(found, indent=1, ensure_ascii=False)
        if options.json == "-":
            print(text)
        else:
            Path(options.json).write_text(text + "\n", encoding="utf-8")


def program():
    """Our release build, where ./test leaves it."""
    target = os.environ.get("CARGO_TARGET_DIR") or install.cache().parent / "target"
    return Path(target, "release", "floorwalker")


def models():
    """Where `floorwalker models pull` puts them."""
    return Path(os.environ.get("FLOORWALKER_MODELS") or install.cache().parent / "models")


def model():
    """The file that phrases answers."""
    return models() / "SmolLM2-135M-Instruct" / "SmolLM2-135M-Instruct.Q4_1.gguf"


def arguments():
    """The command line's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", type=Path, default=program(), metavar="PROGRAM")
    parser.add_argument("--model", type=Path, default=model(), metavar="GGUF", help="what both engines run")
    parser.add_argument("--model-name", default="SmolLM2-135M-Instruct", help="its name in requests")
    parser.add_argument("--encoder", type=Path, default=models() / "all-MiniLM-L6-v2", metavar="DIR")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--only", type=lambda text: text.split(","), default=plan.SECTIONS, help=f"of {','.join(plan.SECTIONS)}"
    )
    parser.add_argument("--url", help="a running server of ours, instead of one that is started for this")
    parser.add_argument("--token", help="a key of that server")
    parser.add_argument("--scope", default="use_engine", help="of the key that is made otherwise")
    parser.add_argument("--json", metavar="FILE", help="every sample; - for standard output, last")
    options = parser.parse_args()
    unknown = set(options.only) - set(plan.SECTIONS)
    if unknown or options.rounds < 1:
        parser.error(f"there is no section {', '.join(unknown)}" if unknown else "at least one round")
    if not options.model.exists():
        parser.error(f"{options.model} is not there; fetch it with: floorwalker models pull")
    return options


Setting = collections.namedtuple(
    "Setting", "program model model_name encoder threads folder tools q4_0 python graph site"
)
Site = collections.namedtuple("Site", "url token scope")


def prepare(options, folder, wanted, missing):
    """Installs what is not there yet. What cannot be had is noted as missing, and the rest goes on."""
    tools = q4_0 = python = graph = None
    if wanted - {"embed"}:
        tools, q4_0, why = plan.tools_and_file(folder, options.model)
        if why:
            leave_out(missing, wanted - {"embed"}, "llama", why)
            leave_out(missing, wanted & {"served"}, "lookup", why)
    if "embed" in wanted:
        python, graph, why = plan.python_and_graph(folder, options.encoder)
        if why:
            leave_out(missing, ["embed"], "onnx", why)
    if not os.access(options.ours, os.X_OK):
        leave_out(missing, wanted, "ours", f"{options.ours} is no program; build it or name it with --ours")
    return Setting(
        options.ours, options.model, options.model_name, options.encoder, options.threads, folder,
        tools, q4_0, python, graph, Site(options.url, options.token, options.scope),
    )  # fmt: skip


def leave_out(missing, sections, side, why):
    """Notes that a side is not measured in these sections."""
    for section in sorted(sections):
        say(f"peers: {side} is left out of {section}: {why}")
        missing[section, side] = {"section": section, "side": side, "why": why}


def rounds(probes, count, missing):
    """Samples by series, one a round. A side that fails in a section is not tried there again, and what
    it gave before is dropped, because rounds would no longer lie side by side."""
    samples, of = collections.defaultdict(list), collections.defaultdict(set)
    for turn in range(count):
        for index, probe in enumerate(probes):
            key = probe.section, probe.side
            if key in missing:
                continue
            say(f"round {turn + 1} of {count}, {index + 1} of {len(probes)}: {probe.section}, {probe.side}")
            try:
                found = probe.measure(turn)
            except Failed as error:
                leave_out(missing, [probe.section], probe.side, str(error))
                for series in of[key]:
                    samples.pop(series, None)
                continue
            of[key].update(found)
            for series, value in found.items():
                if turn == 0 or series in samples:
                    samples[series].append(value)
    return dict(samples)


def describe(options, setting, samples):
    """What the notes tell about this run."""
    return {
        "machine": machine.name(),
        "at": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "rounds": options.rounds,
        "threads": options.threads,
        "model": options.model.name,
        "bytes_a_token": gguf_file.bytes_a_token(options.model),
        "bandwidth": samples.get("bandwidth"),
        "best_types": gguf_file.types(setting.q4_0) if setting.q4_0 else None,
        "ours": version_of_ours(setting.program),
        "llama": llama.version(setting.tools["native"]) if setting.tools else None,
        "packages": [line for line in install.requirements() if not line.startswith("#")],
        "prompt_tokens": {side: samples.get(f"{side} prompt tokens") for side in ("ours", "llama")},
    }


def version_of_ours(program):
    """As it names itself, if it can."""
    try:
        return ours.version(program)
    except Failed:
        return None


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
    except Failed as error:
        sys.exit(f"peers: {error}")
