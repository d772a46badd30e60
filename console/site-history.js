// Who changed a site's settings, what from and what to; and the way back.

import { ago } from './age.js';
import { fieldText, valueText } from './site-state.js';
import { h, say } from '../widget/h.js';
import { region } from './region.js';
import { words } from './words.js';

/** So many at first. */
const SHOWN = 8;

/** `load()` resolves to the versions, newest first; `onBack(version)` to the words of a refusal, or null. */
export function siteHistory({ load, onBack }) {
  const text = words.site;
  const title = h('h2', { tabindex: -1 }, text.history);
  const trouble = h('p.trouble', { role: 'alert', hidden: true });
  const list = region({ load, draw });

  function draw(versions) {
    const items = versions.map((version, index) => rowOf(version, index));
    const rows = h('ol.versions', null, items.slice(0, SHOWN));
    const older = items.length > SHOWN && h('button.plain', { type: 'button', onclick: () => {
      rows.append(...items.slice(SHOWN));
      older.remove();
      items[SHOWN].querySelector('button')?.focus();
    } }, text.older);
    return [rows, older];
  }

  function rowOf({ version, at, by, changes }, index) {
    const newest = index === 0;
    const back = newest
      ? version > 1 && h('button.plain', { type: 'button', onclick: () => go(version - 1, back) }, text.undo)
      : h('button.plain', { type: 'button', 'aria-label': text.asThenLabel(version), onclick: () => go(version, back) }, text.asThen);
    return h('li', { 'aria-current': newest && 'true' },
      h('p.version-line', null, h('strong', null, text.version(version)), newest && h('span.badge', null, text.inForce),
        h('span.fine', { title: new Date(at).toLocaleString() }, `${by} · ${agoText(at)}`), back),
      changes.length > 0
        ? h('ul.changes', null, changes.map(changeOf))
        : h('p.fine', null, version === 1 ? text.begun : text.same));
  }

  async function go(to, button) {
    button.disabled = true;
    const problem = await onBack(to);
    button.disabled = false;
    trouble.hidden = !problem;
    say(trouble, problem ?? '');
    if (!problem) title.focus();
  }

  return {
    node: h('section.history', null, h('div.head', null, title), trouble, list.node),
    refresh: list.refresh,
  };
}

const agoText = (at) => {
  const span = ago(Date.now() - at);
  return span === 'now' ? words.justNow : words.ago(span);
};

function changeOf({ field, before, after }) {
  const now = Date.now();
  return h('li', null, h('b', null, fieldText(field)), words.site.from,
    h('del', null, valueText(field, before, now)), words.site.to, h('ins', null, valueText(field, after, now)));
}
