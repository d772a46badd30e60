// One line of a transcript as an element. Staff see who said what, and which words an AI found.

import { h, say } from '../widget/h.js';
import { planOf } from './plan.js';
import { timeText } from '../widget/clock.js';
import { words } from './words.js';

/** The element for `row`, built anew or made from `old`. `wishes` has `onRetry(message)`. */
export const paint = (row, old, wishes) => painters[row.kind](row, old, wishes);

const painters = {
  time: ({ at }) => h('p.time', null, h('time', { datetime: new Date(at).toISOString() }, timeText(at, Date.now()))),

  visitor: ({ item, first }) => message('visitor', first, words.visitorSaid, item),

  staff: ({ item, first }) => message('staff', first, item.name, item),

  /** A reply keeps its node while sentences come, so that an opened plan stays open. */
  bot({ item, first }, old) {
    const node = old ?? h('article.msg.bot', null, h('span.who', null, h('b.ai', null, words.ai)), h('div.bubble', null, h('p')), h('div.plan-place'));
    node.classList.toggle('first', first);
    node.classList.toggle('is-empty', item.sentences.length === 0);
    say(node.querySelector('.bubble p'), item.sentences.map(({ text }) => text).join(' ') + (item.cut ? ' —' : ''));
    node.querySelector('.bubble').classList.toggle('is-cut', item.cut);
    const open = node.querySelector('details')?.open ?? false;
    node.lastChild.replaceChildren(...(item.plan ? [planOf(item, open)] : []));
    return node;
  },

  contact({ item: { contact, message, reply_by } }) {
    return h('article.msg.visitor.contact', null,
      h('span.who', null, words.contact),
      h('div.bubble', null,
        h('p', null, h('b', null, contact.name), contact.name && ' ', h('a', { href: `mailto:${contact.email}` }, contact.email), contact.phone && ` ${contact.phone}`),
        message && h('p', null, message),
        h('p.due', null, words.replyBy(timeText(reply_by, Date.now())))));
  },

  note({ item }) {
    return h('p.note', { 'data-note': item.note }, noteText(item));
  },

  mine({ item }, _, { onRetry }) {
    const node = message('staff', true, null, item);
    node.classList.add('is-pending');
    const status = item.problem
      ? h('p.status.is-bad', { role: 'alert' }, `${item.problem} `, h('button', { type: 'button', onclick: () => onRetry(item) }, words.retry))
      : h('p.status', null, words.sending);
    node.append(status);
    return node;
  },
};

function message(kind, first, who, { text, at }) {
  return h(`article.msg.${kind}${first ? '.first' : ''}`, { title: timeText(at, Date.now()) },
    who && h('span.who', null, who), h('div.bubble', null, h('p', null, text)));
}

function noteText({ note, page, reason, name, question, why, email }) {
  const said = {
    started: page && words.notes.started(page.title || page.url),
    wanted: words.notes.wanted(words.reasons[reason]),
    took: words.notes.took(name),
    gap: words.notes.gap(question),
    absent: words.notes.absent[why],
    mailed: words.notes.mailed(email),
  };
  return said[note] ?? (note === 'started' ? words.notes.began : words.notes[note]);
}
