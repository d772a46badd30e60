"""From samples to rows: pure, no clocks and no programs.

Samples are lists of numbers by series, one number a round: {"ours stream": [401.2, 398.0, ..]}. A series
measured in several ways has a variant in brackets, `llama stream [flash on]`; a row takes the variant
with the better median.
"""

import collections
import statistics

MORE, LESS = "more", "less"

Row = collections.namedtuple("Row", "section what unit ours peer better floor own", defaults=(None, False))
"""`floor` bounds the ratio of the medians, ours by the peer's; with `own` it bounds ours alone."""

ROWS = [
    Row("engine", "prompt of 128 tokens", "tokens/s", "ours prompt 128", "llama prompt 128", MORE, 6),
    Row("engine", "prompt of 512 tokens", "tokens/s", "ours prompt 512", "llama prompt 512", MORE, 6),
    Row("engine", "one stream, 128 tokens", "tokens/s", "ours stream", "llama stream", MORE, 2.0),
    Row("engine", "of the memory's bandwidth", "%", "ours bandwidth", "llama bandwidth", MORE),
    Row("engine", "four streams together", "tokens/s", "ours streams 4", "llama streams 4", MORE),
    Row("engine", "eight streams together", "tokens/s", "ours streams 8", "llama streams 8", MORE, 3.5),
    Row("engine", "peak memory with eight chats", "MB", "ours memory", "llama memory", LESS, 1.4),
    Row("served", "grounded replies, one at a time", "tokens/s", "ours grounded", "llama grounded", MORE, 3),
    Row("served", "the same, llama.cpp with its own lookup", "tokens/s", "ours grounded", "lookup grounded", MORE),
    Row("served", "first token of 400, 300 of them known", "ms", "ours first", "llama first", LESS, 0.3),
    Row("embed", "embedding one sentence", "ms", "ours embed 1", "onnx embed 1", LESS, 0.35),
    Row("embed", "embedding 32 texts", "ms", "ours embed 32", "onnx embed 32", LESS, 0.5),
    Row("neighbour", "left of one stream beside a busy process", "%", "ours kept", "llama kept", MORE, 60, True),
    Row("avx2", "AVX2 only: prompt of 128", "tokens/s", "ours-avx2 prompt 128", "llama-avx2 prompt 128", MORE, 3),
    Row("avx2", "AVX2 only: prompt of 512", "tokens/s", "ours-avx2 prompt 512", "llama-avx2 prompt 512", MORE, 3),
    Row("avx2", "AVX2 only: one stream", "tokens/s", "ours-avx2 stream", "llama-avx2 stream", MORE, 1.5),
    Row("best", "its best format: prompt of 128", "tokens/s", "ours prompt 128", "llama-q4_0 prompt 128", MORE, 2),
    Row("best", "its best format: prompt of 512", "tokens/s", "ours prompt 512", "llama-q4_0 prompt 512", MORE, 2),
    Row("best", "its best format: one stream", "tokens/s", "ours stream", "llama-q4_0 stream", MORE, 1.5),
    Row("best", "its best format: eight streams", "tokens/s", "ours streams 8", "llama-q4_0 streams 8", MORE),
]  # fmt: skip


def derived(samples, bytes_a_token):
    """Series that are made of others, round by round: the share of the memory's bandwidth that the
    weights of one stream take, and what a busy neighbour leaves of one stream. In percent."""
    made = {}
    for series, values in samples.items():
        for side in ("ours", "llama"):
            if series.startswith(f"{side} stream") and "streams" not in series:
                variant = series.removeprefix(f"{side} stream")
                read = samples.get("bandwidth", [])
                made[f"{side} bandwidth{variant}"] = _by_round(
                    values, read, lambda speed, most: 100 * speed * bytes_a_token / most
                )
                busy = samples.get(f"{side}-busy stream{variant}", [])
                made[f"{side} kept{variant}"] = _by_round(busy, values, lambda part, all: 100 * part / all)
    return {series: values for series, values in made.items() if values}


def _by_round(ones, others, rule):
    return [rule(one, other) for one, other in zip(ones, others)]


def chosen(samples, series, better):
    """The name and the samples of the series, or of its variant with the better median; or None."""
    known = [(name, values) for name, values in samples.items() if name.split(" [")[0] == series and values]
    pick = max if better == MORE else min
    return pick(known, key=lambda found: statistics.median(found[1]), default=None)


def measured(samples, row):
    """Medians, ranges, ratio and verdict of a row, as a dictionary; what is not known is None."""
    found = {"what": row.what, "unit": row.unit, "floor": floor(row)}
    medians = []
    for side, series in (("ours", row.ours), ("peer", row.peer)):
        name, values = chosen(samples, series, row.better) or (None, None)
        medians.append(statistics.median(values) if values else None)
        found[side] = {"series": name, "median": medians[-1], "rounds": values}
    ours, peer = medians
    found["ratio"] = ours / peer if ours is not None and peer else None
    compared = ours if row.own else found["ratio"]
    if row.floor is None or compared is None:
        found["kept"] = None
    else:
        found["kept"] = compared >= row.floor if row.better == MORE else compared <= row.floor
    return found


def floor(row):
    """What was asked for, in words."""
    if row.floor is None:
        return ""
    sign = "≥" if row.better == MORE else "≤"
    return f"{sign} {row.floor} %" if row.own else f"{sign} {row.floor}x"


def markdown(rows):
    """The rows of `measured` as a table."""
    lines = ["| what | unit | ours | peer | ratio | asked for | kept |", "| --- | --- | --- | --- | --- | --- | --- |"]
    for row in rows:
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}x"
        kept = {None: "", True: "yes", False: "**no**"}[row["kept"]]
        sides = [_shown(row[side]["rounds"], row["unit"]) for side in ("ours", "peer")]
        lines.append(f"| {row['what']} | {row['unit']} | {sides[0]} | {sides[1]} | {ratio} | {row['floor']} | {kept} |")
    return "\n".join(lines)


def _shown(values, unit):
    if not values:
        return "not measured"
    scale = 1e-6 if unit == "MB" else 1
    middle, least, most = (scale * pick(values) for pick in (statistics.median, min, max))
    digits = 0 if middle >= 100 else 1 if middle >= 10 else 2
    return f"{middle:.{digits}f} ({least:.{digits}f} to {most:.{digits}f})"
