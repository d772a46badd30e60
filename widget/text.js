// How long a text is on the wire. Limits are in UTF-8 bytes, not in what JavaScript calls length.

/** Longest message the server takes, in bytes. */
export const MAX_TEXT = 4_000;
/** From here on the composer says how much room is left. */
export const NEARLY_FULL = 3_500;

const utf8 = new TextEncoder();

/** Bytes of `text` as UTF-8. */
export const bytes = (text) => utf8.encode(text).length;

/** The longest beginning of `text` that fits into `limit` bytes, cut between characters. */
export function cut(text, limit) {
  const room = new Uint8Array(limit);
  return text.slice(0, utf8.encodeInto(text, room).read);
}

/** What there is to say about a draft before it is sent. */
export function measure(draft) {
  const text = draft.trim();
  const left = MAX_TEXT - bytes(text);
  return { text, left, sendable: text !== '' && left >= 0, nearlyFull: left < MAX_TEXT - NEARLY_FULL };
}
