// A button for what cannot be taken back: it asks once more in its own place, and calms down again.

import { h, say } from '../widget/h.js';

const CALM_MS = 4_000;

export function sure(label, question, onSure) {
  let calm = 0;
  const button = h('button.plain', { type: 'button', onclick: press, onblur: rest }, label);

  function press() {
    if (button.classList.contains('is-sure')) {
      rest();
      onSure();
      return;
    }
    button.classList.add('is-sure');
    say(button, question);
    calm = setTimeout(rest, CALM_MS);
  }

  function rest() {
    clearTimeout(calm);
    button.classList.remove('is-sure');
    say(button, label);
  }

  return button;
}
