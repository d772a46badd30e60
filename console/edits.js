// Edits as the server takes them and as a form shows them. Pure.

import { pageName, parts, whole } from './page-text.js';

/** The fields of a product with a place of their own in the form, in its order; all others are rows. */
export const PRODUCT_FIELDS = ['id', 'title', 'price', 'sale_price', 'sale_price_effective_date', 'availability', 'product_type', 'description', 'link', 'image_link'];

/** An edit that makes something new. */
export const blank = {
  page: () => ({ kind: 'page', id: '', text: '', new: true }),
  product: () => ({ kind: 'product', fields: [{ name: 'availability', value: 'in_stock' }], new: true }),
  faq: () => ({ kind: 'faq', was: null, question: '', answer: '', link: null }),
};

/** `{ values, rows, rest }`: named values of the form, the further rows, and what no form shows. */
export function formOf(edit) {
  if (edit.kind === 'page') {
    const { title, link, body, rest } = parts(edit.text);
    return { values: { title, link, text: body }, rows: [], rest };
  }
  if (edit.kind === 'faq') {
    return { values: { question: edit.question, answer: edit.answer, link: edit.link ?? '' }, rows: [], rest: [] };
  }
  const values = Object.fromEntries(PRODUCT_FIELDS.map((name) => [name, edit.fields.find((field) => field.name === name)?.value ?? '']));
  return { values, rows: edit.fields.filter(({ name }) => !PRODUCT_FIELDS.includes(name)), rest: [] };
}

/** The edit that a form stands for; `edit` is the one it was filled from. */
export function editOf(edit, { values, rows, rest }) {
  if (edit.kind === 'page') {
    const text = whole({ title: values.title, link: values.link, rest, body: values.text });
    return { ...edit, id: edit.new ? pageName(values.title) : edit.id, text };
  }
  if (edit.kind === 'faq') {
    return { ...edit, question: values.question, answer: values.answer, link: values.link.trim() || null };
  }
  const own = PRODUCT_FIELDS.map((name) => ({ name, value: values[name] }));
  const fields = [...own, ...rows].filter(({ name, value }) => value.trim() && name.trim());
  return { ...edit, fields };
}

/** What the server calls the record of an edit; nothing for one that is new. */
export function idOf(edit) {
  if (edit.new) return null;
  if (edit.kind === 'faq') return edit.was;
  return edit.kind === 'page' ? edit.id : edit.fields.find(({ name }) => name === 'id')?.value;
}

/** Whether two forms say the same. */
export const sameForm = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Remarks by the form's field: `Map(field -> [message])`. Those about no field of the form are under ''.
 * A new page's name is made of its title.
 */
export function remarksByField(remarks, fields) {
  const found = new Map();
  for (const { field, message } of remarks) {
    const named = fields.includes(field) ? field : field === 'id' && fields.includes('title') ? 'title' : '';
    const text = named || !field ? message : `${field}: ${message}`;
    found.set(named, [...(found.get(named) ?? []), text]);
  }
  return found;
}
