// What the visitor's chat is: a fold of the server's frames, and of what the visitor does, over a
// plain object that is never changed in place. No page, clock, storage or socket here: the tests and
// the server's own tests read the same frames (fixtures/).
//
// An item is something to show, in the order of the log:
//   { kind: 'said',  seq, at, client_id, text }
//   { kind: 'bot',   seq, at, reply, from: [seq], sentences: [text], done, cut, cards, sources, choices }
//   { kind: 'staff', seq, at, name, text }
//   { kind: 'house', seq, at, text }   what the house itself says: that nobody is there, what it keeps
//   { kind: 'note',  seq, at, note: 'queued' | 'joined' | 'back' | 'resolved' | 'mailed' | 'erased', name?, place? }
// A pending message is one the server has not yet shown back:
//   { client_id, kind: 'say' | 'ask' | 'contact' | 'mail', text?, form?, at, status: 'sending' | 'stored' | 'later' | 'refused', problem? }

export const start = () => ({
  shop: '',
  greeting: '',
  suggestions: [],
  turn: 'bot', // whose turn it is: bot, queued, open, resolved
  colleague: null,
  items: [],
  pending: [],
  composing: null, // bot, staff
  place: null,
  accent: null, // the brand's colour
  mail: false, // the chat can be sent by mail
  form: null, // the form that is shown: { which: 'contact' | 'mail', problem }
  last: 0, // seq up to which everything is known
  live: false, // the history is complete; what comes now is new
  problem: null, // an error that is about no message in particular
});

/** The state after one frame of the server. Frames and kinds it does not know change nothing. */
export function fold(state, frame) {
  switch (frame.type) {
    case 'welcome': {
      const { shop, greeting, suggestions, state: turn, accent = null, mail = false } = frame;
      return { ...state, shop, greeting, suggestions, turn, accent, mail, problem: null };
    }
    case 'event':
      return happened(state, frame);
    case 'ack':
      return acknowledged(state, frame.client_id);
    case 'synced':
      return { ...state, last: Math.max(state.last, frame.through_seq), live: true };
    case 'signal':
      return signalled(state, frame);
    case 'error':
      return refused(state, frame);
    default:
      return state;
  }
}

/** The line was lost: who is composing is not known any more. The history stays. */
export const lost = (state) => ({ ...state, composing: null, live: false });

/** Nobody is composing after all. */
export const quiet = (state) => ({ ...state, composing: null });

/** The visitor sends something: `message` is { client_id, kind, text?, at }. */
export const send = (state, message) => ({
  ...state,
  problem: null,
  pending: [...state.pending, { ...message, status: 'sending' }],
});

/** It is being sent again. */
export const resend = (state, client_id) =>
  withPending(state, client_id, (message) => ({ ...message, status: 'sending', problem: undefined }));

/** Shows a form, or takes it away. */
export const showForm = (state, which) => ({ ...state, form: which && { which, problem: null } });

/** The visitor gives up on it. */
export const drop = (state, client_id) => ({
  ...state,
  pending: state.pending.filter((message) => message.client_id !== client_id),
});

/** Messages of others after `seen`: what the badge on the closed bubble counts. */
export const unread = (state, seen) =>
  state.items.filter((item) => (item.kind === 'bot' || item.kind === 'staff') && item.seq > seen).length;

function happened(state, event) {
  if (event.kind === 'erased') return erased(state, event);
  if (event.seq <= state.last) return state;
  return (kinds[event.kind] ?? nothing)({ ...state, last: event.seq }, event);
}

const nothing = (state) => state;

const kinds = {
  said(state, { seq, at, client_id, text }) {
    const turn = state.turn === 'resolved' ? 'bot' : state.turn;
    return add({ ...drop(state, client_id), turn }, { kind: 'said', seq, at, client_id, text });
  },
  sentence(state, { seq, at, reply, text }) {
    return ofReply(silenced(state, 'bot'), reply, { seq, at }, (bot) => ({ sentences: [...bot.sentences, text] }));
  },
  reply(state, { seq, at, reply, text, cards, sources, choices = [] }) {
    // The sentences were shown one by one; whoever missed them gets the text they make.
    return ofReply(silenced(state, 'bot'), reply, { seq, at }, (bot) => ({
      sentences: bot.sentences.join(' ') === text ? bot.sentences : [text],
      done: true,
      cards,
      sources,
      choices,
    }));
  },
  cut(state, { seq, at, reply }) {
    const known = state.items.some((item) => item.reply === reply);
    return known ? ofReply(silenced(state, 'bot'), reply, { seq, at }, () => ({ cut: true })) : state;
  },
  queued(state, { seq, at }) {
    if (state.turn === 'open') return state;
    return add({ ...state, turn: 'queued' }, { kind: 'note', note: 'queued', seq, at, place: state.place });
  },
  nobody_there(state, { seq, at, text }) {
    return add(showForm(state, 'contact'), { kind: 'house', seq, at, text });
  },
  contact_left(state, { seq, at, client_id, text }) {
    const turn = state.turn === 'open' ? 'open' : 'queued';
    return add({ ...drop(state, client_id), form: null, turn }, { kind: 'house', seq, at, text });
  },
  transcript_wanted(state, { seq, at, client_id, email }) {
    return add({ ...drop(state, client_id), form: null }, { kind: 'note', note: 'mailed', seq, at, name: email });
  },
  staff_joined(state, { seq, at, name }) {
    return add(turns(state, 'open', name), { kind: 'note', note: 'joined', seq, at, name });
  },
  staff_said(state, { seq, at, name, text }) {
    return add(silenced(state, 'staff'), { kind: 'staff', seq, at, name, text });
  },
  handed_back(state, { seq, at }) {
    return add(turns(state, 'bot', null), { kind: 'note', note: 'back', seq, at });
  },
  resolved(state, { seq, at }) {
    return add(turns(state, 'resolved', null), { kind: 'note', note: 'resolved', seq, at });
  },
};

const add = (state, item) => ({ ...state, items: [...state.items, item] });

/** The chat changes hands. Nobody is composing and nobody waits in the queue any more. */
function turns(state, turn, colleague) {
  return { ...placed(state, null), turn, colleague, composing: null, form: null };
}

const silenced = (state, who) => (state.composing === who ? quiet(state) : state);

/** Changes the bubble of a reply, or begins it. */
function ofReply(state, reply, { seq, at }, change) {
  const place = state.items.findIndex((item) => item.reply === reply);
  const begun = { kind: 'bot', seq, at, reply, from: [], sentences: [], done: false, cut: false, cards: [], sources: [] };
  const bot = place < 0 ? begun : state.items[place];
  const changed = { ...bot, ...change(bot), seq, from: [...bot.from, seq] };
  return place < 0 ? add(state, changed) : { ...state, items: state.items.with(place, changed) };
}

/** What was said at this seq is gone. Neighbouring gaps make one line. */
function erased(state, { seq, at }) {
  const items = state.items.filter((item) => item.seq !== seq && !item.from?.includes(seq));
  const after = { ...state, items, last: Math.max(state.last, seq) };
  const gap = { kind: 'note', note: 'erased', seq, at };
  const place = items.findIndex((item) => item.seq > seq);
  const index = place < 0 ? items.length : place;
  const besideGap = items[index - 1]?.note === 'erased' || items[index]?.note === 'erased';
  return besideGap ? after : { ...after, items: items.toSpliced(index, 0, gap) };
}

/** Safe on disk: a message waits for its event, a request has nothing more to wait for. */
function acknowledged(state, client_id) {
  const message = state.pending.find((message) => message.client_id === client_id);
  if (message?.kind === 'ask') return drop(state, client_id);
  return withPending(state, client_id, (message) => ({ ...message, status: 'stored', problem: undefined }));
}

/** A place without a composer says nothing about composing, and the other way round. */
function signalled(state, { composing, place }) {
  const after = place === undefined ? state : placed(state, place);
  const says = composing !== undefined || place === undefined;
  return says ? { ...after, composing: composing ?? null } : after;
}

/** Keeps the place in the queue, also on the line that tells it. */
function placed(state, place) {
  const index = state.items.findLastIndex((item) => item.note === 'queued');
  if (index < 0 || state.items[index].place === place) return { ...state, place };
  return { ...state, place, items: state.items.with(index, { ...state.items[index], place }) };
}

/** These pass by themselves: the same message is sent again a little later. */
const PASSING = ['too_fast', 'not_stored'];

function refused(state, { code, message: problem, client_id }) {
  const about = state.pending.find((message) => message.client_id === client_id);
  if (!about) return { ...state, problem };
  const status = PASSING.includes(code) ? 'later' : 'refused';
  const { form } = state;
  if (about.form && status === 'refused') return { ...drop(state, client_id), form: form && { ...form, problem } };
  // A request has no bubble to say this next to, and nothing to be edited.
  if (about.kind === 'ask' && status === 'refused') return { ...drop(state, client_id), problem };
  return withPending(state, client_id, (message) => ({ ...message, status, problem }));
}

function withPending(state, client_id, change) {
  const pending = state.pending.map((message) => (message.client_id === client_id ? change(message) : message));
  return { ...state, pending };
}
