"""Run with: python3 -m unittest discover benches/peers"""

import struct
import tempfile
import unittest
from pathlib import Path

import gguf_file
import peers
from plan import Probe
from process import Failed, last_object


class Rounds(unittest.TestCase):
    def test_sides_are_measured_by_turns(self):
        order = []
        sides = ("ours", "llama")
        probes = [Probe("engine", side, lambda turn, side=side: order.append((turn, side)) or {}) for side in sides]
        peers.rounds(probes, 2, {})
        self.assertEqual(order, [(0, "ours"), (0, "llama"), (1, "ours"), (1, "llama")])

    def test_a_side_that_fails_later_leaves_no_figures_and_the_other_goes_on(self):
        def fails_second(turn):
            if turn == 1:
                raise Failed("out of memory")
            return {"llama stream": 5}

        missing = {}
        probes = [Probe("engine", "ours", lambda turn: {"ours stream": turn}), Probe("engine", "llama", fails_second)]
        self.assertEqual(peers.rounds(probes, 3, missing), {"ours stream": [0, 1, 2]})
        self.assertEqual(missing["engine", "llama"]["why"], "out of memory")


class Reading(unittest.TestCase):
    def test_the_last_object_is_read_after_other_words_and_over_several_lines(self):
        self.assertEqual(last_object('{"a": 1}\nwarm\n{\n "b": {"c": 2}\n}\n'), {"b": {"c": 2}})

    def test_bytes_a_token_leave_out_a_table_that_is_only_looked_up(self):
        self.assertEqual(gguf_file.bytes_a_token(self.gguf("token_embd.weight", "blk.0.a.weight")), 128)
        self.assertEqual(gguf_file.bytes_a_token(self.gguf("token_embd.weight", "output.weight")), 64)

    def gguf(self, *names):
        """A file with one number of metadata and a tensor of 16 f32 for each name."""
        text = lambda word: struct.pack("<Q", len(word)) + word.encode()
        infos = b"".join(
            text(name) + struct.pack("<IQIQ", 1, 16, 0, 64 * index) for index, name in enumerate(names)
        )
        head = struct.pack("<4sIQQ", b"GGUF", 3, len(names), 1) + text("x.y") + struct.pack("<II", 4, 7) + infos
        kept = tempfile.NamedTemporaryFile(suffix=".gguf")
        self.addCleanup(kept.close)
        kept.write(head + bytes(-len(head) % 32) + bytes(64 * len(names)))
        kept.flush()
        return Path(kept.name)


if __name__ == "__main__":
    unittest.main()
