"""all-MiniLM-L6-v2 as an ONNX graph in f32, made of the fused operators that onnxruntime has for BERT:
EmbedLayerNormalization, Attention, SkipLayerNormalization and BiasGelu of the com.microsoft domain,
then the mean of all tokens that are not padding, of length one.

Inputs: `ids` and `mask`, int32 [texts, tokens]. Output: `vectors`, f32 [texts, 384].
Source of the operators: onnxruntime's ContribOperators.md.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FUSED = "com.microsoft"


class _Graph:
    """Nodes and initialisers as they are added; each call gives back the name of what was made."""

    def __init__(self):
        self.nodes, self.kept, self.count = [], [], 0

    def constant(self, value):
        self.count += 1
        name = f"c{self.count}"
        self.kept.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind, inputs, outputs=1, domain="", **attributes):
        self.count += 1
        names = [f"n{self.count}_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names[0]


def build(w, sizes, path):
    """Writes the graph of the weights `w` to `path`."""
    g, eps = _Graph(), float(sizes["layer_norm_eps"])

    def kept(name):
        return g.constant(w[name])

    def transposed(name):
        return g.constant(w[name].T)

    def add_and_norm(part, dense_input, skip):
        made = g.node("MatMul", [dense_input, transposed(f"{part}.dense.weight")])
        scale, shift = (kept(f"{part}.LayerNorm.{which}") for which in ("weight", "bias"))
        inputs = [made, skip, scale, shift, kept(f"{part}.dense.bias")]
        return g.node("SkipLayerNormalization", inputs, domain=FUSED, epsilon=eps)

    tables = [kept(f"embeddings.{table}_embeddings.weight") for table in ("word", "position", "token_type")]
    norm = [kept(f"embeddings.LayerNorm.{which}") for which in ("weight", "bias")]
    kinds = g.node("Sub", ["ids", "ids"])
    hidden = g.node(
        "EmbedLayerNormalization", ["ids", kinds, *tables, *norm], 2, FUSED, epsilon=eps
    )
    for index in range(sizes["num_hidden_layers"]):
        layer = f"encoder.layer.{index}"
        own = [f"{layer}.attention.self.{part}" for part in ("query", "key", "value")]
        joined = g.constant(np.concatenate([w[f"{part}.weight"].T for part in own], axis=1))
        bias = g.constant(np.concatenate([w[f"{part}.bias"] for part in own]))
        heads = sizes["num_attention_heads"]
        seen = g.node("Attention", [hidden, joined, bias, "mask"], 1, FUSED, num_heads=heads)
        hidden = add_and_norm(f"{layer}.attention.output", seen, hidden)
        wide = g.node("MatMul", [hidden, transposed(f"{layer}.intermediate.dense.weight")])
        bent = g.node("BiasGelu", [wide, kept(f"{layer}.intermediate.dense.bias")], 1, FUSED)
        hidden = add_and_norm(f"{layer}.output", bent, hidden)
    share = g.node("Unsqueeze", [g.node("Cast", ["mask"], to=TensorProto.FLOAT), g.constant(np.array([2]))])
    tokens = g.constant(np.array([1]))
    total = g.node("ReduceSum", [g.node("Mul", [hidden, share]), tokens], keepdims=0)
    mean = g.node("Div", [total, g.node("ReduceSum", [share, tokens], keepdims=0)])
    g.nodes.append(helper.make_node("LpNormalization", [mean], ["vectors"], axis=-1, p=2))
    _write(g, sizes["hidden_size"], path)


def _write(g, width, path):
    batch = ["texts", "tokens"]
    graph = helper.make_graph(
        g.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info(name, TensorProto.INT32, batch) for name in ("ids", "mask")],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", width])],
        g.kept,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(FUSED, 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=8), str(path))
