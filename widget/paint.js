// One row of the chat as an element. A row that changes gets its old node back and adds to it, so
// that a sentence appears once, is animated once and is read aloud once.

import { cards } from './cards.js';
import { form } from './form.js';
import { h, say } from './h.js';
import { pieces } from './links.js';
import { timeText } from './clock.js';
import { words } from './words.js';

/** The element for `row`, built anew or made from `old`. */
export const paint = (row, old, wishes) => painters[row.kind](row, old, wishes);

const painters = {
  greeting: ({ text }) => h('article.msg.bot.first', null, who(words.assistant), h('div.bubble', null, h('p', null, text))),

  suggestions({ suggestions, of = 'suggestions' }, _, { onSuggestion }) {
    const chip = (text) => h('button.chip', { type: 'button', onclick: () => onSuggestion(text) }, text);
    return h('div.suggestions', { role: 'group', 'aria-label': words[of] }, suggestions.map(chip));
  },

  time: ({ at }) => h('p.time', null, h('time', { datetime: new Date(at).toISOString() }, timeText(at, Date.now()))),

  said({ item, first }, old, { onTakeBack }) {
    const node = old ?? h('article.msg.said', null, h('span.unseen', null, `${words.you}: `), h('div.bubble', null, h('p', null, item.text)), h('p.status'));
    node.classList.toggle('first', first);
    node.classList.toggle('is-pending', item.status !== undefined && item.status !== 'stored');
    node.classList.toggle('is-refused', item.status === 'refused');
    status(node.lastChild, item, onTakeBack);
    return node;
  },

  bot({ item, first }, old) {
    const node = old ?? h('article.msg.bot', null, who(words.assistant), h('div.bubble', null, h('p')));
    goOn(node.querySelector('.bubble > p'), item.sentences);
    node.classList.toggle('first', first);
    node.classList.toggle('is-speaking', !item.done && !item.cut);
    node.classList.toggle('is-cut', item.cut);
    const bubble = node.querySelector('.bubble');
    if (item.cut && !bubble.querySelector('.cut')) bubble.append(h('span.cut', { role: 'img', 'aria-label': words.cut }, '—'));
    if (item.done && node.lastChild === bubble) node.append(...cards(item));
    return node;
  },

  staff({ item, first }) {
    const linked = pieces(item.text).map(({ text, href }) => (href ? h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, text) : text));
    return h(first ? 'article.msg.staff.first' : 'article.msg.staff', null, who(item.name), h('div.bubble', null, h('p', null, linked)));
  },

  house: ({ item }) => h('article.msg.house', null, h('div.bubble', null, h('p', null, item.text))),

  form: (row, old, { onFillIn, onShowForm }) => form(row, old, { onFillIn, onCancel: () => onShowForm(null) }),

  note({ item }, old) {
    const node = old ?? h('p.note');
    const place = item.note === 'queued' && item.place ? ` ${words.place(item.place)}` : '';
    const text = words[item.note];
    say(node, (typeof text === 'function' ? text(item.name) : text) + place);
    return node;
  },

  typing: () => h('div.typing', { 'aria-hidden': true }, h('i'), h('i'), h('i')),
};

/** The author's name, seen above the first message of a run, heard before each. */
const who = (name) => h('span.who', null, name);

/** Adds the sentences that are not there yet; begins again if what is there was something else. */
function goOn(text, sentences) {
  const shown = text.childNodes.length;
  sentences.slice(shown).forEach((sentence, index) => text.append(h('span.sentence', null, shown + index ? ` ${sentence}` : sentence)));
  if (text.textContent === sentences.join(' ')) return;
  text.replaceChildren(h('span.sentence', null, sentences.join(' ')));
}

function status(node, { status, problem, client_id }, onTakeBack) {
  const text = { sending: words.sending, later: problem ?? words.sending, refused: problem }[status] ?? '';
  if (status === 'refused') {
    node.setAttribute('role', 'alert');
    node.replaceChildren(`${text} `, h('button', { type: 'button', onclick: () => onTakeBack(client_id) }, words.edit));
  } else say(node, text);
}
