// Setting up and ending a second factor: the app is told a secret, shows with a first code that it has it, and
// recovery codes are put away. Secret and codes are on the screen once and nowhere else.

import { api } from './api.js';
import { copyButton } from './copy.js';
import { h, say } from '../widget/h.js';
import { words } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';

export function secondFactor({ me, call }) {
  const text = words.account;
  const trouble = h('p.trouble', { role: 'alert', hidden: true });
  const status = h('p.note-line', { role: 'status' });
  const place = h('div');
  const title = h('h2', { tabindex: -1 }, text.second);

  function tell(problem, said = '') {
    trouble.hidden = !problem;
    say(trouble, problem);
    say(status, said);
  }

  /** Does what may be refused, with its button at rest meanwhile. */
  async function attempt(button, act) {
    button.disabled = true;
    try {
      const made = await call(act());
      tell('');
      return made;
    } catch (refused) {
      tell(refused.code === 'has_second_factor' ? text.has : refused.message);
      button.disabled = false;
      return null;
    }
  }

  /** As it is now: to be set up, or to be ended with a last code. */
  async function rest() {
    const there = await attempt({}, api.secondFactor);
    if (there) place.replaceChildren(there.on ? ending() : beginning());
  }

  function beginning() {
    const begin = h('button.plain', { type: 'button', onclick: async () => {
      const enrolment = await attempt(begin, api.beginSecondFactor);
      if (enrolment) enrol(enrolment);
    } }, text.begin);
    return begin;
  }

  function ending() {
    const code = h('input', { id: 'last-code', autocomplete: 'one-time-code', maxlength: 40, required: true });
    const end = h('button.plain', null, text.endSecond);
    const submit = async (event) => {
      event.preventDefault();
      if (await attempt(end, async () => { await api.endSecondFactor(code.value.trim()); return true; })) {
        await rest();
        tell('', text.isOff);
        title.focus();
      } else code.select();
    };
    return h('form.card', { onsubmit: submit },
      h('p', null, text.isOn),
      h('div.field', null, h('label', { for: 'last-code' }, text.lastCode), code),
      h('div.acts', null, end));
  }

  function enrol({ secret, uri, qr }) {
    const code = h('input', { id: 'first-code', autocomplete: 'one-time-code', inputmode: 'numeric', maxlength: 10, required: true });
    const spelt = h('code.secret', null, secret.match(/.{1,4}/g).join(' '));
    const prove = h('button.primary', null, text.prove);
    const submit = async (event) => {
      event.preventDefault();
      const paper = await attempt(prove, () => api.proveSecondFactor(code.value.replace(/\s/g, '')));
      if (paper) show(paper.recovery_codes);
      else code.select();
    };
    place.replaceChildren(h('form.card.enrol', { onsubmit: submit },
      qr && h('figure', null, picture(qr), h('figcaption', null, text.scan)),
      h('div.steps', null,
        h('p', null, h('span.fine', null, text.scanHint), ' ', h('a', { href: uri }, text.openApp)),
        h('div.field', null, h('span.label', null, text.type), h('div.copy-line', null, spelt, copyButton({ text: () => secret, onByHand: () => getSelection().selectAllChildren(spelt) }))),
        h('div.field', null, h('label', { for: 'first-code' }, text.proof), code),
        h('div.acts', null, prove, h('button.plain', { type: 'button', onclick: () => { tell(''); rest(); } }, text.cancel)))));
    code.focus();
  }

  /** The codes, until their owner says that they are put away. */
  function show(codes) {
    const list = h('ol.codes', null, codes.map((code) => h('li', null, code)));
    const select = () => getSelection().selectAllChildren(list);
    const leaving = (event) => event.preventDefault();
    addEventListener('beforeunload', leaving);
    const done = h('button.primary', { type: 'button', onclick: () => {
      removeEventListener('beforeunload', leaving);
      rest();
      title.focus();
    } }, text.kept);
    const heading = h('h3', { tabindex: -1 }, text.codes);
    place.replaceChildren(h('div.card.paper', null,
      heading, h('p.warning', { role: 'alert' }, text.codesWarning),
      h('p.printed', null, text.printed(me.name, location.host)), list,
      h('div.acts', null, copyButton({ text: () => codes.join('\n'), onByHand: select }), h('button.plain', { type: 'button', onclick: () => print() }, text.print), done)));
    heading.focus();
  }

  rest();
  return h('section.second', null, h('div.head', null, title), h('p.hint', null, text.secondHint), trouble, status, place);
}

/** A QR code: dark squares as one path on a grid, its quiet edge included. */
function picture({ size, path }) {
  const svg = document.createElementNS(SVG, 'svg');
  const squares = document.createElementNS(SVG, 'path');
  for (const [key, value] of Object.entries({ viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': words.account.scan, 'shape-rendering': 'crispEdges' })) svg.setAttribute(key, value);
  squares.setAttribute('d', path);
  svg.append(squares);
  return svg;
}
