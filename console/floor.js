// The floor: holds the console's state, its line to the server and its two panes, and carries out what
// the person at the screen wants. Whatever changes a chat goes over HTTP; the line only tells.

import { api } from './api.js';
import { bell } from './bell.js';
import { chatPane } from './chat.js';
import { failed, sending } from './transcript.js';
import { fold, neighbour, start, waiting, watch } from './state.js';
import { h } from '../widget/h.js';
import { keys } from './keys.js';
import { line } from '../widget/line.js';
import { newClientId } from '../widget/ids.js';
import { pauseSwitch } from './pause.js';
import { queuePane } from './queue.js';
import { topBar } from './top.js';
import { words } from './words.js';

/** `chat` is the chat to begin with, if any. */
export function floor({ me, chat: first, onSignedOut }) {
  let state = start();
  const ring = bell();
  const pause = pauseSwitch({ me, onState: (silent) => change({ ...state, silent }), onSignedOut: () => onSignedOut(words.signedOut) });
  const top = topBar({ me, ring, pause, onSignOut: signOut });
  const queue = queuePane({ me, onChoose: choose });
  const chat = chatPane({ me, onBack: () => choose(null), onAct: act, onSay: speak, onComposing: () => wire.send({ type: 'composing' }) });
  const node = h('div.floor', null, top.node, queue.node, chat.node);

  const wire = line(new URL('/ws/staff', location.href.replace(/^http/, 'ws')), {
    onUp() {
      change({ ...state, up: true });
      follow();
    },
    onFrame: (frame) => (frame.type === 'signed_out' ? onSignedOut(words.signedOut) : change(fold(state, frame))),
    /** A refused upgrade looks like a lost connection; only HTTP can tell that the session ended. */
    async onDown() {
      change({ ...state, up: false });
      const refused = await api.me().then(() => null, (refused) => refused);
      if (refused?.status !== 401) return true;
      onSignedOut(words.signedOut);
      return false;
    },
  });
  const unbind = keys({
    step: (by) => choose(neighbour(state, me.name, by)),
    take: () => chat.take(),
  });

  function change(next) {
    state = next;
    top.draw(state);
    queue.draw(state);
    chat.draw(state);
    ring.tell(waiting(state));
    node.classList.toggle('has-chat', state.watched !== null);
  }

  function choose(id) {
    if (id === (state.watched?.chat ?? null)) return;
    change(watch(state, id));
    follow();
    if (id) queue.reveal(id);
  }

  function follow() {
    const { watched } = state;
    wire.send(watched ? { type: 'watch', chat: watched.chat, after_seq: watched.last } : { type: 'unwatch' });
  }

  /** `what` is take, handBack or resolve. Resolves to the words of a refusal, or null. */
  async function act(what) {
    try {
      await api[what](state.watched.chat);
      return null;
    } catch (refused) {
      return trouble(refused);
    }
  }

  /** Says `text`, or tries again with the name of a message that failed. */
  async function speak(text, client_id = newClientId()) {
    const id = state.watched.chat;
    const inChat = (step) => state.watched?.chat === id && change({ ...state, watched: step(state.watched) });
    inChat((chat) => sending(chat, { client_id, text, at: Date.now() }));
    try {
      await api.say(id, client_id, text);
    } catch (refused) {
      const problem = trouble(refused);
      inChat((chat) => failed(chat, client_id, problem));
    }
  }

  function trouble(refused) {
    if (refused.status === 401) onSignedOut(words.signedOut);
    return refused.message;
  }

  async function signOut() {
    wire.end();
    await api.signOut().catch(() => null);
    onSignedOut(words.left);
  }

  if (/^[0-9a-f]{32}$/.test(first ?? '')) choose(first);
  return {
    node,
    end() {
      wire.end();
      unbind();
      ring.end();
      pause.end();
      queue.end();
    },
  };
}
