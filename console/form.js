// The fields of a page, a question or a product, with remarks beside the field they are about.

import { h, say } from '../widget/h.js';
import { words } from './words.js';

const LONG = { text: 22, description: 5, answer: 5 };
const NAMES = {
  page: ['title', 'link', 'text'],
  faq: ['question', 'answer', 'link'],
  product: ['id', 'title', 'price', 'sale_price', 'sale_price_effective_date', 'availability', 'product_type', 'description', 'link', 'image_link'],
};
const STOCK = ['', 'in_stock', 'out_of_stock', 'preorder', 'backorder'];

export function formPane({ edit, form, may, onChange }) {
  const text = words.knowledge;
  const names = NAMES[edit.kind];
  const inputs = Object.fromEntries(names.map((name) => [name, input(name)]));
  const remarks = new Map(names.map((name) => [name, h('p.remark', { id: `remark-${name}`, hidden: true })]));
  const rows = h('div.values');
  const node = h('form.fields', { 'data-kind': edit.kind, onsubmit: (event) => event.preventDefault() },
    names.map((name) => h('div.field', { 'data-field': name }, h('label', { for: `field-${name}` }, text.fields[name]),
      text.hints[name] && h('span.fine', { id: `hint-${name}` }, text.hints[name]), inputs[name], remarks.get(name))),
    edit.kind === 'product' && h('details.further', { open: edit.new }, h('summary', null, text.further(form.rows.length)), rows,
      may && h('button.add', { type: 'button', onclick: () => add({ name: '', value: '' }).focus() }, text.addValue)));
  form.rows.forEach(add);

  function input(name) {
    const fixed = !may || (name === 'id' && !edit.new);
    const described = [text.hints[name] && `hint-${name}`, `remark-${name}`].filter(Boolean).join(' ');
    const props = { id: `field-${name}`, name, 'aria-describedby': described, readonly: fixed, autocomplete: 'off', oninput: onChange };
    if (name === 'availability') return choice(props);
    const made = h(name in LONG ? 'textarea' : 'input', name in LONG ? { ...props, rows: LONG[name] } : props);
    made.value = form.values[name];
    return made;
  }

  function choice({ readonly, ...props }) {
    const known = STOCK.includes(form.values.availability) ? STOCK : [...STOCK, form.values.availability];
    const made = h('select', { ...props, disabled: readonly, onchange: onChange }, known.map((value) => h('option', { value }, text.stock[value] ?? value)));
    made.value = form.values.availability;
    return made;
  }

  function add({ name, value }) {
    const called = h('input', { 'aria-label': text.valueName, placeholder: text.valueName, readonly: !may, autocomplete: 'off', oninput: onChange });
    const holds = h('input', { 'aria-label': text.value, placeholder: text.value, readonly: !may, autocomplete: 'off', oninput: onChange });
    [called.value, holds.value] = [name, value];
    const drop = () => {
      row.remove();
      onChange();
    };
    const row = h('div.value', null, called, holds, may && h('button.quiet', { type: 'button', 'aria-label': text.dropValue(name), onclick: drop }, '×'));
    rows.append(row);
    return called;
  }

  return {
    node,
    names,
    title: () => form.values.title || form.values.question || form.values.id || edit.id,
    focus: () => inputs[names[0]].focus(),
    read: () => ({
      values: Object.fromEntries(names.map((name) => [name, inputs[name].value])),
      rows: [...rows.children].map((row) => ({ name: row.children[0].value, value: row.children[1].value })),
      rest: form.rest,
    }),
    /** `found` is from field to messages; `only` what is odd and no mistake. */
    tell(found, only = false) {
      for (const [name, remark] of remarks) {
        const messages = found.get(name);
        say(remark, messages?.join(' ') ?? '');
        remark.hidden = !messages;
        remark.classList.toggle('is-odd', only);
        if (messages && !only) inputs[name].setAttribute('aria-invalid', 'true');
        else inputs[name].removeAttribute('aria-invalid');
      }
      const first = names.find((name) => found.has(name));
      if (first && !only) inputs[first].focus();
    },
  };
}
