// Inviting a colleague: by mail, or with a link to hand over where this server sends none.

import { api } from './api.js';
import { copyLine } from './copy.js';
import { h, say } from '../widget/h.js';
import { ROLES } from './roles.js';
import { words } from './words.js';

export function invitePane({ call }) {
  const text = words.people;
  const email = h('input', { id: 'invite-email', type: 'email', required: true, maxlength: 254, autocomplete: 'off', 'aria-describedby': 'invite-trouble' });
  const role = h('select', { id: 'invite-role' }, ROLES.map((each) => h('option', { value: each, selected: each === 'agent' }, text.roles[each])));
  const send = h('button.primary', null, text.send);
  const trouble = h('p.remark', { id: 'invite-trouble', role: 'alert', hidden: true });
  const result = h('div.result', { role: 'status' });

  async function submit(event) {
    event.preventDefault();
    send.disabled = true;
    tell('');
    result.replaceChildren();
    try {
      const { link, mailed } = await call(api.invite(email.value, role.value));
      result.replaceChildren(mailed
        ? h('p.done', null, text.mailed(email.value))
        : h('div.once', null, h('p', null, text.notMailed(email.value)), copyLine({ text: link, label: text.link })));
      email.value = '';
    } catch (refused) {
      tell(refused.message.replace(/^`email`: /, ''));
      email.focus();
    }
    send.disabled = false;
  }

  function tell(problem) {
    trouble.hidden = !problem;
    say(trouble, problem);
    if (problem) email.setAttribute('aria-invalid', 'true');
    else email.removeAttribute('aria-invalid');
  }

  return h('section', null, h('div.head', null, h('h2', null, text.invite)),
    h('form.card.invite', { onsubmit: submit },
      h('div.field', null, h('label', { for: 'invite-email' }, text.email), email, trouble),
      h('div.field', null, h('label', { for: 'invite-role' }, text.as), role),
      send),
    result);
}
