// One visitor's chat with one server: holds the state, says hello, sends what must be sent until it
// is acknowledged, and tells `onChange(state)` whenever there is something new to show. What is said
// is decided by the protocol; what it means for the screen is decided in state.js.

import { drop, fold, lost, quiet, resend, send, showForm, start } from './state.js';
import { cut } from './text.js';
import { line } from './line.js';
import { newClientId } from './ids.js';

/** Without an acknowledgement for this long, the connection is not to be believed. */
const ACK_MS = 10_000;
/** A message refused for a passing reason is sent again after this long. */
const LATER_MS = 4_000;
/** Who was composing this long ago has stopped: colleagues repeat it every 3 s, the bot is quick. */
const COMPOSING_MS = { staff: 6_000, bot: 60_000 };

/** `server` is the origin the widget came from. */
export function session({ server, site, memory, onChange }) {
  let state = memory.unsent().reduce(send, start());
  const timers = {};
  const wire = line(new URL('/ws/visitor', server.replace(/^http/, 'ws')), {
    onUp: () => wire.send({ type: 'hello', site, key: memory.key(), after_seq: state.last, page: page() }),
    onFrame,
    onDown() {
      Object.values(timers).forEach(clearTimeout);
      change(lost(state));
    },
  });

  function onFrame(frame) {
    change(fold(state, frame));
    if (frame.type === 'synced') state.pending.filter(unsettled).forEach(again);
    if (frame.type === 'ack') acknowledged(frame.client_id);
    if (frame.type === 'event' && frame.client_id) acknowledged(frame.client_id);
    if (frame.type === 'signal' && frame.composing) {
      after('composing', COMPOSING_MS[frame.composing], () => change(quiet(state)));
    }
    if (frame.type === 'error' && frame.client_id) {
      clearTimeout(timers[frame.client_id]);
      const message = waits(frame.client_id);
      if (message?.status === 'later') after(frame.client_id, LATER_MS, () => again(message));
      if (!message) memory.forget(frame.client_id);
    }
  }

  function change(next) {
    if (next === state) return;
    state = next;
    onChange(state);
  }

  function begin(message) {
    memory.keep(message);
    change(send(state, message));
    transmit(message);
  }

  /** Before the history is complete nothing is sent: `synced` does it, and the order is kept. */
  function transmit(message) {
    if (!state.live) return;
    const sent = wire.send(frames[message.kind](message));
    if (sent) after(message.client_id, ACK_MS, wire.restart);
  }

  function again(message) {
    change(resend(state, message.client_id));
    transmit(message);
  }

  function acknowledged(client_id) {
    clearTimeout(timers[client_id]);
    memory.forget(client_id);
  }

  const unsettled = ({ status }) => status === 'sending' || status === 'later';
  const waits = (client_id) => state.pending.find((message) => message.client_id === client_id);

  function after(name, ms, act) {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(act, ms);
  }

  return {
    say: (text) => begin({ client_id: newClientId(), kind: 'say', text, at: Date.now() }),
    askPerson() {
      const asked = state.turn === 'queued' || state.pending.some((message) => message.kind === 'ask');
      if (!asked) begin({ client_id: newClientId(), kind: 'ask', at: Date.now() });
    },
    /** Sends what stands in a form, once. */
    fillIn(kind, form) {
      const under_way = state.pending.some((message) => message.kind === kind);
      if (!under_way) begin({ client_id: newClientId(), kind, form, at: Date.now() });
    },
    /** Shows a form, or takes it away. */
    showForm: (which) => change(showForm(state, which)),
    /** Takes back a message the server refused; returns its text. */
    takeBack(client_id) {
      const text = waits(client_id)?.text ?? '';
      acknowledged(client_id);
      change(drop(state, client_id));
      return text;
    },
    state: () => state,
  };
}

/** What each kind of message is to the server. */
const frames = {
  say: ({ client_id, text }) => ({ type: 'say', client_id, text }),
  ask: ({ client_id }) => ({ type: 'ask_person', client_id }),
  contact: ({ client_id, form }) => ({ type: 'leave_contact', client_id, ...form }),
  mail: ({ client_id, form }) => ({ type: 'mail_transcript', client_id, ...form }),
};

/** Where the visitor is, without query and fragment: those carry what is nobody's business. */
function page() {
  const { origin, pathname } = location;
  return { url: cut(origin + pathname, 500), title: cut(document.title, 200) };
}
