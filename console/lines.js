// From a transcript to the lines on the screen. Pure; lines are compared field by field (keyed.js).

/** Silence longer than this gets a line with the time. */
const PAUSE_MS = 30 * 60_000;

export function lines({ items, pending }) {
  const list = [];
  let before = { at: 0, author: null };
  for (const item of items) {
    if (item.at - before.at > PAUSE_MS) {
      list.push({ key: `time-${item.seq}`, kind: 'time', at: item.at });
      before = { ...before, author: null };
    }
    const author = item.kind === 'note' ? null : `${item.kind} ${item.name ?? ''}`;
    list.push({ key: item.client_id ?? `item-${item.seq}`, kind: item.kind, item, first: author !== before.author });
    before = { at: item.at, author };
  }
  return [...list, ...pending.map((item) => ({ key: item.client_id, kind: 'mine', item, first: false }))];
}
