// From the state of a chat to the list of rows on the screen, top to bottom. Pure: which rows there
// are, where a name or a time stands, and which two neighbours belong together is decided here.
//
// Every row has a `key` that stays the same for as long as it is the same thing, and fields that can
// be compared with `===`, so that the page only touches what changed (keyed.js).

/** Silence longer than this gets a line with the time. */
const PAUSE_MS = 30 * 60_000;

export function rows(state) {
  const list = [];
  if (state.greeting) list.push({ key: 'greeting', kind: 'greeting', text: state.greeting, first: true });
  const asked = state.items.length + state.pending.length > 0;
  if (state.greeting && state.live && !asked && state.suggestions.length) {
    list.push({ key: 'suggestions', kind: 'suggestions', suggestions: state.suggestions });
  }
  let before = { at: 0, author: null };
  for (const item of state.items) {
    if (item.at - before.at > PAUSE_MS) {
      list.push({ key: `time-${item.seq}`, kind: 'time', at: item.at });
      before = { ...before, author: null };
    }
    const author = authorOf(item);
    list.push({ key: keyOf(item), kind: item.kind, item, first: author !== before.author });
    before = { at: item.at, author };
  }
  for (const message of state.pending) {
    if (message.kind !== 'say') continue;
    list.push({ key: keyOf(message), kind: 'said', item: message, first: before.author !== 'visitor' });
    before = { ...before, author: 'visitor' };
  }
  if (state.form && state.live) {
    const { which, problem } = state.form;
    const busy = state.pending.some((message) => message.kind === which);
    list.push({ key: `form-${which}`, kind: 'form', which, problem, busy });
  }
  const choices = offered(state);
  if (choices.length) list.push({ key: `choices-${state.items.at(-1).seq}`, kind: 'suggestions', suggestions: choices, of: 'choices' });
  const typing = typist(state);
  if (typing) list.push({ key: 'typing', kind: 'typing', who: typing });
  return list;
}

/** Short replies to the bot's last question, as long as nothing came after it. */
function offered(state) {
  const last = state.items.at(-1);
  const waits = state.live && !state.pending.some((message) => message.kind === 'say');
  return waits && last?.kind === 'bot' && last.done ? last.choices ?? [] : [];
}

/** Who shows as composing. A reply that is being said shows that by itself. */
function typist(state) {
  const last = state.items.at(-1);
  const speaking = last?.kind === 'bot' && !last.done && !last.cut;
  return state.composing === 'bot' && speaking ? null : state.composing;
}

function authorOf(item) {
  return { said: 'visitor', bot: 'bot', staff: `staff ${item.name}` }[item.kind] ?? null;
}

function keyOf(item) {
  if (item.client_id) return `said-${item.client_id}`;
  return item.reply ? `reply-${item.reply}` : `item-${item.seq}`;
}
