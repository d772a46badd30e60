// The middle pane: one chat, what may be done with it, and the place to write.

import { answer } from './answer.js';
import { h, say } from '../widget/h.js';
import { icon } from '../widget/icons.js';
import { keyed } from '../widget/keyed.js';
import { lines } from './lines.js';
import { paint } from './paint.js';
import { safeLink } from '../widget/links.js';
import { stick } from '../widget/stick.js';
import { words } from './words.js';

export function chatPane({ me, onBack, onAct, onSay, onComposing }) {
  const title = h('h2');
  const where = h('p.where');
  const state = h('span.state');
  const take = button('take', words.take, 'button.primary', 't');
  const handBack = button('handBack', words.handBack);
  const resolve = button('resolve', words.resolve);
  const list = h('div.log', { role: 'log', 'aria-live': 'polite', 'aria-label': words.newBelow, tabindex: 0 });
  const end = stick(list, words.newBelow);
  const fill = keyed(list, (row, old) => paint(row, old, { onRetry: ({ text, client_id }) => onSay(text, client_id) }));
  const trouble = h('p.trouble', { role: 'alert', hidden: true });
  const write = answer({ onSay: (text) => { end.toEnd(); onSay(text); }, onComposing });
  const empty = h('div.empty', null, h('strong', null, words.choose), h('span', null, words.chooseMore));
  const open = h('div.chat', { hidden: true },
    h('header.chat-top', null,
      h('button.quiet.back', { type: 'button', 'aria-label': words.back, onclick: onBack }, icon('back')),
      h('div.about', null, h('div.title-line', null, title, state), where),
      h('div.acts', null, take, handBack, resolve)),
    end.node, trouble, write.node);
  let shown = null;

  function button(what, label, tag = 'button', key = null) {
    return h(tag, { type: 'button', 'aria-keyshortcuts': key, onclick: () => act(what) }, h('span', null, label), key && h('kbd', { 'aria-hidden': true }, key));
  }

  async function act(what) {
    const acts = [take, handBack, resolve];
    acts.forEach((each) => (each.disabled = true));
    const problem = await onAct(what);
    acts.forEach((each) => (each.disabled = false));
    tell(problem);
    if (what === 'take' && !problem) write.focus();
  }

  function tell(problem) {
    trouble.hidden = !problem;
    say(trouble, problem ?? '');
  }

  function drawPage(page) {
    const href = safeLink(page?.url);
    where.replaceChildren(...(href ? [h('a', { href, target: '_blank', rel: 'noopener noreferrer' }, page.title || page.url), ` ${new URL(href, location.href).host}`] : [page?.title ?? '']));
  }

  return {
    node: h('main.pane', null, empty, open),
    take: () => !open.hidden && !take.hidden && !take.disabled && act('take'),
    draw({ watched }) {
      open.hidden = !watched;
      empty.hidden = Boolean(watched);
      if (!watched) return void (shown = null);
      const fresh = shown?.chat !== watched.chat;
      if (fresh) {
        tell(null);
        write.clear();
        end.toEnd();
        say(title, words.visitor(watched.chat));
      }
      if (fresh || shown.page !== watched.page) drawPage(watched.page);
      if (!fresh && shown.turn !== watched.turn) tell(null);
      const mine = watched.turn === 'open' && watched.owner === me.name;
      say(state, watched.turn === 'open' ? words.withName(mine ? words.me : (watched.owner ?? '')) : (words.states[watched.turn] ?? ''));
      state.dataset.state = watched.turn ?? '';
      take.hidden = mine || !watched.turn;
      say(take.firstChild, watched.turn === 'open' ? words.takeOver(watched.owner) : words.take);
      handBack.hidden = !mine;
      resolve.hidden = !mine;
      write.allow(mine, hintFor(watched, mine));
      fill(lines(watched));
      end.settle();
      shown = watched;
    },
  };
}

function hintFor({ turn, owner }, mine) {
  if (mine || !turn) return '';
  return turn === 'open' ? words.hints.open(owner) : words.hints[turn];
}
