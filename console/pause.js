// The bot's pause in the top bar: one press silences it everywhere, one lets it speak again, and a small
// menu has the rest: for how long, and on one site only. Everybody sees it; managers may press.

import { api } from './api.js';
import { atLeast } from './roles.js';
import { h, say } from '../widget/h.js';
import { icon } from '../widget/icons.js';
import { isPaused, minutesToday, pauseOf } from './site-state.js';
import { menu } from './menu.js';
import { timeText } from '../widget/clock.js';
import { words } from './words.js';

const LOOK_MS = 30_000;
const HOURS = [1, 4];

/** `onState(silent)` comes when the bot was found paused on all sites, or not. */
export function pauseSwitch({ me, onState, onSignedOut }) {
  const text = words.pause;
  const may = atLeast(me, 'manager');
  const status = h('span.bot-state', { role: 'status' });
  const trouble = h('span.bot-trouble', { role: 'alert' });
  const label = h('span');
  const main = h('button', { type: 'button', onclick: press }, icon('pause'), label);
  const choose = menu({ button: h('button.more', { type: 'button', 'aria-label': text.more, title: text.more }, icon('more')), choices });
  const act = h('div.pause-act', { hidden: true }, main, choose.node);
  const looking = setInterval(() => document.hidden || main.disabled || look(), LOOK_MS);
  let sites = null;
  /** Counts what was asked: an older answer does not undo a newer one. */
  let asked = 0;

  const look = () => ask(api.sites(), false);
  const pause = (site, minutes) => ask(api.pauseBot(site, minutes).then(api.sites));
  const resume = (site) => ask(api.resumeBot(site).then(api.sites));

  async function ask(answer, isAct = true) {
    const mine = ++asked;
    if (isAct) main.disabled = true;
    try {
      const found = await answer;
      if (mine !== asked) return;
      sites = found;
      say(trouble, '');
    } catch (refused) {
      if (refused.status === 401) return onSignedOut();
      if (isAct) say(trouble, refused.message);
    } finally {
      if (isAct) main.disabled = false;
    }
    draw();
  }

  const stateNow = () => pauseOf(sites ?? [], Date.now());

  function press() {
    if (stateNow().state === 'none') pause();
    else resume();
  }

  function draw() {
    if (!sites?.length) return;
    const { state, paused, until } = stateNow();
    const some = paused.length === 1 ? text.pausedOn(paused[0].shown_as) : text.pausedOnSome(paused.length, sites.length);
    const said = { none: '', some, all: until === null ? text.paused : text.pausedUntil(timeText(until, Date.now())) }[state];
    say(status, said);
    status.title = said;
    say(label, state === 'none' ? text.pause : text.resume);
    main.firstChild.toggleAttribute('hidden', state !== 'none');
    act.hidden = !may;
    if (node.dataset.state !== state) onState(state === 'all');
    node.dataset.state = state;
  }

  function choices() {
    const now = Date.now();
    const choice = (label, act) => h('button', { type: 'button', onclick: act }, label);
    const { state } = stateNow();
    const spans = [
      ...HOURS.map((hours) => choice(text.forHours(hours), () => pause(undefined, 60 * hours))),
      choice(text.untilTomorrow, () => pause(undefined, minutesToday(now))),
      state !== 'none' && choice(text.untilResumed, () => pause()),
    ];
    const one = sites.length > 1 && sites.map((site) => {
      const is = isPaused(site, now);
      return choice((is ? text.resumeAt : text.pauseAt)(site.shown_as), () => (is ? resume(site.site) : pause(site.site)));
    });
    return [h('p.fine', null, sites.length > 1 ? `${text.pause}: ${text.everywhere}` : text.pause), ...spans, one && h('p.fine', null, text.onlyAt), ...(one || [])].filter(Boolean);
  }

  const node = h('div.pause', { 'data-state': 'none' }, status, trouble, act);
  look();
  return { node, end: () => { clearInterval(looking); choose.close(); } };
}
