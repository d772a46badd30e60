// One chat as its events tell it to the staff: a fold of the log's own payloads. No page, clock or
// socket here.
//
// An item is something to show, in the order of the log:
//   { kind: 'visitor', seq, at, text }
//   { kind: 'bot',     seq, at, reply, plan, sentences: [{ index, text, generated }], timings, done, cut }
//   { kind: 'staff',   seq, at, client_id, name, text }
//   { kind: 'note',    seq, at, note: 'started' | 'wanted' | 'took' | 'back' | 'resolved' | 'absent' | 'mailed' | 'gap' | 'erased', ... }
//   { kind: 'contact', seq, at, contact: { name, email, phone }, message, reply_by }

export const begin = (chat) => ({ chat, turn: null, owner: null, page: null, items: [], pending: [], last: 0 });

/** The chat after one more event. Kinds it does not know only move it on. */
export function after(chat, { seq, at, event }) {
  if (event.kind === 'erased') return erased(chat, seq, at);
  if (seq <= chat.last) return chat;
  return (kinds[event.kind] ?? nothing)({ ...chat, last: seq }, { ...event, seq, at });
}

const nothing = (chat) => chat;

const kinds = {
  chat_started: (chat, { seq, at, page = null }) => note({ ...chat, page, turn: chat.turn ?? 'bot' }, { seq, at, note: 'started', page }),

  visitor_said(chat, { seq, at, text }) {
    const reopened = chat.turn === 'resolved' ? { turn: 'bot', owner: null } : {};
    return add({ ...chat, ...reopened }, { kind: 'visitor', seq, at, text });
  },

  reply_planned: (chat, { seq, at, reply, plan }) => ofReply(chat, reply, { seq, at }, () => ({ plan })),

  sentence_said: (chat, { seq, at, reply, index, text, generated }) =>
    ofReply(chat, reply, { seq, at }, (bot) => ({ sentences: [...bot.sentences, { index, text, generated }] })),

  reply_done: (chat, { seq, at, reply, timings_ms }) => ofReply(chat, reply, { seq, at }, () => ({ done: true, timings: timings_ms })),

  /** Nothing was begun where the assistant was silent: then there is nothing to cut. */
  reply_cut(chat, { seq, at, reply }) {
    const begun = chat.items.some((item) => item.reply === reply);
    return begun ? ofReply(chat, reply, { seq, at }, () => ({ cut: true })) : chat;
  },

  person_wanted(chat, { seq, at, reason }) {
    const turn = chat.turn === 'open' ? 'open' : 'queued';
    return note({ ...chat, turn }, { seq, at, note: 'wanted', reason });
  },

  nobody_there: (chat, { seq, at, why }) => note(chat, { seq, at, note: 'absent', why }),

  contact_left(chat, { seq, at, contact, message, reply_by }) {
    const turn = chat.turn === 'open' ? 'open' : 'queued';
    return add({ ...chat, turn }, { kind: 'contact', seq, at, contact, message, reply_by });
  },

  transcript_wanted: (chat, { seq, at, email }) => note(chat, { seq, at, note: 'mailed', email }),

  staff_took: (chat, { seq, at, name }) => note({ ...chat, turn: 'open', owner: name }, { seq, at, note: 'took', name }),

  staff_said: (chat, { seq, at, client_id, name, text }) =>
    add(settle(chat, client_id), { kind: 'staff', seq, at, client_id, name, text }),

  handed_back: (chat, { seq, at }) => note({ ...chat, turn: 'bot', owner: null }, { seq, at, note: 'back' }),

  resolved: (chat, { seq, at }) => note({ ...chat, turn: 'resolved', owner: null }, { seq, at, note: 'resolved' }),

  gap_found: (chat, { seq, at, question }) => note(chat, { seq, at, note: 'gap', question }),
};

/** A message of this colleague that is on its way: { client_id, text, at }. */
export function sending(chat, message) {
  const others = settle(chat, message.client_id);
  return { ...others, pending: [...others.pending, message] };
}

/** It did not arrive, and why. */
export const failed = (chat, client_id, problem) => ({
  ...chat,
  pending: chat.pending.map((message) => (message.client_id === client_id ? { ...message, problem } : message)),
});

const settle = (chat, client_id) => ({ ...chat, pending: chat.pending.filter((message) => message.client_id !== client_id) });
const add = (chat, item) => ({ ...chat, items: [...chat.items, item] });
const note = (chat, item) => add(chat, { kind: 'note', ...item });

/** Changes a reply, or begins it: its plan may have been erased. */
function ofReply(chat, reply, { seq, at }, change) {
  const place = chat.items.findIndex((item) => item.reply === reply);
  const begun = { kind: 'bot', seq, at, reply, plan: null, sentences: [], timings: null, done: false, cut: false };
  const bot = place < 0 ? begun : chat.items[place];
  const changed = { ...bot, ...change(bot) };
  return place < 0 ? add(chat, changed) : { ...chat, items: chat.items.with(place, changed) };
}

/** Neighbouring erased events make one line; one that is on the screen is taken off it. */
function erased(chat, seq, at) {
  if (seq <= chat.last) {
    const gone = (item) => item.seq === seq;
    return { ...chat, items: chat.items.map((item) => (gone(item) ? { kind: 'note', note: 'erased', seq, at } : item)) };
  }
  const moved = { ...chat, last: seq };
  return chat.items.at(-1)?.note === 'erased' ? moved : note(moved, { seq, at, note: 'erased' });
}
