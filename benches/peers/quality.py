"""How well the model foretells a public text, by quantisation and by instruction set: the mean negative
natural log likelihood a token, through `floorwalker bench nll`; then what sameness.py measures. Prints
Markdown.

The text ships with every Python, see public_text.py. The quantisations are made of the model's own file
by llama-quantize, so they cannot be better than it; what counts is that our kernels lose nothing against
the same weights in f32.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

import gguf_file
import install
import llama
import machine
import ours
import peers
import public_text
import sameness
from process import Failed, say

FORMS = ("Q4_0", "Q5_0", "Q8_0", "Q4_K_M", "Q6_K")
CLOSE = 0.01
"""Nats a token that the engine may be away from the same weights in f32."""


def main():
    options = arguments()
    folder = install.cache()
    folder.mkdir(parents=True, exist_ok=True)
    text = folder / "chapter.txt"
    text.write_text(public_text.chapter(), encoding="utf-8")
    files, why = forms(folder, options.model)
    sets = [isa for isa in machine.instruction_sets() if isa in options.isa]
    found = [
        measured(options, text, form, file, sets if index == 0 or not options.first_set else sets[:1])
        for index, (form, file) in enumerate(files.items())
    ]
    print(markdown(found, sets))
    print(notes(options, text, why))
    same = sameness.measured(options.ours, options.model, folder, options.reply)
    print(sameness.markdown(same))
    if options.json:
        kept = json.dumps({"likelihood": found} | same, indent=1)
        Path(options.json).write_text(kept + "\n", encoding="utf-8")


def arguments():
    """The command line's."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", type=Path, default=peers.program(), metavar="PROGRAM")
    parser.add_argument("--model", type=Path, default=peers.model(), metavar="GGUF")
    parser.add_argument("--tokens", type=int, default=5000)
    parser.add_argument("--isa", type=lambda text: text.split(","), default=list(machine.INSTRUCTIONS))
    parser.add_argument("--first-set", action="store_true", help="every set with the first file alone, the best with all")
    parser.add_argument("--reply", type=int, default=48, help="tokens of the replies that are compared")
    parser.add_argument("--no-reference", action="store_true", help="leave out the slow computation in f32")
    parser.add_argument("--json", metavar="FILE")
    return parser.parse_args()


def forms(folder, model):
    """The model's file, then what llama-quantize makes of it; or the model alone, and why."""
    files = {model.stem.rpartition(".")[2]: model}
    try:
        tools = install.llama(folder)["native"]
        files.update({form: llama.requantised(tools, model, form, folder) for form in FORMS})
    except Failed as error:
        return files, str(error)
    return files, None


def measured(options, text, form, file, sets):
    """One file's figures: by instruction set, and of its weights in f32."""
    row = {"form": form, "types": gguf_file.types(file), "megabytes": file.stat().st_size / 1e6, "sets": {}}
    for isa in sets:
        row["sets"][isa] = nll(options, text, file, isa=isa)
    row["reference"] = None if options.no_reference else nll(options, text, file, reference=True)
    return row


def nll(options, text, file, **how):
    """The figure, or why there is none."""
    say(f"quality: {file.name} {how}")
    try:
        return ours.nll(options.ours, file, text, options.tokens, **how)[0]
    except Failed as error:
        say(f"quality: {error}")
        return str(error)


def markdown(found, sets):
    """A line a file. The last column is the largest distance from the weights in f32."""
    lines = [
        f"| file | MB | matrices | {' | '.join(sets)} | f32 | largest distance | kept |",
        "| --- | --- | --- |" + " --- |" * (len(sets) + 3),
    ]
    for row in found:
        kinds = ", ".join(f"{count} {kind}" for kind, count in row["types"].items())
        known = [value for value in row["sets"].values() if isinstance(value, float)]
        far = kept = ""
        if known and isinstance(row["reference"], float):
            distance = max(abs(value - row["reference"]) for value in known)
            far, kept = f"{distance:.4f}", "yes" if distance <= CLOSE else "**no**"
        figures = [shown(row["sets"].get(isa)) for isa in sets] + [shown(row["reference"])]
        lines.append(f"| {row['form']} | {row['megabytes']:.0f} | {kinds} | {' | '.join(figures)} | {far} | {kept} |")
    return "\n".join(lines)


def shown(value):
    """A figure; nothing where none was asked for."""
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else "failed"


def notes(options, text, why):
    """Which text, and what became of the widths that a format cannot hold."""
    digest = hashlib.sha256(text.read_bytes()).hexdigest()[:12]
    lines = [
        "",
        f"Mean natural log likelihood a token, negative, of the first {options.tokens} tokens of the chapter"
        f" `{public_text.CHAPTER}` of {public_text.source()} (SHA-256 {digest}…); at most {CLOSE} from f32 is asked for."
        " Formats with blocks of 256 (Q4_K, Q6_K) do not divide rows of 576; `llama-quantize` then takes another"
        " format for these matrices, as the column of matrices shows.",
    ]
    return "\n".join(lines + ([f"The quantisations were left out: {why}"] if why else []))


if __name__ == "__main__":
    try:
        main()
    except Failed as error:
        sys.exit(f"quality: {error}")
