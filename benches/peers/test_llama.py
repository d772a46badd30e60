"""Run with: python3 -m unittest discover benches/peers"""

import tempfile
import textwrap
import unittest
from pathlib import Path

import llama
from process import Failed

BENCH = """
import json, sys
flash = sys.argv[sys.argv.index("-fa") + 1].split(",")
tests = [{"n_prompt": 128, "n_gen": 0}, {"n_prompt": 0, "n_gen": 128}]
print(json.dumps([{**t, "flash_attn": f, "avg_ts": 100 + f} for f in range(len(flash)) for t in tests]))
"""
BATCHED = """
import json, sys
print("some words before")
for streams in sys.argv[sys.argv.index("-npl") + 1].split(","):
    print(json.dumps({"pl": int(streams), "speed_tg": 10.0 * int(streams)}))
"""


class Tools(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name)

    def tool(self, name, script):
        file = self.folder / name
        file.write_text("#!/usr/bin/env python3\n" + textwrap.dedent(script), encoding="utf-8")
        file.chmod(0o755)

    def test_llama_bench_gives_a_series_for_each_test_and_each_flash_attention(self):
        self.tool("llama-bench", BENCH)
        found = llama.bench(self.folder, "model", 2, "llama", (128,))
        self.assertEqual(found["llama prompt 128 [flash off]"], 100)
        self.assertEqual(found["llama stream [flash on]"], 101)
        self.assertEqual(len(found), 4)

    def test_streams_are_measured_with_flash_attention_off_and_on(self):
        self.tool("llama-batched-bench", BATCHED)
        found = llama.batched(self.folder, "model", 2, "llama")
        self.assertEqual(found["llama streams 8 [flash off]"], 80)
        self.assertEqual(found["llama streams 8 [flash on]"], 80)
        self.assertIn("llama memory [flash on]", found)

    def test_tests_that_were_left_out_are_no_figures(self):
        self.tool("llama-batched-bench", "print('{\"pl\": 1, \"speed_tg\": 5}')")
        with self.assertRaises(Failed):
            llama.batched(self.folder, "model", 2, "llama")

    def test_a_tool_that_fails_is_named_with_its_last_words(self):
        self.tool("llama-bench", "import sys; sys.exit('no such model')")
        with self.assertRaisesRegex(Failed, "llama-bench ended with 1 and said: no such model"):
            llama.bench(self.folder, "model", 2, "llama")


if __name__ == "__main__":
    unittest.main()
