"""all-MiniLM-L6-v2 as it was published: its weights by name, its sizes, and its tokenizer."""

import json
import struct
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer


def weights(folder):
    """Every f32 tensor of model.safetensors by name (the format: a length, a JSON header, the data)."""
    data = Path(folder, "model.safetensors").read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    found = {}
    for name, info in json.loads(data[8 : 8 + length]).items():
        if name != "__metadata__" and info["dtype"] == "F32":
            start, end = (8 + length + offset for offset in info["data_offsets"])
            found[name] = np.frombuffer(data[start:end], "<f4").reshape(info["shape"])
    return found


def sizes(folder):
    """config.json: num_hidden_layers, num_attention_heads, layer_norm_eps and so on."""
    return json.loads(Path(folder, "config.json").read_text(encoding="utf-8"))


def tokenizer(folder):
    """Its tokenizer, at most 256 tokens a text, which pads to the longest text of a batch and no further."""
    made = Tokenizer.from_file(str(Path(folder, "tokenizer.json")))
    made.enable_truncation(256)
    made.enable_padding()
    return made


def tokenised(made, texts):
    """Token ids and mask of a batch, both [texts, longest] as int32."""
    coded = made.encode_batch(texts)
    ids = np.array([text.ids for text in coded], np.int32)
    return ids, np.array([text.attention_mask for text in coded], np.int32)
