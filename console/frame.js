// The settings: the bar, the list of their pages, and the one that is shown. Each page is a function of
// `{ me, call, kept, part }` and returns `{ node, focus, end }`.

import { account } from './account.js';
import { api } from './api.js';
import { atLeast } from './roles.js';
import { audit } from './audit.js';
import { bar } from './bar.js';
import { h } from '../widget/h.js';
import { integrations } from './integrations.js';
import { jobs } from './jobs.js';
import { people } from './people.js';
import { sites } from './sites.js';
import { words } from './words.js';

/** In the order of the list, with who may see it. */
const PAGES = [
  { name: 'sites', page: sites, role: 'analyst' },
  { name: 'people', page: people, role: 'admin' },
  { name: 'integrations', page: integrations, role: 'admin' },
  { name: 'audit', page: audit, role: 'admin' },
  { name: 'jobs', page: jobs, role: 'manager' },
  { name: 'account', page: account, role: 'analyst' },
];

/** Which of the settings the address names, if any. */
export const settingsIn = (hash) => PAGES.find(({ name }) => hash.has(name))?.name;

/** `here` is the page's name and `part` what of it; `kept` outlives the page. */
export function settings({ me, here, part, kept, onSignedOut }) {
  const { page, role } = PAGES.find(({ name }) => name === here);
  const links = PAGES.filter(({ role }) => atLeast(me, role)).map(({ name }) =>
    h('a', { href: `#${name}`, 'aria-current': name === here && 'page' }, words.frame[name]));

  /** Calls the server; a session that ended ends the page. */
  async function call(asked) {
    try {
      return await asked;
    } catch (refused) {
      if (refused.status === 401) onSignedOut(words.signedOut);
      throw refused;
    }
  }

  async function signOut() {
    await api.signOut().catch(() => null);
    onSignedOut(words.left);
  }

  const shown = atLeast(me, role) ? page({ me, call, kept, part, onSignOut: signOut }) : notFor(role);
  return {
    node: h('div.settings.frame', null, bar({ me, here, onSignOut: signOut }),
      h('div.beside', null,
        h('nav.ways', { 'aria-label': words.frame.title }, links),
        h('main.sheet', null, shown.node))),
    focus() {
      links.find((link) => link.hasAttribute('aria-current'))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      shown.focus?.();
    },
    end: shown.end,
  };
}

const notFor = (role) => ({ node: h('section', null, h('p.nothing', null, words.frame.notFor(words.people.roles[role]))) });
