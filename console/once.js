// A secret that is shown once, with a button that copies it.

import { copyLine } from './copy.js';
import { h } from '../widget/h.js';
import { words } from './words.js';

/** `onDone` comes when the person has put it away. */
export const once = ({ title, hint, secret, onDone }) =>
  h('div.once', { role: 'status' },
    h('strong', null, title),
    h('p', null, hint),
    h('div.once-row', null, copyLine({ text: secret, label: title }), h('button.plain', { type: 'button', onclick: onDone }, words.settings.putAway)));
