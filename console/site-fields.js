// The fields of a site's settings. Beside each stands what holds while it is empty, and what the server
// had to say about it.

import { copyLine } from './copy.js';
import { DAYS, USUAL } from './site-form.js';
import { h, say } from '../widget/h.js';
import { words } from './words.js';

const LANGUAGES = ['en-IE', 'en-GB', 'en-US', 'de-DE', 'de-AT', 'de-CH'];

/** `site` is as the server last sent it; `onChange()` comes with every key. */
export function siteFields({ site, form, may, onChange }) {
  const text = words.site;
  /** name -> { read, fill, remark, input, follows } */
  const fields = new Map();

  function changed() {
    follow();
    onChange();
  }

  /** What is empty says what it follows. */
  function follow() {
    for (const { read, follows } of fields.values()) if (follows) follows.hidden = read().trim() !== '';
  }

  /** Label, hint, input and remark of one field. */
  function field(name, input, { around = input, label = text.fields[name], hint = text.hints[name], follows = text.follows[name] } = {}) {
    const remark = h('p.remark', { id: `remark-${name}`, hidden: true });
    const tag = follows && h('span.follows', { id: `follows-${name}`, hidden: true }, follows);
    input.id = `field-${name}`;
    input.setAttribute('aria-describedby', [hint && `hint-${name}`, tag && `follows-${name}`, `remark-${name}`].filter(Boolean).join(' '));
    fields.set(name, { read: () => input.value, fill: (value) => (input.value = value), remark, input, follows: tag });
    return h('div.field', { 'data-field': name },
      h('div.label-line', null, h('label', { for: input.id }, label), tag), hint && h('span.fine', { id: `hint-${name}` }, hint), around, remark);
  }

  const line = (name, props) => h('input', { name, autocomplete: 'off', readonly: !may, oninput: changed, ...props });
  const area = (name, rows, props) => h('textarea', { name, rows, readonly: !may, oninput: changed, ...props });
  const built = (name) => area(name, 2, { placeholder: typeof text.builtIn[name] === 'function' ? text.builtIn[name](site.shown_as) : text.builtIn[name] });

  function tick(name, label, isOn) {
    const input = h('input', { type: 'checkbox', name, id: `field-${name}`, disabled: !may, 'aria-describedby': `remark-${name}`, onchange: () => { isOn(); changed(); } });
    const remark = h('p.remark', { id: `remark-${name}`, hidden: true });
    // The tick says "as the shop", the form says "its own".
    fields.set(name, { read: () => !input.checked, fill: (own) => { input.checked = !own; isOn(true); }, remark, input });
    return { node: h('div.field', { 'data-field': name }, h('label.check', null, input, h('span', null, label)), remark), input };
  }

  function colour() {
    const input = line('accent', { spellcheck: 'false', placeholder: '#1f6350', maxlength: 20 });
    const pick = h('input', { type: 'color', 'aria-label': text.pickColour, disabled: !may, oninput: () => { input.value = pick.value; changed(); } });
    const none = h('button.plain', { type: 'button', hidden: !may, onclick: () => { input.value = ''; changed(); input.focus(); } }, text.asPage);
    const made = field('accent', input, { around: h('div.colour', null, pick, input, none) });
    const own = fields.get('accent');
    const show = () => {
      const known = /^#[0-9a-f]{6}$/i.test(input.value);
      pick.classList.toggle('is-none', !known);
      if (known) pick.value = input.value;
    };
    input.addEventListener('input', show);
    none.addEventListener('click', show);
    pick.addEventListener('input', show);
    fields.set('accent', { ...own, fill: (value) => { own.fill(value); show(); } });
    return made;
  }

  function bot() {
    const choices = Object.entries(text.bot).map(([value, label]) => {
      const input = h('input', { type: 'radio', name: 'bot', value, disabled: !may, onchange: changed });
      return { input, node: h('label.check', null, input, h('span', null, label, h('small', null, text.botHints[value]))) };
    });
    const inputs = choices.map(({ input }) => input);
    const remark = h('p.remark', { id: 'remark-bot', hidden: true });
    fields.set('bot', {
      read: () => inputs.find((input) => input.checked)?.value ?? '',
      fill: (value) => inputs.forEach((input) => (input.checked = input.value === value)),
      remark, input: inputs[0],
    });
    return h('fieldset.field', { 'data-field': 'bot' }, h('legend', null, text.fields.bot), choices.map(({ node }) => node), remark);
  }

  function hours() {
    const rows = h('div.days', null,
      h('span.fine', null, text.hints.hours),
      DAYS.map((day) => field(`hours.${day}`, line(`hours.${day}`, { placeholder: text.closedDay, spellcheck: 'false' }), { label: text.days[day], hint: null, follows: null })));
    const shops = tick('hours.own', text.shopsHours, (filling) => {
      rows.hidden = shops.input.checked;
      const days = DAYS.map((day) => [day, fields.get(`hours.${day}`)]);
      // Hours of its own begin with usual ones, rather than with a shop that never opens.
      if (!filling && !shops.input.checked && days.every(([, { read }]) => !read())) for (const [day, { fill }] of days) fill(USUAL[day]);
    });
    return [shops.node, rows];
  }

  function suggestions() {
    const own = field('texts.suggestions', area('texts.suggestions', 3), { follows: null });
    const shops = tick('texts.suggestions.own', text.shopsQuestions, () => (own.hidden = shops.input.checked));
    return [shops.node, own];
  }

  const group = (name, ...children) => h('section.card.group', { 'aria-labelledby': `group-${name}` },
    h('h3', { id: `group-${name}` }, text.groups[name]), text.groupHints[name] && h('p.fine', null, text.groupHints[name]), children.flat());
  const list = (id, values) => h('datalist', { id }, values.map((value) => h('option', { value })));
  const embed = `<script async src="${location.origin}/widget.js" data-site="${site.site}"></script>`;

  const node = h('div.groups', null,
    group('brand',
      field('name', line('name', { maxlength: 200, placeholder: site.settings.name === null ? site.shown_as : null })),
      colour(),
      field('language', line('language', { list: 'languages', spellcheck: 'false' })), list('languages', LANGUAGES),
      field('time_zone', line('time_zone', { list: 'zones', spellcheck: 'false', placeholder: site.settings.time_zone === null ? site.zone : null })),
      list('zones', Intl.supportedValuesOf?.('timeZone') ?? [])),
    group('pages',
      field('origins', area('origins', 3, { spellcheck: 'false', placeholder: `https://…` })),
      h('div.field', null, h('span.label', null, text.embed), copyLine({ text: embed, label: text.embed }))),
    group('hours', hours(), field('holidays', area('holidays', 4, { spellcheck: 'false' }))),
    group('absent',
      field('texts.closed', built('texts.closed')),
      field('texts.nobody_free', built('texts.nobody_free')),
      field('accept_within_minutes', line('accept_within_minutes', { inputmode: 'numeric' })),
      field('reply_within_hours', line('reply_within_hours', { inputmode: 'numeric' }))),
    group('texts', field('texts.greeting', built('texts.greeting')), suggestions()),
    group('bot', bot()),
    group('keep', field('keep_chats_days', line('keep_chats_days', { inputmode: 'numeric' }))));

  function fill(form) {
    for (const [name, { fill }] of fields) fill(form[name]);
    follow();
  }

  fill(form);
  return {
    node,
    fill,
    read: () => Object.fromEntries([...fields].map(([name, { read }]) => [name, read()])),
    /** Puts `message` beside a field and goes there; nothing takes away what was there. */
    tell(name = null, message = '') {
      for (const [each, { remark, input }] of fields) {
        remark.hidden = each !== name;
        say(remark, each === name ? message : '');
        if (each === name) input.setAttribute('aria-invalid', 'true');
        else input.removeAttribute('aria-invalid');
      }
      fields.get(name)?.input.focus();
    },
  };
}
