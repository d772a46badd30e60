"""English prose that ships with every Python: the language reference in pydoc_data, 79 chapters."""

import platform
import pydoc_data.topics
import re

CHAPTER = "types"
"""The one whose likelihood is measured: prose with a little code, some 9,000 tokens."""


def chapter():
    """That chapter."""
    return pydoc_data.topics.topics[CHAPTER]


def sentences(count):
    """So many different sentences of 20 to 400 letters, spread over all chapters; none out of a table."""
    found = {}
    for _, text in sorted(pydoc_data.topics.topics.items()):
        for paragraph in re.split(r"\n\s*\n", text):
            whole = " ".join(paragraph.split())
            for sentence in filter(None, re.split(r"(?<=[.?!])\s+(?=[A-Z])", whole)):
                prose = sentence[0].isupper() and sentence[-1] in ".?!" and "|" not in sentence
                if prose and 20 <= len(sentence) <= 400:
                    found[sentence] = None
    kept = list(found)
    count = min(count, len(kept))
    return [kept[index * len(kept) // count] for index in range(count)]


def source():
    """Where it is from, in words."""
    return f"Python {platform.python_version()}'s `pydoc_data.topics`"
