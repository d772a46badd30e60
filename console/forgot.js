// The way to a new password: a link by mail. What is said is the same whether there is such an account
// or not.

import { api } from './api.js';
import { h, say } from '../widget/h.js';
import { words } from './words.js';

export function forgot({ onBack }) {
  const text = words.forgot;
  const email = h('input', { name: 'email', type: 'email', autocomplete: 'email', required: true, maxlength: 254 });
  const button = h('button.primary', null, text.send);
  const trouble = h('p.trouble', { role: 'alert' });
  const done = h('p.done', { role: 'status', hidden: true });
  const asked = h('div.asked', null, h('p.hint', null, text.hint), trouble, h('label', null, text.email, email), button);

  async function submit(event) {
    event.preventDefault();
    busy(true);
    try {
      await api.forgot(email.value);
      asked.hidden = true;
      done.hidden = false;
      say(done, text.sent);
      back.focus();
    } catch (refused) {
      say(trouble, refused.message);
      busy(false);
      email.focus();
    }
  }

  function busy(is) {
    button.disabled = is;
    say(button, is ? text.sending : text.send);
  }

  const back = h('button.link', { type: 'button', onclick: onBack }, text.back);
  return {
    node: h('main.door', null,
      h('form', { onsubmit: submit },
        h('p.mark', { 'aria-hidden': true }, h('i'), h('i')),
        h('h1', null, text.title), asked, done, back)),
    focus: () => email.focus(),
  };
}
