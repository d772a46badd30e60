// Keys for programs that use the API: a form for a new one, and the list of those in use.

import { ago } from './age.js';
import { api } from './api.js';
import { h } from '../widget/h.js';
import { once } from './once.js';
import { sure } from './sure.js';
import { words } from './words.js';

const wording = words.settings.keys;

/** `attempt(doing)` does something and shows what went wrong. */
export function apiKeys({ attempt }) {
  const add = h('button.primary', { type: 'button', onclick: () => open(true) }, wording.add);
  const secret = h('div');
  const list = h('div.cards');
  const form = newKey({ onCancel: () => open(false), onWish: make });
  form.hidden = true;

  function open(is) {
    form.hidden = !is;
    add.hidden = is;
    if (is) form.querySelector('input').focus();
    else form.reset();
  }

  async function make(wish) {
    const made = await attempt(() => api.addKey(wish));
    if (!made) return;
    open(false);
    secret.replaceChildren(once({ title: wording.secret, hint: wording.secretHint, secret: made.secret, onDone: () => secret.replaceChildren() }));
    await draw();
  }

  async function revoke(id) {
    const done = await attempt(async () => (await api.revokeKey(id)) ?? true);
    if (done) await draw();
  }

  async function draw() {
    const all = await attempt(api.keys, { looks: true });
    if (!all) return;
    const inUse = all.filter((key) => key.revoked_at === null);
    list.replaceChildren(...(inUse.length ? inUse.map(cardOf) : [h('p.nothing', null, wording.none)]));
  }

  function cardOf({ id, name, scopes, made_by, made_at, used_at }) {
    const used = used_at === null ? wording.neverUsed : wording.used(ago(Date.now() - used_at));
    return h('article.card', { 'data-key': id },
      h('div.head', null, h('h3', null, name), h('code', null, `fw_${id}_…`)),
      h('p', null, scopes.map((scope) => wording.scopes[scope] ?? scope).join(', ')),
      h('div.acts', null, h('p.fine', null, `${used} · ${wording.made(made_by, ago(Date.now() - made_at))}`), sure(wording.revoke, wording.revokeSure, () => revoke(id))));
  }

  draw();
  return {
    node: h('section', { 'aria-labelledby': 'api-keys' },
      h('div.head', null, h('h2', { id: 'api-keys' }, wording.title), add),
      h('p.hint', null, wording.hint),
      secret, form, list),
  };
}

function newKey({ onCancel, onWish }) {
  const name = h('input', { name: 'key-name', required: true, maxlength: '60', autocomplete: 'off' });
  const scopes = Object.entries(wording.scopes).map(([scope, label]) => {
    const box = h('input', { type: 'checkbox', value: scope });
    return { box, node: h('label.check', null, box, h('span', null, label, h('code', null, scope))) };
  });

  function submit(event) {
    event.preventDefault();
    onWish({ name: name.value.trim(), scopes: scopes.filter(({ box }) => box.checked).map(({ box }) => box.value) });
  }

  return h('form.card', { onsubmit: submit },
    h('label', null, wording.name, name),
    h('fieldset', null, h('legend', null, wording.may), h('div.checks', null, scopes.map(({ node }) => node))),
    h('div.acts', null, h('button.primary', null, wording.save), h('button.plain', { type: 'button', onclick: onCancel }, words.settings.cancel)));
}
