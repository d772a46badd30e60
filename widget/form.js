// The forms between the messages: how to reach the visitor, and where to send the chat. What was typed
// stays in its fields until the server has it.

import { h, say } from './h.js';
import { words } from './words.js';

/** The fields of each form; the first is the one that must be filled in. */
const fields = {
  contact: () => [
    field('email', { type: 'email', autocomplete: 'email', required: true, maxlength: 254 }),
    field('name', { autocomplete: 'name', maxlength: 100 }),
    field('phone', { type: 'tel', autocomplete: 'tel', maxlength: 40 }),
    h('label', null, words.fields.message, h('textarea', { name: 'message', rows: 2, maxlength: 1_000 })),
  ],
  mail: () => [field('email', { type: 'email', autocomplete: 'email', required: true, maxlength: 254 })],
};

const field = (name, props) => h('label', null, words.fields[name], h('input', { name, ...props }));

/** The element for the row of a form, built anew or made from `old`. */
export function form({ which, problem, busy }, old, { onFillIn, onCancel }) {
  const node = old ?? build(which, onFillIn, onCancel);
  const [send] = node.querySelectorAll('button.send-form');
  send.disabled = busy;
  say(send, busy ? words.sending : words.forms[which].send);
  say(node.querySelector('.problem'), problem ?? '');
  return node;
}

function build(which, onFillIn, onCancel) {
  const { title, use } = words.forms[which];
  return h('form.form', { 'aria-label': title, onsubmit },
    h('p.form-title', null, title),
    fields[which](),
    h('p.problem', { role: 'alert' }),
    h('div.form-foot', null,
      h('span', null, use),
      which === 'mail' && h('button.quiet', { type: 'button', onclick: onCancel }, words.cancel),
      h('button.send-form')));

  function onsubmit(event) {
    event.preventDefault();
    onFillIn(which, Object.fromEntries(new FormData(event.currentTarget)));
  }
}
