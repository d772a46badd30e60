// What the console knows: the queue as the server last sent it, and the one chat being watched. A fold
// of the server's frames; no page, clock or socket here.

import { after, begin } from './transcript.js';

export const start = () => ({ up: false, rows: null, watched: null });

/** The state after one frame. Frames it does not know, and those of other chats, change nothing. */
export function fold(state, frame) {
  const { watched } = state;
  switch (frame.type) {
    case 'queue':
      return { ...state, rows: frame.rows };
    case 'event':
      return frame.chat === watched?.chat ? { ...state, watched: after(watched, frame) } : state;
    case 'synced': {
      if (frame.chat !== watched?.chat) return state;
      const last = Math.max(watched.last, frame.through_seq);
      return { ...state, watched: { ...watched, last, turn: frame.state, owner: frame.owner ?? null } };
    }
    default:
      return state;
  }
}

export const watch = (state, chat) => ({ ...state, watched: chat && begin(chat) });

/** Who waits for a person. */
export const waiting = (state) => (state.rows ?? []).filter((row) => row.state === 'queued').map((row) => row.chat);

/** The queue as it is shown: `[{ name, rows }]`, none of them empty, the server's order kept within. */
export function groups(rows, me) {
  const named = { queued: [], mine: [], open: [], bot: [], resolved: [] };
  for (const row of rows) named[row.state === 'open' && row.owner === me ? 'mine' : row.state].push(row);
  return Object.entries(named).map(([name, rows]) => ({ name, rows })).filter(({ rows }) => rows.length > 0);
}

/** The chat `step` rows further down the list as it is shown; the first if none is open. */
export function neighbour(state, me, step) {
  const chats = groups(state.rows ?? [], me).flatMap(({ rows }) => rows.map((row) => row.chat));
  const place = chats.indexOf(state.watched?.chat);
  if (place < 0) return chats[0] ?? null;
  return chats[Math.min(chats.length - 1, Math.max(0, place + step))];
}
