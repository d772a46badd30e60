// One site: what holds now, its settings to change, and who changed them before.

import { api } from './api.js';
import { atLeast } from './roles.js';
import { botText, fieldText, openText } from './site-state.js';
import { formOf, isChanged, over, placeOf, settingsOf } from './site-form.js';
import { h, say } from '../widget/h.js';
import { siteFields } from './site-fields.js';
import { siteHistory } from './site-history.js';
import { words } from './words.js';

/** `drafts` keeps what was typed and not saved, by site; `onShown(site)` comes when it is another version. */
export function sitePane({ me, call, drafts, site: first, onShown }) {
  const text = words.site;
  const may = atLeast(me, 'manager');
  const head = h('div.pills');
  const title = h('h2', { tabindex: -1 });
  const trouble = h('p.trouble', { role: 'alert', hidden: true });
  const note = h('p.note-line', { role: 'status' });
  const save = h('button.primary', null, text.save);
  const reset = h('button.plain', { type: 'button', onclick: undo }, text.reset);
  const draft = drafts.get(first.site);
  let site = draft ? { ...first, version: draft.version, settings: draft.settings } : first;
  const fields = siteFields({ site, form: draft?.form ?? formOf(site.settings), may, onChange: changed });
  const history = may && siteHistory({ load: () => call(api.siteHistory(first.site)), onBack: goBack });
  let busy = false;

  const dirty = () => isChanged(fields.read(), site.settings);

  function changed() {
    fields.tell();
    tell('');
    mark();
  }

  function mark(said = dirty() ? text.unsaved : '') {
    const is = dirty();
    save.disabled = busy || !is;
    reset.hidden = !is;
    note.classList.toggle('is-open', is);
    say(note, said);
  }

  function tell(problem, ...more) {
    trouble.hidden = !problem;
    trouble.replaceChildren(problem, ...more);
  }

  function undo() {
    fields.fill(formOf(site.settings));
    changed();
  }

  /** Shows another version; what was typed stays over it. */
  function show(next, form = formOf(next.settings)) {
    site = next;
    fields.fill(form);
    drawHead();
    history?.refresh();
    onShown(site);
  }

  function drawHead() {
    const pill = ({ state, text }) => h('span.pill', { 'data-state': state }, text);
    say(title, site.shown_as);
    head.replaceChildren(pill(openText(site, Date.now())), pill(botText(site, Date.now())));
  }

  async function submit(event) {
    event.preventDefault();
    if (busy || !dirty()) return;
    const form = fields.read();
    fields.tell();
    tell('');
    working(true);
    try {
      show(await call(api.changeSite(site.site, site.version, settingsOf(form, site.settings))));
      working(false, text.saved(site.version));
    } catch (refused) {
      working(false);
      if (refused.code === 'changed') await meanwhile(refused);
      else refuse(refused.message, form);
    }
  }

  function working(is, said) {
    busy = is;
    say(save, is ? text.saving : text.save);
    mark(said);
  }

  /** A refusal goes beside the field it is about. */
  function refuse(message, form) {
    const { name, line, code, message: why } = placeOf(message, form);
    if (!name) return void tell(message);
    const told = code ? text.told[code] : why;
    const meant = line === null ? '' : text.line(line + 1, form[name].split('\n')[line].trim());
    tell(text.mistake);
    fields.tell(name, meant + told);
  }

  async function meanwhile(refused) {
    try {
      const newer = await find();
      const load = h('button.again', { type: 'button', onclick: () => take(newer) }, text.loadNewer);
      tell(text.meanwhile(newer.version), ' ', load);
      load.focus();
    } catch {
      tell(refused.message);
    }
  }

  const find = async () => (await call(api.sites())).find(({ site }) => site === first.site);

  function take(newer) {
    const { form, both } = over(newer.settings, fields.read(), site.settings);
    show(newer, form);
    tell('');
    mark([text.loaded(newer.by, newer.version), both.length > 0 && text.both([...new Set(both.map(fieldText))].join(', '))].filter(Boolean).join(' '));
    save.focus();
  }

  /** Sets everything as it was in version `to`; what was typed stays, not saved. Resolves to the words of a refusal, or null. */
  async function goBack(to) {
    try {
      const back = await call(api.revertSite(site.site, (await find()).version, to));
      show(back, over(back.settings, fields.read(), site.settings).form);
      mark(text.back(to));
      return null;
    } catch (refused) {
      return refused.message;
    }
  }

  /** The browser asks before it lets go of what was typed. */
  const leaving = (event) => dirty() && event.preventDefault();
  addEventListener('beforeunload', leaving);

  drawHead();
  mark();
  if (draft && dirty()) mark(text.kept);
  if (draft && draft.version !== first.version) meanwhile({ message: text.meanwhile(first.version) });
  return {
    node: h('div.site', null,
      h('section', null,
        h('div.head', null, title, head),
        !may && h('p.hint', null, text.readOnly),
        h('form', { onsubmit: submit, novalidate: true }, fields.node,
          may && h('div.save', null, trouble, h('div.save-line', null, save, reset, note)))),
      history && history.node),
    focus: () => title.focus(),
    end() {
      removeEventListener('beforeunload', leaving);
      if (dirty()) drafts.set(site.site, { version: site.version, settings: site.settings, form: fields.read() });
      else drafts.delete(site.site);
    },
  };
}
