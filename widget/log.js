// The list of messages, as a live region: what is new is read aloud, history is not.

import { h } from './h.js';
import { keyed } from './keyed.js';
import { paint } from './paint.js';
import { rows } from './rows.js';
import { stick } from './stick.js';
import { words } from './words.js';

export function log(wishes) {
  const list = h('div.log', { role: 'log', 'aria-live': 'off', 'aria-label': words.log, tabindex: 0 });
  const end = stick(list, words.newBelow);
  const fill = keyed(list, (row, old) => paint(row, old, wishes));

  return {
    ...end,
    focus: () => list.focus({ preventScroll: true }),
    draw(state) {
      // Set after the history is in: what a reload brings back neither speaks nor moves.
      fill(rows(state));
      list.setAttribute('aria-live', state.live ? 'polite' : 'off');
      list.classList.toggle('is-live', state.live);
      end.settle();
    },
  };
}
