// Who works here: their rights, closing and opening their accounts, inviting others.

import { api } from './api.js';
import { h, say } from '../widget/h.js';
import { invitePane } from './invite.js';
import { region } from './region.js';
import { ROLES } from './roles.js';
import { sure } from './sure.js';
import { words } from './words.js';

export function people({ me, call }) {
  const text = words.people;
  const status = h('p.note-line', { role: 'status' });
  const trouble = h('p.trouble', { role: 'alert', hidden: true });
  const title = h('h2', { tabindex: -1 }, text.title);
  const list = region({ load: () => call(api.people()), draw: (all) => h('ul.cards', null, all.map(rowOf)) });

  function rowOf({ name, role, email, disabled_at, sessions }) {
    const closed = disabled_at !== null;
    const choice = h('select', { 'aria-label': text.role(name), onchange: () => (set.hidden = choice.value === role) }, ROLES.map((each) => h('option', { value: each, selected: each === role }, text.roles[each])));
    const set = h('button.plain', { type: 'button', hidden: true, onclick: () => change(name, { role: choice.value }, text.roleSet(name, text.roles[choice.value])) }, text.setRole);
    const door = closed
      ? h('button.plain', { type: 'button', onclick: () => change(name, { disabled: false }, text.isOpen(name)) }, text.reopen)
      : sure(text.close, text.closeSure, () => change(name, { disabled: true }, text.isClosed(name)));
    return h('li.card.line.person', { 'data-closed': closed },
      h('div.about', null,
        h('h3', null, name, name === me.name && [' ', h('span.badge', null, text.you)], closed && [' ', h('span.pill', null, text.closed)]),
        h('p.fine', null, `${email ?? text.noMail} · ${text.sessions(sessions)}`)),
      h('div.acts', null, choice, set, door));
  }

  /** Does it and says so, or says in the server's words why not. */
  async function change(name, change, said) {
    let problem = '';
    try {
      await call(api.changePerson(name, change));
    } catch (refused) {
      problem = refused.message;
    }
    trouble.hidden = !problem;
    say(trouble, problem);
    say(status, problem ? '' : said);
    await list.refresh();
    title.focus();
  }

  return {
    node: h('div', null,
      h('section', null, h('div.head', null, title), h('p.hint', null, text.hint), trouble, status, list.node),
      invitePane({ call }),
      h('section.roles', null, h('dl', null, ROLES.map((role) => h('div', null, h('dt', null, text.roles[role]), h('dd', null, text.may[role])))))),
  };
}
