// What the tests share: the frames of the wire, as the server's own tests read them too.

import { readFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

export const says = read('visitor_says.json');
export const hears = read('visitor_hears.json');

/** The first frame of this type, or the first event of this kind, with some fields changed. */
export function frame(name, changes = {}) {
  const found = hears.find(({ type, kind }) => (kind ?? type) === name);
  return { ...found, ...changes };
}
