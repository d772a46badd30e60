"""Run with: python3 -m unittest discover benches/peers"""

import unittest

import machine
import public_text
import sameness
import texts

WAY = {"way": "avx2, alone", "same": 38, "ties": 1, "different": 1, "gaps": [0.2, -0.0004]}
AGREEMENT = {"tokens": 48, "prompts": 40, "base": "vnni, alone", "tie": 0.001, "ways": [WAY]}


class Sameness(unittest.TestCase):
    def test_a_reply_that_differs_stands_out_beside_its_gap(self):
        last = sameness.agreement(AGREEMENT)[-1]
        self.assertEqual(last, "| avx2, alone | 38 | 1 | **1** | -4.0e-04, 2.0e-01 |")

    def test_what_failed_is_said_in_its_place(self):
        page = sameness.markdown({"agreement": "no such model", "embeddings": "no such file"})
        self.assertIn("Not measured: no such model", page)
        self.assertIn("Not measured: no such file", page)

    def test_vectors_that_are_too_far_are_not_kept(self):
        found = {"least_cosine": 0.9989, "mean_cosine": 0.9999, "texts": 1000, "isa": "vnni"}
        self.assertIn("**not kept**", sameness.embeddings(found)[0])


class Given(unittest.TestCase):
    def test_there_are_a_thousand_sentences_and_forty_questions_of_one_line_each(self):
        for lines, count in ((public_text.sentences(1000), 1000), (texts.questions(), 40)):
            self.assertEqual(len(set(lines)), count)
            self.assertFalse([line for line in lines if "\n" in line])

    def test_every_machine_has_plain_instructions_last(self):
        self.assertEqual(machine.instruction_sets()[-1], "portable")


if __name__ == "__main__":
    unittest.main()
