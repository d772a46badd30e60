// What other programs may do here and are told: webhooks and API keys. Each part draws itself; this page
// holds them and shows what went wrong.

import { apiKeys } from './api-keys.js';
import { h, say } from '../widget/h.js';
import { webhooks } from './webhooks.js';

export function integrations({ call }) {
  const trouble = h('p.trouble', { role: 'alert', hidden: true });
  const parts = [webhooks({ attempt }), apiKeys({ attempt })];

  /** Does something with the server; resolves to its result, or to undefined once it was told what went
   * wrong. What only looks leaves standing what was told before. */
  async function attempt(doing, { looks = false } = {}) {
    try {
      const result = await call(doing());
      if (!looks) tell('');
      return result;
    } catch (refused) {
      tell(refused.message);
      return undefined;
    }
  }

  function tell(problem) {
    trouble.hidden = !problem;
    say(trouble, problem);
    if (problem) trouble.scrollIntoView({ block: 'nearest' });
  }

  return {
    node: h('div.integrations', null, trouble, parts.map((part) => part.node)),
    end: () => parts.forEach((part) => part.end?.()),
  };
}
