// A text to be taken elsewhere, with a button that copies it.

import { h, say } from '../widget/h.js';
import { words } from './words.js';

const CALM_MS = 3_000;

/** A button that copies what `text()` is; without a clipboard, as without https, `onByHand` selects it. */
export function copyButton({ text, onByHand }) {
  const button = h('button.plain', { type: 'button', onclick: copy }, words.copy);

  async function copy() {
    const done = await navigator.clipboard?.writeText(text()).then(() => true, () => false);
    if (!done) onByHand();
    say(button, done ? words.copied : words.copyByHand);
    setTimeout(() => say(button, words.copy), CALM_MS);
  }

  return button;
}

/** A line that cannot be changed, and its button. */
export function copyLine({ text, label }) {
  const line = h('input', { readonly: true, value: text, 'aria-label': label, spellcheck: 'false', onfocus: () => line.select() });
  return h('div.copy-line', null, line, copyButton({ text: () => text, onByHand: () => line.select() }));
}
