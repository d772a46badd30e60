// The bar above both panes: how many wait, whether the line holds and the bot speaks, and sound.

import { bar } from './bar.js';
import { h, say } from '../widget/h.js';
import { icon } from '../widget/icons.js';
import { waiting } from './state.js';
import { words } from './words.js';

export function topBar({ me, ring, pause, onSignOut }) {
  const count = h('span.count', { role: 'status' });
  const link = h('span.link', { role: 'status' });
  const sound = h('button.quiet.sound', { type: 'button', onclick: toggle });

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
    node: bar({ me, here: 'queue', onSignOut, parts: [count, link, pause.node, sound] }),
    draw(state) {
      const number = waiting(state).length;
      say(count, number ? `${number} ${words.waited}` : '');
      say(link, state.up ? '' : words.reconnecting);
    },
  };
}
