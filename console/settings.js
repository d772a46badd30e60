// What administrators set: webhooks and API keys. Each part draws itself; this page holds them, shows
// what went wrong, and leads back to the floor.

import { apiKeys } from './api-keys.js';
import { h, say } from '../widget/h.js';
import { icon } from '../widget/icons.js';
import { webhooks } from './webhooks.js';
import { words } from './words.js';

export function settings({ me, onBack, onSignedOut }) {
  const trouble = h('p.trouble', { role: 'alert', hidden: true });
  const parts = [webhooks({ attempt }), apiKeys({ attempt })];

  /** Does something with the server; resolves to its result, or to undefined once it was told what went
   * wrong. What only looks leaves standing what was told before. */
  async function attempt(doing, { looks = false } = {}) {
    try {
      const result = await doing();
      if (!looks) tell('');
      return result;
    } catch (refused) {
      if (refused.status === 401) onSignedOut(words.signedOut);
      else tell(refused.message);
      return undefined;
    }
  }

  function tell(problem) {
    trouble.hidden = !problem;
    say(trouble, problem);
    if (problem) trouble.scrollIntoView({ block: 'nearest' });
  }

  return {
    node: h('div.settings', null,
      h('header.bar', null,
        h('button.quiet', { type: 'button', 'aria-label': words.settings.back, title: words.settings.back, onclick: onBack }, icon('back')),
        h('h1', null, words.settings.title),
        h('span.space'),
        h('span.me', null, me.name)),
      h('main.sheet', null, trouble, parts.map((part) => part.node))),
    end: () => parts.forEach((part) => part.end?.()),
  };
}
