// What the tests share: the frames of the staff's wire, as the server's own tests read them too.

import { readFileSync } from 'node:fs';

const read = (name) => JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));

export const says = read('staff_says.json');
export const hears = read('staff_hears.json');
export const events = hears.filter(({ type }) => type === 'event');

/** The example of an event of this kind, with some fields of it or its frame changed. */
export function event(kind, changes = {}, frame = {}) {
  const found = events.find(({ event }) => event.kind === kind);
  return { ...found, ...frame, event: { ...found.event, ...changes } };
}
