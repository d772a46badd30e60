// What comes with a complete reply: the products it speaks of, and where its facts can be read.

import { h } from './h.js';
import { safeLink } from './links.js';
import { words } from './words.js';

/** The elements below a reply's text, none if there is nothing to show. */
export function cards({ cards, sources }) {
  return [
    cards.length > 0 && h('ul.cards', null, cards.map((card) => h('li', null, product(card)))),
    sources.length > 0 && h('ul.sources', null, sources.map((source) => h('li', null, origin(source)))),
  ].filter(Boolean);
}

function product({ title, price, was_price, availability, link, image }) {
  const src = safeLink(image);
  return linked('card', link, [
    src && h('img', { src, alt: '', loading: 'lazy', width: 64, height: 64, referrerpolicy: 'no-referrer', onerror: (event) => event.target.remove() }),
    h('span.card-text', null,
      h('span.card-title', null, title),
      h('span.card-facts', null,
        price && h('span.price', null, price),
        was_price && h('span.was', null, h('span.unseen', null, ` ${words.was} `), h('s', null, was_price)),
        availability && h('span.stock', { 'data-stock': availability.toLowerCase() }, availability))),
  ]);
}

const origin = ({ title, link }) => linked('source', link, [words.source(title)]);

/** A link in a new tab, or the same thing without one if there is no address that is safe. */
function linked(name, link, children) {
  const href = safeLink(link);
  if (!href) return h(`span.${name}`, null, ...children);
  return h(`a.${name}`, { href, target: '_blank', rel: 'noopener noreferrer' }, ...children, h('span.unseen', null, ` ${words.opensNew}`));
}
