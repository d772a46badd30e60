// The way in for the invited, and for who forgot a password: the link's token says which of the two.

import { api } from './api.js';
import { h, say } from '../widget/h.js';
import { words } from './words.js';

/** `invitation` is what the link invites to; `onDone(reason)` comes when there is an account to sign in with. */
export function invited({ token, invitation, onDone }) {
  const renews = invitation.account !== null;
  const name = h('input', { name: 'name', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: !renews, maxlength: '60', value: invitation.account ?? '', readonly: renews });
  const password = h('input', { name: 'password', type: 'password', autocomplete: 'new-password', required: true, minlength: '12' });
  const button = h('button.primary', null, renews ? words.setPassword : words.join);
  const trouble = h('p.trouble', { role: 'alert' });

  async function submit(event) {
    event.preventDefault();
    button.disabled = true;
    try {
      await api.accept(token, name.value, password.value);
      onDone(renews ? words.renewed : words.joined);
    } catch (refused) {
      say(trouble, refused.message);
      button.disabled = false;
      password.select();
    }
  }

  return {
    node: h('main.door', null,
      h('form', { onsubmit: submit },
        h('p.mark', { 'aria-hidden': true }, h('i'), h('i')),
        h('h1', null, renews ? words.renewTitle : words.joinTitle),
        h('p.hint', null, renews ? words.renewHint : words.joinHint(invitation.email, invitation.role)),
        trouble,
        h('label', null, words.name, name),
        h('label', null, words.newPassword, password),
        button)),
    focus: () => (renews ? password : name).focus(),
  };
}
