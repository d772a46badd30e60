"""all-MiniLM-L6-v2 written down plainly, one text at a time without padding, in f64: what the graph
must agree with. Source: Devlin et al., "BERT" (2018); Vaswani et al., "Attention is all you need"
(2017), section 3.2; the mean of the tokens as in Reimers and Gurevych, "Sentence-BERT" (2019)."""

import math

import numpy as np

_erf = np.vectorize(math.erf)


def vector(w, sizes, ids):
    """The vector of length one of a text with these token ids."""
    w = {name: value.astype(np.float64) for name, value in w.items()}
    eps, heads = sizes["layer_norm_eps"], sizes["num_attention_heads"]

    def dense(x, name):
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    def norm(x, name):
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + eps)
        return centred / spread * w[f"{name}.weight"] + w[f"{name}.bias"]

    def by_head(x):
        return x.reshape(len(ids), heads, -1).transpose(1, 0, 2)

    x = w["embeddings.word_embeddings.weight"][ids]
    x = x + w["embeddings.position_embeddings.weight"][: len(ids)]
    x = norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for index in range(sizes["num_hidden_layers"]):
        layer = f"encoder.layer.{index}"
        own = f"{layer}.attention.self"
        query, key, value = (by_head(dense(x, f"{own}.{part}")) for part in ("query", "key", "value"))
        scores = query @ key.transpose(0, 2, 1) / math.sqrt(query.shape[-1])
        shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        seen = (shares @ value).transpose(1, 0, 2).reshape(len(ids), -1)
        out = f"{layer}.attention.output"
        x = norm(x + dense(seen, f"{out}.dense"), f"{out}.LayerNorm")
        wide = dense(x, f"{layer}.intermediate.dense")
        bent = wide * 0.5 * (1 + _erf(wide / math.sqrt(2)))
        x = norm(x + dense(bent, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
    mean = x.mean(axis=0)
    return mean / np.linalg.norm(mean)
