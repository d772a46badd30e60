// The delivery log of one webhook: what was sent, what came of it, and sending it again. Looks again by
// itself while it is open.

import { ago } from './age.js';
import { api } from './api.js';
import { h } from '../widget/h.js';
import { timeText } from '../widget/clock.js';
import { words } from './words.js';

const LOOK_MS = 3_000;
const PAGE = 50;
const wording = words.settings.deliveries;

export function deliveries({ id, attempt, onChange }) {
  const body = h('tbody');
  const table = h('table.log-table', { hidden: true },
    h('thead', null, h('tr', null, wording.columns.map((column) => h('th', { scope: 'col' }, column || h('span.unseen', null, wording.again))))), body);
  const nothing = h('p.nothing', { hidden: true }, wording.none);
  const older = h('button.plain', { type: 'button', hidden: true, onclick: more }, wording.older);
  /** Numbers of deliveries whose attempts are shown, with those attempts. */
  const opened = new Map();
  let rows = [];
  let drawn = '';
  let looking = setInterval(refresh, LOOK_MS);

  async function refresh() {
    // A hidden page asks for nothing.
    if (document.hidden) return;
    const fresh = await attempt(() => api.deliveries(id), { looks: true });
    if (!fresh || !looking) return;
    const last = fresh.at(-1)?.id ?? 0;
    rows = fresh.concat(rows.filter((row) => row.id < last && fresh.length === PAGE));
    for (const number of opened.keys()) await look(number);
    draw();
  }

  async function more() {
    const page = await attempt(() => api.deliveries(id, rows.at(-1).id));
    if (!page) return;
    rows = rows.concat(page);
    older.dataset.end = page.length < PAGE;
    draw();
  }

  async function look(number) {
    const detail = await attempt(() => api.delivery(id, number), { looks: true });
    if (detail && opened.has(number)) opened.set(number, detail.tried);
  }

  async function toggle(number) {
    if (opened.delete(number)) return draw();
    opened.set(number, []);
    await look(number);
    draw();
  }

  async function again(number) {
    const sent = await attempt(async () => (await api.replay(id, number)) ?? true);
    if (!sent) return;
    await refresh();
    onChange();
  }

  function draw() {
    // Whoever stands on a button stays there while nothing changes.
    const now = JSON.stringify([rows, [...opened]]);
    if (now === drawn) return;
    drawn = now;
    const focused = document.activeElement?.dataset?.of;
    body.replaceChildren(...rows.flatMap((row) => [rowOf(row), opened.has(row.id) && attemptsOf(opened.get(row.id))].filter(Boolean)));
    if (focused) body.querySelector(`[data-of="${focused}"]`)?.focus();
    table.hidden = rows.length === 0;
    nothing.hidden = rows.length > 0;
    older.hidden = rows.length < PAGE || older.dataset.end === 'true';
  }

  function rowOf({ id: number, at, kind, state, attempts, next_at, last, message }) {
    const next = state === 'waiting' && attempts > 0 && next_at !== null;
    return h('tr', { 'data-delivery': number },
      h('td', null, h('button.more', { type: 'button', 'data-of': `more-${number}`, 'aria-expanded': String(opened.has(number)), title: message, onclick: () => toggle(number) }, timeText(at, Date.now()))),
      h('td', null, words.settings.webhooks.kinds[kind] ?? wording.ping),
      h('td', null, h('span.pill', { 'data-state': state }, wording.states[state])),
      h('td.came', null, last ? came(last) : '–', next && h('span.fine', null, ` ${wording.next(ago(Math.max(0, next_at - Date.now())))}`)),
      h('td.count', null, String(attempts)),
      h('td', null, state !== 'erased' && h('button.plain', { type: 'button', 'data-of': `again-${number}`, onclick: () => again(number) }, wording.again)));
  }

  function attemptsOf(tried) {
    const items = tried.map((one) => h('li', null,
      h('p', null, `${timeText(one.at, Date.now())} · ${came(one)}`),
      one.answer && h('pre', null, one.answer)));
    return h('tr.tried', null, h('td', { colspan: '6' }, items.length ? h('ol', null, items) : h('p.fine', null, wording.notTried)));
  }

  refresh();
  return {
    node: h('div.deliveries', null, table, nothing, older),
    refresh,
    end() {
      clearInterval(looking);
      looking = 0;
    },
  };
}

const came = ({ status, error, ms }) => (status === null ? error : wording.answered(status, ms));
