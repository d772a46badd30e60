// A button with a small list of choices under it. Escape and looking elsewhere close it.

import { h } from '../widget/h.js';

/** `choices()` are the nodes to show each time it opens; those that are buttons close it. */
export function menu({ button, choices }) {
  const list = h('div.menu-list', { hidden: true, onclick: (event) => event.target.closest('button') && close() });
  const node = h('div.menu', { onkeydown: pressed, onfocusout: left }, button, list);
  button.setAttribute('aria-expanded', false);
  button.addEventListener('click', () => (list.hidden ? open() : close()));

  function open() {
    list.replaceChildren(...choices());
    list.hidden = false;
    button.setAttribute('aria-expanded', true);
    addEventListener('pointerdown', elsewhere);
  }

  function close() {
    list.hidden = true;
    button.setAttribute('aria-expanded', false);
    removeEventListener('pointerdown', elsewhere);
  }

  const elsewhere = ({ target }) => node.contains(target) || close();

  function left({ relatedTarget }) {
    if (relatedTarget && !node.contains(relatedTarget)) close();
  }

  function pressed(event) {
    if (list.hidden) return;
    if (event.key === 'Escape') {
      close();
      button.focus();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = [button, ...list.querySelectorAll('button')];
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  }

  return { node, close };
}
