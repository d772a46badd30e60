// The ways between the console's pages, for its top bar. A page's name is the address's hash.

import { h } from '../widget/h.js';
import { words } from './words.js';

/** `here` is the page that is shown: `queue`, `knowledge`, or one of the settings. */
export function pages(here) {
  const to = (name, hash, text) => h('a', { href: hash, 'aria-current': name === here && 'page' }, text);
  const settings = ['queue', 'knowledge', 'account'].includes(here) ? 'sites' : here;
  return h('nav.pages', { 'aria-label': words.pages },
    to('queue', '#', words.queue), to('knowledge', '#knowledge', words.knowledge.title), to(settings, '#sites', words.frame.title));
}
