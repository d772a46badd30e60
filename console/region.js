// A place for what has to be fetched: says that it is coming, shows it, or says what went wrong and
// offers another try.

import { h, say } from '../widget/h.js';
import { words } from './words.js';

/** `load()` resolves to what `draw(it)` makes nodes of. `refresh()` loads again and leaves standing what is there. */
export function region({ load, draw }) {
  const content = h('div.content', null, h('p.nothing', { role: 'status' }, words.loading));
  const message = h('span');
  const trouble = h('p.trouble', { role: 'alert', hidden: true }, message, ' ', h('button.again', { type: 'button', onclick: refresh }, words.retry));
  let drawn = null;

  async function refresh() {
    try {
      const found = await load();
      tell('');
      const json = JSON.stringify(found);
      if (json !== drawn) replace(draw(found));
      drawn = json;
    } catch (refused) {
      if (drawn === null) content.replaceChildren();
      tell(refused.message);
    }
  }

  /** Whoever stands on a button stays on the one that says the same. */
  function replace(nodes) {
    const held = content.contains(document.activeElement) && document.activeElement.getAttribute('aria-label');
    content.replaceChildren(...[nodes].flat().filter(Boolean));
    if (held) content.querySelector(`[aria-label="${CSS.escape(held)}"]`)?.focus();
  }

  function tell(problem) {
    trouble.hidden = !problem;
    say(message, problem);
  }

  refresh();
  return { node: h('div.region', null, trouble, content), refresh };
}
