// The left pane of the knowledge page: search, what was found by kind, and what can be begun.

import { h, say } from '../widget/h.js';
import { keyed } from '../widget/keyed.js';
import { words } from './words.js';

/** From the last key to the question to the server. */
const PAUSE_MS = 180;
const KINDS = ['page', 'faq', 'product'];

export function finder({ may, onSearch, onChoose, onNew, onVersions }) {
  const text = words.knowledge;
  const input = h('input', { type: 'search', id: 'find', placeholder: text.search, autocomplete: 'off', spellcheck: 'false', oninput: typed });
  const status = h('p.status', { role: 'status' });
  const list = h('div.rows');
  const fill = keyed(list, (row, old) => (row.heading ? h('h2', null, row.heading, h('span', null, String(row.count))) : itemOf(row, old)));
  let waiting = 0;
  let found = null;
  let current = null;

  function typed() {
    clearTimeout(waiting);
    waiting = setTimeout(() => onSearch(input.value.trim()), PAUSE_MS);
  }

  function itemOf({ kind, id, title, detail, current, edited }, old) {
    const button = old ?? h('button.row', { type: 'button', onclick: () => onChoose({ kind, id }) });
    button.setAttribute('aria-current', current);
    button.replaceChildren(h('span.preview', null, title), h('span.why', null, [edited && text.edited, kind === 'faq' ? '' : detail].filter(Boolean).join(' · ')));
    return button;
  }

  function paint(drafts) {
    if (!found) return;
    fill(KINDS.flatMap((kind) => {
      const items = found.items.filter((item) => item.kind === kind);
      const rows = items.map((item) => ({ ...item, key: `${kind} ${item.id}`, current: `${kind} ${item.id}` === current, edited: drafts.has(`${kind} ${item.id}`) }));
      return rows.length ? [{ key: kind, heading: text.kinds[kind], count: rows.length }, ...rows] : [];
    }));
    const none = found.items.length === 0;
    say(status, none ? text.nothing : found.more ? text.more(found.more) : text.version(found.version));
    status.classList.remove('is-bad');
  }

  const make = (kind) => h('button', { type: 'button', 'aria-label': text.new[kind], onclick: () => onNew(kind) }, text.begin[kind]);
  return {
    node: h('nav.queue.finder', { 'aria-label': text.title },
      h('div.find', null, h('label.unseen', { for: 'find' }, text.search), input,
        may && h('div.begin', null, KINDS.map(make))),
      list, h('div.foot', null, status, h('button', { type: 'button', onclick: onVersions }, text.versions))),
    draw(next, { drafts, current: key }) {
      found = next;
      current = key;
      paint(drafts);
    },
    mark(key, drafts) {
      current = key;
      paint(drafts);
    },
    tell: (message) => say(status, message),
    fail(message) {
      say(status, message);
      status.classList.add('is-bad');
    },
    focus: () => input.focus(),
    end: () => clearTimeout(waiting),
  };
}
