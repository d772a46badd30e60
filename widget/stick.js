// Keeps a scrolling list at its end while it grows, unless the reader has scrolled away from it; then
// it offers a button that leads back.

import { h } from './h.js';
import { icon } from './icons.js';

/** This close to the end counts as being there. */
const NEAR_PX = 60;

/** `node` holds the list and the button; call `settle()` whenever something was added. */
export function stick(list, label) {
  const jump = h('button.jump', { type: 'button', hidden: true, onclick: toEnd }, icon('down'), label);
  let atEnd = true;

  function toEnd() {
    list.scrollTop = list.scrollHeight;
    atEnd = true;
    jump.hidden = true;
  }

  list.addEventListener('scroll', () => {
    atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX;
    if (atEnd) jump.hidden = true;
  });

  const settle = () => (atEnd ? toEnd() : void (jump.hidden = false));
  // Less room, for instance because the text being written grew, must not hide what was just read.
  new ResizeObserver(() => atEnd && toEnd()).observe(list);

  return {
    node: h('div.messages', null, list, jump),
    toEnd,
    settle,
  };
}
