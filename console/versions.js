// What was published: when, by whom, why, what differs; and the way back.

import { ago } from './age.js';
import { h, say } from '../widget/h.js';
import { icon } from '../widget/icons.js';
import { words } from './words.js';

/** `load()` resolves to the versions, newest first; `onRollBack(to, base, note)` to what was published. */
export function versionsPane({ may, onBack, onRollBack, load }) {
  const text = words.knowledge;
  const status = h('p.done', { role: 'status', hidden: true });
  const trouble = h('p.trouble', { role: 'alert', hidden: true });
  const list = h('ol.versions');
  const title = h('h2', { tabindex: -1 }, text.versions);

  async function draw() {
    try {
      const versions = await load();
      list.replaceChildren(...versions.map((version, index) => rowOf(version, index === 0, versions[0].version)));
      tell('');
    } catch (refused) {
      tell(refused.message);
    }
  }

  function tell(message) {
    trouble.hidden = !message;
    say(trouble, message);
  }

  function rowOf({ version, at, by, note, changes }, served, newest) {
    const back = h('button', { type: 'button', onclick: () => ask(slot, version, newest) }, text.rollBack);
    const slot = h('div.slot', null, may && !served && back);
    return h('li', { 'aria-current': served && 'true' },
      h('p.version-line', null, h('strong', null, text.version(version)), served && h('span.badge', null, text.served),
        h('span.fine', { title: new Date(at).toLocaleString() }, `${by ?? text.imported} · ${ago(Date.now() - at)}`)),
      note && h('p', null, note),
      changes && h('ul.fine', null, changesOf(changes).map((line) => h('li', null, line))),
      slot);
  }

  /** Asks why before it goes back. */
  function ask(slot, to, base) {
    const note = h('input', { 'aria-label': text.note, placeholder: text.rollBackNote(to), maxlength: '300', autocomplete: 'off' });
    const go = h('button.primary', null, text.rollBackTo(to));
    const stop = h('button', { type: 'button', onclick: draw }, text.cancel);
    const submit = async (event) => {
      event.preventDefault();
      go.disabled = true;
      try {
        const { version } = await onRollBack(to, base, note.value || text.rollBackNote(to));
        await draw();
        say(status, text.published(version));
        status.hidden = false;
        title.focus();
      } catch (refused) {
        go.disabled = false;
        tell(refused.message);
      }
    };
    slot.replaceChildren(h('form.roll', { onsubmit: submit }, note, go, stop));
    note.focus();
  }

  draw();
  return {
    node: h('div.editor', null,
      h('header.chat-top', null,
        h('button.quiet.back', { type: 'button', 'aria-label': text.back, onclick: onBack }, icon('back')),
        h('div.about', null, title, h('p.where', null, text.versionsHint))),
      h('div.work', null, trouble, status, list)),
    focus: () => title.focus(),
  };
}

function changesOf(changes) {
  const lines = ['products', 'pages', 'faq'].flatMap((what) => ['added', 'changed', 'removed'].map((how) => {
    const { count, first } = changes[what][how];
    const names = first.join(', ') + (count > first.length ? ' …' : '');
    return count > 0 && words.knowledge.changed(count, what, how, names);
  }));
  return [...lines, changes.shop && words.knowledge.shopChanged].filter(Boolean);
}
