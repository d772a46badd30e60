// The top of the chat: the shop, who is answering (an AI until a colleague has joined), the way to a
// person, and the way out.

import { h, say } from './h.js';
import { icon } from './icons.js';
import { words } from './words.js';

export function header({ onAskPerson, onMail, onClose }) {
  const monogram = h('span.monogram', { 'aria-hidden': true });
  const shop = h('h2.shop', null, words.chat);
  const badge = h('span.badge-who', { role: 'status' }, words.assistant);
  const ask = h('button.ask', { type: 'button', onclick: onAskPerson }, words.askPerson);
  const mail = h('button.close.mail', { type: 'button', 'aria-label': words.mailChat, title: words.mailChat, onclick: onMail, hidden: true }, icon('mail'));
  const close = h('button.close', { type: 'button', 'aria-label': words.close, onclick: onClose }, icon('close'));

  return {
    node: h('div.top', null, monogram, h('div.names', null, shop, badge), ask, mail, close),
    draw({ shop: name, turn, colleague, pending, mail: offered, items }) {
      const person = turn === 'open' && colleague;
      const asking = pending.some((message) => message.kind === 'ask');
      const queued = turn === 'queued';
      say(shop, name || words.chat);
      say(badge, person || words.assistant);
      badge.classList.toggle('is-person', Boolean(person));
      say(monogram, (person || name || '').slice(0, 1).toUpperCase());
      say(ask, queued ? words.queuedShort : asking ? words.asking : words.askPerson);
      // Not `disabled`: that would throw the focus of whoever has just pressed it off the page.
      ask.setAttribute('aria-disabled', queued || asking);
      ask.hidden = Boolean(person);
      mail.hidden = !offered || items.length === 0;
    },
  };
}
