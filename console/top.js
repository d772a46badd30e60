// The bar above both panes: how many wait, whether the line holds, sound, and who is signed in.

import { h, say } from '../widget/h.js';
import { icon } from '../widget/icons.js';
import { pages } from './pages.js';
import { waiting } from './state.js';
import { words } from './words.js';

export function topBar({ me, ring, onSettings, onSignOut }) {
  const count = h('span.count', { role: 'status' });
  const link = h('span.link', { role: 'status' });
  const sound = h('button.quiet', { type: 'button', onclick: toggle });

  function toggle() {
    ring.setSound(!ring.sound());
    drawSound();
  }

  function drawSound() {
    const on = ring.sound();
    const label = on ? words.soundOn : words.soundOff;
    sound.setAttribute('aria-pressed', on);
    sound.setAttribute('aria-label', label);
    sound.title = label;
    sound.replaceChildren(icon(on ? 'bell' : 'mute'));
  }

  drawSound();
  return {
    node: h('header.bar', null,
      h('p.mark', { 'aria-hidden': true }, h('i'), h('i')),
      h('h1', null, words.title),
      pages('queue'),
      count,
      link,
      h('span.space'),
      sound,
      me.role === 'admin' && h('button.quiet.to-settings', { type: 'button', onclick: onSettings }, words.settings.open),
      h('span.me', null, me.name),
      h('button.quiet', { type: 'button', onclick: onSignOut }, words.signOut)),
    draw(state) {
      const number = waiting(state).length;
      say(count, number ? `${number} ${words.waited}` : '');
      say(link, state.up ? '' : words.reconnecting);
    },
  };
}
