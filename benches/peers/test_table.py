"""Run with: python3 -m unittest discover benches/peers"""

import unittest

import table

PROMPT = next(row for row in table.ROWS if row.what == "prompt of 128 tokens")
MEMORY = next(row for row in table.ROWS if row.unit == "MB")
NEIGHBOUR = next(row for row in table.ROWS if row.own)


class Rows(unittest.TestCase):
    def test_a_ratio_is_of_medians_and_not_of_means(self):
        samples = {"ours prompt 128": [600, 660, 9000], "llama prompt 128": [1, 110, 120]}
        row = table.measured(samples, PROMPT)
        self.assertEqual(row["ratio"], 6)
        self.assertTrue(row["kept"])

    def test_the_peer_gets_its_better_variant(self):
        samples = {
            "ours prompt 128": [600],
            "llama prompt 128 [flash off]": [100, 90, 95],
            "llama prompt 128 [flash on]": [110, 120, 80],
        }
        row = table.measured(samples, PROMPT)
        self.assertEqual(row["peer"]["series"], "llama prompt 128 [flash on]")
        self.assertFalse(row["kept"])

    def test_less_is_better_for_memory(self):
        samples = {"ours memory": [140], "llama memory [flash off]": [100], "llama memory [flash on]": [90]}
        row = table.measured(samples, MEMORY)
        self.assertEqual(row["peer"]["median"], 90)
        self.assertFalse(row["kept"])

    def test_a_row_without_a_peer_has_no_verdict(self):
        row = table.measured({"ours prompt 128": [600]}, PROMPT)
        self.assertIsNone(row["ratio"])
        self.assertIsNone(row["kept"])
        self.assertIn("not measured", table.markdown([row]))

    def test_what_a_neighbour_leaves_is_judged_by_itself(self):
        samples = {"ours stream": [200, 100], "ours-busy stream": [130, 64]}
        samples |= table.derived(samples, 10)
        row = table.measured(samples, NEIGHBOUR)
        self.assertEqual(row["ours"]["rounds"], [65, 64])
        self.assertTrue(row["kept"])

    def test_the_share_of_bandwidth_is_weights_read_by_what_can_be_read(self):
        samples = {"llama stream [flash on]": [100], "bandwidth": [40_000]}
        self.assertEqual(table.derived(samples, 100), {"llama bandwidth [flash on]": [25]})

    def test_every_row_has_a_series_of_ours_and_of_a_peer(self):
        self.assertTrue(all(row.ours.startswith("ours") and not row.peer.startswith("ours") for row in table.ROWS))


if __name__ == "__main__":
    unittest.main()
