// Where the visitor writes: grows with the text, sends with Enter, keeps to what the server takes.

import { h, say } from './h.js';
import { icon } from './icons.js';
import { measure } from './text.js';
import { words } from './words.js';

export function composer({ onSay }) {
  const text = h('textarea', { rows: 1, id: 'fw-text', 'aria-describedby': 'fw-left', enterkeyhint: 'send', oninput: measured, onkeydown: keys });
  const left = h('span.left', { id: 'fw-left' });
  const button = h('button.send', { 'aria-label': words.send, disabled: true }, icon('send'));
  const node = h('form.composer', { onsubmit: submit },
    h('label.unseen', { for: 'fw-text' }, words.message), text, left, button);

  function measured() {
    const { left: room, sendable, nearlyFull } = measure(text.value);
    say(left, nearlyFull ? words.left(room) : '');
    left.classList.toggle('over', room < 0);
    button.disabled = !sendable;
    text.setAttribute('aria-invalid', room < 0);
    text.style.height = 'auto';
    text.style.height = `${text.scrollHeight}px`;
  }

  function keys(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit(event);
  }

  function submit(event) {
    event.preventDefault();
    const draft = measure(text.value);
    if (!draft.sendable) return;
    put('');
    onSay(draft.text);
    text.focus();
  }

  function put(value) {
    text.value = value;
    measured();
  }

  return {
    node,
    focus: () => text.focus({ preventScroll: true }),
    /** Gives back a text to be changed; what was being written stays below it. */
    put(value) {
      put(text.value ? `${value}\n${text.value}` : value);
      text.focus();
    },
    draw({ turn, colleague }) {
      text.placeholder = turn === 'open' && colleague ? words.placeholderStaff(colleague) : words.placeholder;
    },
  };
}
