// Somebody's own account: where they are signed in, their second factor, and the way out.

import { api } from './api.js';
import { h, say } from '../widget/h.js';
import { nameOf, sessionHere } from './agent.js';
import { region } from './region.js';
import { secondFactor } from './second-factor.js';
import { when } from './when.js';
import { words } from './words.js';

export function account({ me, call, onSignOut }) {
  const text = words.account;
  const status = h('p.note-line', { role: 'status' });
  const trouble = h('p.trouble', { role: 'alert', hidden: true });
  const title = h('h2', { tabindex: -1 }, text.sessions);
  const sessions = region({ load: () => call(api.sessions()), draw });

  function draw(all) {
    const here = sessionHere(all, navigator.userAgent);
    const sorted = [...all].sort((a, b) => Number(b.id === here) - Number(a.id === here));
    return h('ul.cards', null, sorted.map((session) => rowOf(session, session.id === here)));
  }

  function rowOf({ id, agent, began_at, expires_at }, here) {
    const now = Date.now();
    const { browser, system } = nameOf(agent);
    const name = browser && system ? text.on(browser, system) : (browser ?? system ?? text.unknown);
    const end = h('button.plain', { type: 'button', 'aria-label': text.endLabel(name), onclick: () => finish(id, end) }, text.end);
    return h('li.card.line', null,
      h('div.about', null, h('h3', { title: agent }, name, here && [' ', h('span.badge', null, text.here)]),
        h('p.fine', null, text.began(when(began_at, now), when(expires_at, now)))),
      !here && end);
  }

  async function finish(id, button) {
    button.disabled = true;
    let problem = '';
    try {
      await call(api.endSession(id));
      await sessions.refresh();
      say(status, text.ended);
      title.focus();
    } catch (refused) {
      button.disabled = false;
      problem = refused.message;
    }
    trouble.hidden = !problem;
    say(trouble, problem);
  }

  return {
    node: h('div', null,
      h('section', null,
        h('div.head', null, h('h2.name', null, me.name), h('button.plain', { type: 'button', onclick: onSignOut }, words.signOut)),
        h('p.hint', null, text.role(words.people.roles[me.role]))),
      h('section', null, h('div.head', null, title), h('p.hint', null, text.sessionsHint), trouble, status, sessions.node),
      secondFactor({ me, call })),
  };
}
