// A secret that is shown once, with a button that copies it.

import { h, say } from '../widget/h.js';
import { words } from './words.js';

/** `onDone` comes when the person has put it away. */
export function once({ title, hint, secret, onDone }) {
  const text = h('input', { readonly: true, value: secret, 'aria-label': title, spellcheck: 'false', onfocus: () => text.select() });
  const copy = h('button.primary', { type: 'button', onclick: copied }, words.settings.copy);

  async function copied() {
    text.select();
    // Without https there is no clipboard to write to; the text stays selected to be copied by hand.
    const done = await navigator.clipboard?.writeText(secret).then(() => true, () => false);
    say(copy, done ? words.settings.copied : words.settings.copyByHand);
  }

  return h('div.once', { role: 'status' },
    h('strong', null, title),
    h('p', null, hint),
    h('div.once-row', null, text, copy, h('button.plain', { type: 'button', onclick: onDone }, words.settings.putAway)));
}
