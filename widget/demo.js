// The demo shop's shelf: a dozen products from the catalogue the assistant answers from.

import { h } from './h.js';
import { safeLink } from './links.js';

const SHOWN = 12;

const shelf = document.querySelector('.shelf');
const trouble = document.querySelector('.trouble');

try {
  const answer = await fetch('/api/demo/products');
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  const { shop, products } = await answer.json();
  document.title = `${shop} (demo shop)`;
  for (const place of document.querySelectorAll('[data-shop]')) place.textContent = shop;
  shelf.append(...mixed(products).slice(0, SHOWN).map(item));
} catch (error) {
  trouble.hidden = false;
  trouble.textContent = 'The shelf could not be loaded. Please reload the page.';
  console.warn(error);
}
shelf.removeAttribute('aria-busy');

/** One of each kind in turn, so that the shelf is not all tents. */
function mixed(products) {
  const kinds = Object.values(Object.groupBy?.(products, ({ product_type }) => product_type ?? '') ?? [products]);
  const rounds = Math.max(0, ...kinds.map((kind) => kind.length));
  return Array.from({ length: rounds }, (_, round) => kinds.flatMap((kind) => kind[round] ?? [])).flat();
}

function item({ title, price, was_price, availability, link, image, product_type }) {
  const src = safeLink(image);
  const href = safeLink(link);
  const picture = h('span.picture', null,
    src && h('img', { src, alt: '', loading: 'lazy', width: 320, height: 320 }),
    was_price && h('span.sale', null, 'Sale'));
  const words = [
    product_type && h('span.type', null, product_type.split('>').at(-1).trim()),
    h('span.title', null, title),
    h('span.cost', null,
      h('span.price', null, price),
      was_price && h('s', null, was_price),
      availability && availability.toLowerCase() !== 'in stock' && h('span.stock', null, availability)),
  ];
  return h('li', null, href ? h('a.item', { href }, picture, ...words) : h('div.item', null, picture, ...words));
}
