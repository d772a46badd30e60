// Where staff write. Closed until the chat is theirs; tells the visitor, at most every 3 s, that
// someone is composing.

import { h, say } from '../widget/h.js';
import { icon } from '../widget/icons.js';
import { measure } from '../widget/text.js';
import { words } from './words.js';

/** The visitor's page forgets a composer after twice this long. */
const COMPOSING_EVERY_MS = 3_000;

export function answer({ onSay, onComposing }) {
  const text = h('textarea', { rows: 1, id: 'answer', enterkeyhint: 'send', disabled: true, oninput: typed, onkeydown: keys });
  const left = h('span.left');
  const send = h('button.send', { 'aria-label': words.send, disabled: true }, icon('send'));
  const hint = h('p.hint');
  let told = 0;

  function typed() {
    measured();
    if (text.value.trim() === '' || Date.now() - told < COMPOSING_EVERY_MS) return;
    told = Date.now();
    onComposing();
  }

  function measured() {
    const { left: room, sendable, nearlyFull } = measure(text.value);
    say(left, nearlyFull ? words.room(room) : '');
    left.classList.toggle('over', room < 0);
    send.disabled = text.disabled || !sendable;
    text.style.height = 'auto';
    text.style.height = `${text.scrollHeight}px`;
  }

  function keys(event) {
    if (event.key === 'Escape') text.blur();
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    submit(event);
  }

  function submit(event) {
    event.preventDefault();
    const draft = measure(text.value);
    if (text.disabled || !draft.sendable) return;
    clear();
    onSay(draft.text);
    text.focus();
  }

  function clear() {
    text.value = '';
    told = 0;
    measured();
  }

  return {
    node: h('form.answer', { onsubmit: submit }, hint, h('label.unseen', { for: 'answer' }, words.message), text, left, send),
    clear,
    focus: () => text.focus(),
    /** What was written stays when the chat changes hands: it may be wanted again. */
    allow(mine, why) {
      text.disabled = !mine;
      text.placeholder = mine ? words.write : words.writeAfterTake;
      hint.hidden = !why;
      say(hint, why);
      measured();
    },
  };
}
