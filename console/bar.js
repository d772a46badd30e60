// The bar above every page: the ways between them, what the page itself has to say, who is signed in.

import { h } from '../widget/h.js';
import { pages } from './pages.js';
import { words } from './words.js';

/** `here` is the page that is shown; `parts` stand between the ways and the name. */
export function bar({ me, here, onSignOut, parts = [] }) {
  return h('header.bar', null,
    h('p.mark', { 'aria-hidden': true }, h('i'), h('i')),
    h('h1', null, words.title),
    pages(here),
    h('span.space'),
    parts,
    h('a.me', { href: '#account', title: words.account.open, 'aria-current': here === 'account' && 'page' },
      h('span.letter', { 'aria-hidden': true }, [...me.name][0]), h('span.name', null, me.name)),
    h('button.quiet.out', { type: 'button', onclick: onSignOut }, words.signOut));
}
