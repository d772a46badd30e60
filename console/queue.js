// The left pane: everyone who is here, who waits first. Each row says why it stands where it stands.

import { ago, waited } from './age.js';
import { groups } from './state.js';
import { h, say } from '../widget/h.js';
import { keyed } from '../widget/keyed.js';
import { timeText } from '../widget/clock.js';
import { words } from './words.js';

export function queuePane({ me, onChoose }) {
  const list = h('div.rows');
  const calm = h('div.calm', null, h('strong', null, words.nobody), h('span', null, words.botHasFloor));
  const fill = keyed(list, (row, old) => (row.heading ? heading(row) : rowOf(row, old, onChoose)));
  const legend = words.keys.map((entry) => h('span', null, entry.slice(0, -1).map((key) => h('kbd', null, key)), ` ${entry.at(-1)}`));
  const ticking = setInterval(tick, 1_000);

  /** Ages go on by themselves, without a word from the server. */
  function tick() {
    for (const time of list.querySelectorAll('time')) {
      const span = Date.now() - Number(time.dataset.since);
      say(time, 'waits' in time.dataset ? `${words.waited} ${waited(span)}` : ago(span));
    }
  }

  return {
    node: h('nav.queue', { 'aria-label': words.queue }, calm, list, h('p.legend', null, legend)),
    draw({ rows, watched, silent }) {
      if (!rows) return;
      calm.hidden = rows.some((row) => row.state === 'queued');
      const bot = silent ? words.botIsSilent : words.botHasFloor;
      say(calm.lastChild, rows.length ? bot : `${bot} ${words.nobodyHere}`);
      fill(groups(rows, me.name).flatMap(({ name, rows }) => [
        { key: name, heading: words.groups[name], count: rows.length },
        // One string to compare: the server sends the whole queue whenever any of it changes.
        ...rows.map((row) => ({ key: row.chat, json: JSON.stringify(row), current: row.chat === watched?.chat, mine: row.owner === me.name })),
      ]));
      tick();
    },
    reveal: (chat) => list.querySelector(`[data-chat="${CSS.escape(chat)}"]`)?.scrollIntoView({ block: 'nearest' }),
    end: () => clearInterval(ticking),
  };
}

const heading = ({ heading, count }) => h('h2', null, heading, h('span', null, String(count)));

/** The button stays the same one, so that whoever stands on it with the keyboard stays there. */
function rowOf({ json, current, mine }, old, onChoose) {
  const { chat, state, owner, reason, since, score, reasons, preview, page, reply_by } = JSON.parse(json);
  const button = old ?? h('button.row', { type: 'button', 'data-chat': chat, onclick: () => onChoose(chat) });
  button.dataset.state = state;
  button.setAttribute('aria-current', current);
  button.replaceChildren(...[
    h('span.row-top', null,
      h('span.state', null, state === 'open' ? words.withName(mine ? words.me : (owner ?? '')) : words.states[state]),
      h('time', { 'data-since': since, 'data-waits': state === 'queued' }),
      score !== 0 && h('span.score', null, String(score))),
    h('span.preview', null, preview || words.noWords),
    reply_by && h('span.due', null, words.replyBy(timeText(reply_by, Date.now()))),
    (reason || page) && h('span.why', null, [reason && words.reasons[reason], page?.title].filter(Boolean).join(' · ')),
    reasons.length > 0 && h('span.points', null, reasons.map(({ points, reason }) =>
      h('span', null, h('b', null, signed(points)), ` ${reason}`))),
  ].filter(Boolean));
  return button;
}

const signed = (points) => (points < 0 ? `−${-points}` : `+${points}`);
