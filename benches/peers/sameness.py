"""Whether the engine says the same however it is run, and how near its vectors are to those of the same
weights in f32: through `floorwalker bench agree` and `bench embed --compare`. Markdown."""

import ours
import public_text
import texts
from process import Failed

SENTENCES = 1000
CLOSE = 0.999
"""The least cosine with f32 that is asked for."""


def measured(program, model, folder, tokens):
    """Both measurements, each as the program printed it, or why there is none."""
    questions, sentences = folder / "questions.txt", folder / "sentences.txt"
    questions.write_text("\n".join(texts.questions()) + "\n", encoding="utf-8")
    sentences.write_text("\n".join(public_text.sentences(SENTENCES)) + "\n", encoding="utf-8")
    return {
        "agreement": _tried(ours.agree, program, model, questions, tokens),
        "embeddings": _tried(ours.cosines, program, sentences),
    }


def _tried(measure, *arguments):
    try:
        return measure(*arguments)
    except Failed as error:
        return str(error)


def markdown(found):
    """Both as sections of a page."""
    return "\n".join(
        ["\n## Whether replies stay the same\n", *agreement(found["agreement"])]
        + ["\n## Embeddings beside f32\n", *embeddings(found["embeddings"])]
    )


def agreement(found):
    """A line a way of running the model."""
    if isinstance(found, str):
        return [f"Not measured: {found}"]
    lines = [
        f"The likeliest reply of {found['tokens']} tokens to each of {found['prompts']} questions (our own, from"
        f" `prompts.json`), beside the same by {found['base']}. Two scores within {found['tie']:g} of each other"
        " where replies part are a tie.",
        "\n| how | the same | ties | different | gaps where they part, in nats |\n| --- | --- | --- | --- | --- |",
    ]
    for way in found["ways"]:
        gaps = ", ".join(f"{gap:.1e}" for gap in sorted(way["gaps"], key=abs))
        different = f"**{way['different']}**" if way["different"] else "0"
        lines.append(f"| {way['way']} | {way['same']} | {way['ties']} | {different} | {gaps} |")
    return lines


def embeddings(found):
    """One line."""
    if isinstance(found, str):
        return [f"Not measured: {found}"]
    kept = "kept" if found["least_cosine"] >= CLOSE else "**not kept**"
    return [
        f"Cosine of our vectors with candle's from the same weights in f32, over {found['texts']} sentences of all"
        f" chapters of {public_text.source()}: least {found['least_cosine']:.5f}, mean {found['mean_cosine']:.5f}"
        f" ({found['isa']}). At least {CLOSE} is asked for: {kept}."
    ]
