// A page's Markdown as three things to edit: its title, its link, its text. What else stands in the
// lines between `---` is kept as it is. Pure.

const FRONT = /^---[^\S\n]*\r?\n([\s\S]*?\n)??---[^\S\n]*(?:\r?\n|$)/;

/** `{ title, link, rest, body }` of a page's Markdown; `rest` are the other lines above the text. */
export function parts(markdown) {
  const front = FRONT.exec(markdown);
  const found = { title: '', link: '', rest: [], body: front ? markdown.slice(front[0].length) : markdown };
  for (const line of (front?.[1] ?? '').split(/\r?\n/)) {
    const [, key, value] = /^\s*(title|link)\s*:(.*)$/.exec(line) ?? [];
    if (key) found[key] = unquoted(value.trim());
    else if (line.trim()) found.rest.push(line);
  }
  return { ...found, body: found.body.replace(/^\s*\n/, '') };
}

/** The Markdown of these parts. */
export function whole({ title, link, rest, body }) {
  const lines = [title.trim() && `title: ${quoted(oneLine(title))}`, link.trim() && `link: ${oneLine(link)}`, ...rest].filter(Boolean);
  return `${lines.length ? `---\n${lines.join('\n')}\n---\n\n` : ''}${body}`;
}

/** A file's name for a new page: "Opening hours" is `pages/opening-hours.md`. */
export function pageName(title) {
  const plain = title.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase();
  return `pages/${plain.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 60)}.md`;
}

const oneLine = (text) => text.replace(/\s+/g, ' ').trim();

const unquoted = (value) => /^(["'])([\s\S]*)\1$/.exec(value)?.[2] ?? value;

/** Quotation marks that belong to the title need another pair, which reading takes off. */
const quoted = (value) => (unquoted(value) === value ? value : `"${value}"`);
