"""Reads the list of tensors of a GGUF file: names, types and bytes; never a weight.

Source: the GGUF specification, version 3 (header, metadata, tensor infos, aligned data).
"""

import collections
import os
import struct

TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0",
    10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 30: "BF16",
}  # fmt: skip
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
TEXT, ARRAY = 8, 9

Tensor = collections.namedtuple("Tensor", "name type bytes")


def tensors(path):
    """Every tensor of the file, in the order its data lies."""
    with open(path, "rb") as file:
        magic, _version, count, keys = struct.unpack("<4sIQQ", file.read(24))
        if magic != b"GGUF":
            raise ValueError(f"{path} is no GGUF file")
        alignment = 32
        for _ in range(keys):
            key = _text(file)
            value = _value(file, _scalar(file, "I"))
            if key == "general.alignment":
                alignment = value
        infos = []
        for _ in range(count):
            name = _text(file)
            dimensions = _scalar(file, "I")
            file.seek(8 * dimensions, os.SEEK_CUR)
            kind, offset = struct.unpack("<IQ", file.read(12))
            infos.append((offset, name, TYPES.get(kind, f"type {kind}")))
        begins = -(-file.tell() // alignment) * alignment
    infos.sort()
    ends = [offset for offset, _, _ in infos[1:]] + [os.path.getsize(path) - begins]
    return [Tensor(name, kind, end - offset) for (offset, name, kind), end in zip(infos, ends)]


def bytes_a_token(path):
    """Bytes of weights that one step of one stream reads: all of them, except an embedding table that
    is not the output layer as well (a step reads one row of it)."""
    found = tensors(path)
    untied = any(tensor.name == "output.weight" for tensor in found)
    return sum(t.bytes for t in found if not (untied and t.name == "token_embd.weight"))


def types(path):
    """How many matrices have which type, most first: {"Q4_1": 210, "Q8_0": 1}."""
    matrices = [t.type for t in tensors(path) if t.name.endswith("weight") and t.type != "F32"]
    return dict(collections.Counter(matrices).most_common())


def _scalar(file, form):
    return struct.unpack("<" + form, file.read(struct.calcsize("<" + form)))[0]


def _text(file):
    return file.read(_scalar(file, "Q")).decode("utf-8", "replace")


def _value(file, kind):
    if kind == TEXT:
        return _text(file)
    if kind == ARRAY:
        inner, length = _scalar(file, "I"), _scalar(file, "Q")
        return [_value(file, inner) for _ in range(length)]
    return _scalar(file, SCALARS[kind])
