// Which words of two texts differ. Pure.

/** Longer texts are compared as wholes: the table below has a cell for every pair of words. */
const MOST_WORDS = 400;

/**
 * `[{ text, differs }]` for each of two texts, by their longest common sequence of words. Joined, the
 * parts are the texts.
 */
export function compared(before, after) {
  const [a, b] = [pieces(before), pieces(after)];
  if (a.length > MOST_WORDS || b.length > MOST_WORDS) {
    const differs = before !== after;
    return [[{ text: before, differs }], [{ text: after, differs }]].map(notEmpty);
  }
  const length = table(a, b);
  const marks = [a.map(() => true), b.map(() => true)];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i].trim() === b[j].trim()) marks[0][i++] = marks[1][j++] = false;
    else if (length[i + 1][j] >= length[i][j + 1]) i += 1;
    else j += 1;
  }
  return [joined(a, marks[0]), joined(b, marks[1])];
}

/** Words with the space that follows them. */
const pieces = (text) => text.match(/\s*\S+\s*?(?=\s|$)/g) ?? [];

const notEmpty = (parts) => parts.filter(({ text }) => text);

function table(a, b) {
  const length = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      length[i][j] = a[i].trim() === b[j].trim() ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
    }
  }
  return length;
}

function joined(words, marks) {
  const parts = [];
  words.forEach((word, index) => {
    const last = parts.at(-1);
    if (last && last.differs === marks[index]) last.text += word;
    else parts.push({ text: word, differs: marks[index] });
  });
  return parts;
}
