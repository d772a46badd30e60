// The door: name and password, and what went wrong in words.

import { api } from './api.js';
import { h, say } from '../widget/h.js';
import { words } from './words.js';

/** `reason` says why one stands here; `onSignedIn(me)` comes once the server has let them in; `onForgot()` leads to a new password. */
export function signIn({ reason, onSignedIn, onForgot }) {
  const name = h('input', { name: 'name', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true });
  const password = h('input', { name: 'password', type: 'password', autocomplete: 'current-password', required: true });
  const code = h('input', { name: 'code', autocomplete: 'one-time-code', inputmode: 'numeric', spellcheck: 'false' });
  const codeRow = h('label', { hidden: true }, words.code, code);
  const button = h('button.primary', null, words.signIn);
  const trouble = h('p.trouble', { role: 'alert' }, reason);

  async function submit(event) {
    event.preventDefault();
    busy(true);
    try {
      await api.signIn(name.value, password.value, code.value || undefined);
      onSignedIn(await api.me());
    } catch (refused) {
      say(trouble, refused.message);
      busy(false);
      if (refused.code === 'code_wanted') codeRow.hidden = false;
      (codeRow.hidden ? password : code).select();
    }
  }

  function busy(is) {
    button.disabled = is;
    say(button, is ? words.signingIn : words.signIn);
  }

  return {
    node: h('main.door', null,
      h('form', { onsubmit: submit },
        h('p.mark', { 'aria-hidden': true }, h('i'), h('i')),
        h('h1', null, words.signInTitle),
        trouble,
        h('label', null, words.name, name),
        h('label', null, words.password, password),
        codeRow,
        button,
        h('button.link', { type: 'button', onclick: onForgot }, words.forgot.link))),
    focus: () => name.focus(),
  };
}
