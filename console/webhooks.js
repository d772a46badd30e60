// Programs that are told what happens: a form for a new one, and a card for each with its deliveries.

import { ago } from './age.js';
import { api } from './api.js';
import { deliveries } from './deliveries.js';
import { h, say } from '../widget/h.js';
import { once } from './once.js';
import { sure } from './sure.js';
import { words } from './words.js';

const wording = words.settings.webhooks;

/** `attempt(doing)` does something and shows what went wrong. */
export function webhooks({ attempt }) {
  const add = h('button.primary', { type: 'button', onclick: () => open(true) }, wording.add);
  const secret = h('div');
  const list = h('div.cards');
  const form = newWebhook({ onCancel: () => open(false), onWish: make });
  form.hidden = true;
  /** Cards by id, so that an open log stays open. */
  const cards = new Map();

  function open(is) {
    form.hidden = !is;
    add.hidden = is;
    if (is) form.querySelector('input').focus();
    else form.reset();
  }

  async function make(wish) {
    const made = await attempt(() => api.addWebhook(wish));
    if (!made) return;
    open(false);
    secret.replaceChildren(once({ title: wording.secret, hint: wording.secretHint, secret: made.secret, onDone: () => secret.replaceChildren() }));
    await draw();
  }

  async function draw() {
    const all = await attempt(api.webhooks, { looks: true });
    if (!all) return;
    for (const [id, card] of cards) {
      if (all.some((webhook) => webhook.id === id)) continue;
      card.end();
      cards.delete(id);
    }
    for (const webhook of all) {
      if (!cards.has(webhook.id)) cards.set(webhook.id, cardOf({ webhook, attempt, changed: draw }));
      cards.get(webhook.id).draw(webhook);
    }
    const nodes = all.length ? all.map(({ id }) => cards.get(id).node) : [h('p.nothing', null, wording.none)];
    // Whoever stands on a button stays there: only another list is set anew.
    const same = nodes.length === list.children.length && nodes.every((node, index) => node === list.children[index]);
    if (!same) list.replaceChildren(...nodes);
  }

  draw();
  return {
    node: h('section', { 'aria-labelledby': 'webhooks' },
      h('div.head', null, h('h2', { id: 'webhooks' }, wording.title), add),
      h('p.hint', null, wording.hint),
      secret, form, list),
    end: () => cards.forEach((card) => card.end()),
  };
}

function newWebhook({ onCancel, onWish }) {
  const url = h('input', { type: 'url', name: 'url', required: true, placeholder: 'https://', maxlength: '2000', spellcheck: 'false', autocomplete: 'off' });
  const kinds = Object.entries(wording.kinds).map(([kind, label]) => {
    const box = h('input', { type: 'checkbox', value: kind, checked: true });
    return { box, node: h('label.check', null, box, h('span', null, label, h('code', null, kind))) };
  });
  const text = h('input', { type: 'checkbox', name: 'text' });

  function submit(event) {
    event.preventDefault();
    const chosen = kinds.filter(({ box }) => box.checked).map(({ box }) => box.value);
    onWish({ url: url.value.trim(), kinds: chosen, include_text: text.checked });
  }

  return h('form.card', { onsubmit: submit },
    h('label', null, wording.url, url),
    h('fieldset', null, h('legend', null, wording.tell), h('div.checks', null, kinds.map(({ node }) => node))),
    h('label.check', null, text, h('span', null, wording.includeText, h('small', null, wording.includeTextHint))),
    h('div.acts', null, h('button.primary', null, wording.save), h('button.plain', { type: 'button', onclick: onCancel }, words.settings.cancel)));
}

function cardOf({ webhook: { id }, attempt, changed }) {
  const url = h('h3');
  const state = h('span.pill');
  const about = h('p.fine');
  const why = h('p.fine.is-bad', { hidden: true });
  const missed = h('button.plain', { type: 'button', hidden: true, onclick: recover });
  const pause = h('button.plain', { type: 'button', onclick: toggle });
  const logButton = h('button.plain', { type: 'button', 'aria-expanded': 'false', onclick: toggleLog }, wording.log);
  const logPlace = h('div');
  let shown = null;
  let log = null;

  async function toggle() {
    if (await done(() => api.pauseWebhook(id, shown.paused_at === null))) changed();
  }

  async function test() {
    if (!(await done(() => api.testWebhook(id)))) return;
    if (!log) toggleLog();
    log.refresh();
  }

  async function recover() {
    if (!(await done(() => api.recoverWebhook(id, 0)))) return;
    if (!log) toggleLog();
    log.refresh();
    changed();
  }

  async function remove() {
    if (await done(() => api.removeWebhook(id))) changed();
  }

  /** Whether it worked; most answers are empty. */
  const done = (doing) => attempt(async () => (await doing()) ?? true);

  function toggleLog() {
    logButton.setAttribute('aria-expanded', String(!log));
    if (log) {
      log.end();
      logPlace.replaceChildren();
      log = null;
      return;
    }
    log = deliveries({ id, attempt, onChange: changed });
    logPlace.replaceChildren(log.node);
  }

  return {
    node: h('article.card', { 'data-webhook': id },
      h('div.head', null, url, state),
      about, why,
      h('div.acts', null,
        h('button.plain', { type: 'button', onclick: test }, wording.test), logButton, missed, pause,
        sure(wording.remove, wording.removeSure, remove)),
      logPlace),
    draw(webhook) {
      shown = webhook;
      const paused = webhook.paused_at !== null;
      const failing = webhook.failing_since !== null;
      const name = paused ? 'paused' : failing ? 'failing' : 'well';
      say(url, webhook.url);
      state.dataset.state = name;
      say(state, wording.states[name]);
      say(about, [told(webhook.kinds), webhook.include_text && wording.withText, wording.madeBy(webhook.made_by)].filter(Boolean).join(' · '));
      why.hidden = !paused && !failing;
      say(why, paused ? wording.pausedWhy(webhook.paused_why, ago(Date.now() - webhook.paused_at)) : failing ? wording.failingSince(ago(Date.now() - webhook.failing_since)) : '');
      say(pause, paused ? wording.resume : wording.pause);
      missed.hidden = webhook.missed === 0 || paused;
      say(missed, wording.missed(webhook.missed));
    },
    end: () => log?.end(),
  };
}

function told(kinds) {
  if (Object.keys(wording.kinds).every((kind) => kinds.includes(kind))) return wording.everything;
  return kinds.map((kind) => wording.kinds[kind] ?? kind).join(' · ');
}
