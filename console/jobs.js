// What the server has still to do, and what it gave up, with the reason and another try.

import { api } from './api.js';
import { h, say } from '../widget/h.js';
import { region } from './region.js';
import { when } from './when.js';
import { words } from './words.js';

const STATES = ['dead', 'running', 'waiting'];
/** How often the list is looked at again. */
const AGAIN_MS = 10_000;

export function jobs({ call }) {
  const text = words.jobs;
  const status = h('p.note-line', { role: 'status' });
  const trouble = h('p.trouble', { role: 'alert', hidden: true });
  const title = h('h2', { tabindex: -1 }, text.title);
  const list = region({ load: () => call(api.jobs()), draw });
  const looking = setInterval(() => document.hidden || list.refresh(), AGAIN_MS);

  function draw(all) {
    if (all.length === 0) return h('p.nothing', null, text.none);
    return STATES.map((state) => {
      const some = all.filter((job) => job.state === state);
      return some.length > 0 && h('section.state', null, h('h3', null, text[state], ' ', h('span.fine', null, String(some.length))), h('ul.cards', null, some.map(rowOf)));
    });
  }

  function rowOf({ id, kind, state, attempts, run_at, error }) {
    const name = text.kinds[kind] ?? kind;
    const again = h('button.plain', { type: 'button', 'aria-label': text.retryLabel(name, id), onclick: () => retry(id, again) }, text.retry);
    const facts = [text.number(id), text.tries(attempts), state === 'waiting' && text.next(when(run_at, Date.now()))];
    return h('li.card.line', null,
      h('div.about', null, h('h3', null, name), h('p.fine', null, facts.filter(Boolean).join(' · ')), error && h('p.why-not', { 'data-state': state }, error)),
      state === 'dead' && again);
  }

  async function retry(id, button) {
    button.disabled = true;
    let problem = '';
    try {
      await call(api.retryJob(id));
    } catch (refused) {
      problem = refused.message;
      button.disabled = false;
    }
    trouble.hidden = !problem;
    say(trouble, problem);
    say(status, problem ? '' : text.again);
    await list.refresh();
    title.focus();
  }

  return {
    node: h('section', null, h('div.head', null, title), h('p.hint', null, text.hint), trouble, status, list.node),
    end: () => clearInterval(looking),
  };
}
