// Who did what, the newest first.

import { api } from './api.js';
import { h, say } from '../widget/h.js';
import { lineText } from './audit-text.js';
import { region } from './region.js';
import { words } from './words.js';

/** So many lines the server sends at once. */
const PAGE = 200;

export function audit({ call }) {
  const text = words.audit;
  let lines = [];
  let more = false;
  let loading = false;
  /** Each time the next page, older than what is there. */
  const load = async () => {
    const [page, people] = await Promise.all([call(api.audit(lines.at(-1)?.pos)), call(api.people())]);
    more = page.length === PAGE;
    return (lines = [...lines, ...page.map((line) => ({ pos: line.pos, at: line.at, ...lineText(line, people) }))]);
  };
  const find = h('input', { type: 'search', 'aria-label': text.find, placeholder: text.find, autocomplete: 'off', spellcheck: 'false', oninput: filter });
  const nothing = h('p.nothing', { role: 'status', hidden: true });
  const list = region({ load, draw });

  function draw(lines) {
    find.disabled = lines.length === 0;
    if (lines.length === 0) return h('p.nothing', null, text.none);
    const days = [...Map.groupBy(lines, ({ at }) => dayOf(at))].map(([day, lines]) =>
      h('section.day', null, h('h3', null, day), h('ul.log-lines', null, lines.map(rowOf))));
    // What is searched for is looked for in these lines, too.
    queueMicrotask(filter);
    return [...days, more && h('div', null, h('button.plain', { type: 'button', 'aria-label': text.older, onclick: older }, text.older))];
  }

  async function older() {
    if (loading) return;
    loading = true;
    await list.refresh();
    loading = false;
  }

  const rowOf = ({ at, who, what }) => h('li', null, h('time', { datetime: new Date(at).toISOString() }, timeOf(at)), h('p', null, h('b', null, who), ` ${what}`));

  /** Lines without all of the words are hidden, and days without lines. */
  function filter() {
    const wanted = find.value.toLowerCase().split(/\s+/);
    let any = false;
    for (const day of list.node.querySelectorAll('.day')) {
      const rows = [...day.querySelectorAll('li')];
      for (const row of rows) row.hidden = !wanted.every((word) => row.lastChild.textContent.toLowerCase().includes(word));
      day.hidden = rows.every((row) => row.hidden);
      any ||= !day.hidden;
    }
    nothing.hidden = any || lines.length === 0;
    say(nothing, nothing.hidden ? '' : text.nothing);
  }

  return {
    node: h('section', null, h('div.head', null, h('h2', null, text.title), h('div.filter', null, find)), h('p.hint', null, text.hint), nothing, list.node),
  };
}

const dayOf = (at) => new Date(at).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
const timeOf = (at) => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
