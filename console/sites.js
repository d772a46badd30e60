// The sites: which there are, and one of them to look at and to change. Most shops have one.

import { api } from './api.js';
import { atLeast } from './roles.js';
import { botText, openText } from './site-state.js';
import { h, say } from '../widget/h.js';
import { region } from './region.js';
import { sitePane } from './site-pane.js';
import { words } from './words.js';

/** `part` is the key of the site to show, if the address names one. */
export function sites({ me, call, kept, part }) {
  const text = words.site;
  let pane = null;
  const list = region({ load: () => call(api.sites()), draw });

  function draw(all) {
    const shown = all.find(({ site }) => site === part) ?? all[0];
    const tabs = h('nav.tabs', { 'aria-label': text.all, hidden: all.length < 2 }, all.map((site) => tabOf(site, site === shown)));
    pane = shown && sitePane({ me, call, drafts: kept, site: shown, onShown: (next) => tabs.querySelector('[aria-current]').replaceWith(tabOf(next, true)) });
    return [tabs, pane?.node, atLeast(me, 'admin') && addition()];
  }

  function tabOf(site, current) {
    const now = Date.now();
    const [open, bot] = [openText(site, now), botText(site, now)];
    return h('a', { href: `#sites=${site.site}`, 'aria-current': current && 'page' },
      h('strong', null, site.shown_as), h('span.fine', null, `${site.site} · ${site.open ? open.text : text.closed}${bot.state === 'speaks' ? '' : ` · ${bot.text}`}`));
  }

  function addition() {
    const key = h('input', { name: 'key', id: 'new-site', required: true, maxlength: 32, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false', 'aria-describedby': 'new-site-hint new-site-remark' });
    const remark = h('p.remark', { id: 'new-site-remark', role: 'alert', hidden: true });
    const go = h('button.primary', null, text.add);
    const submit = async (event) => {
      event.preventDefault();
      go.disabled = true;
      try {
        const { site } = await call(api.addSite(key.value.trim()));
        location.hash = `#sites=${site}`;
      } catch (refused) {
        go.disabled = false;
        remark.hidden = false;
        say(remark, refused.message.replace(/^key: /, ''));
        key.focus();
      }
    };
    return h('section.addition', null, h('details', null, h('summary.plain', null, text.add),
      h('form.card', { onsubmit: submit }, h('p.fine', null, text.addHint),
        h('div.field', null, h('label', { for: 'new-site' }, text.key), h('span.fine', { id: 'new-site-hint' }, text.keyHint), key, remark),
        h('div.acts', null, go))));
  }

  return { node: list.node, focus: () => pane?.focus(), end: () => pane?.end() };
}
