// A question, and what the assistant says to it now and with the change, side by side.

import { compared } from './diff.js';
import { h, say } from '../widget/h.js';
import { words } from './words.js';

/** The spaces around words that differ are not marked. */
function marked({ text, differs }, mark) {
  if (!differs) return [text];
  const [, before, words, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text);
  return [before, h(mark, null, words), after];
}

/** `onTry(question)` resolves to the server's answer, or to null after a refusal. */
export function trialPane({ onTry }) {
  const text = words.knowledge;
  const question = h('input', { id: 'question', maxlength: '500', placeholder: text.question, autocomplete: 'off' });
  const ask = h('button', null, text.ask);
  const hint = h('p.fine', { role: 'status' }, text.askHint);
  const sides = h('div.sides', { 'aria-live': 'polite' });

  async function submit(event) {
    event.preventDefault();
    if (!question.value.trim() || ask.disabled) return void question.focus();
    ask.disabled = true;
    say(hint, text.asking);
    const tried = await onTry(question.value);
    ask.disabled = false;
    if (tried) draw(tried);
    else say(hint, text.askHint);
  }

  function draw({ before, after }) {
    const [was, is] = [before, after].map(({ sentences }) => sentences.map(({ text }) => text).join(' '));
    const [a, b] = compared(was, is);
    say(hint, was === is && before.decision === after.decision ? text.sameAnswer : text.otherAnswer);
    sides.classList.remove('is-stale');
    sides.replaceChildren(side(text.before, before, a, 'del'), side(text.after, after, b, 'ins'));
  }

  function side(name, { decision, sources }, parts, mark) {
    const titles = [...new Set(sources.map(({ title }) => title))];
    return h('section.side', null,
      h('h3', null, name, h('span', null, words.decisions[decision] ?? decision)),
      h('p.said', null, parts.flatMap((part) => marked(part, mark))),
      titles.length > 0 && h('p.fine', null, `${words.sources} ${titles.join(', ')}`));
  }

  return {
    node: h('form.trial', { onsubmit: submit },
      h('label', { for: 'question' }, text.askTitle),
      h('div.ask-line', null, question, ask), hint, sides),
    /** The form was changed since: what is shown is of before. */
    stale() {
      if (!sides.firstChild || sides.classList.contains('is-stale')) return;
      sides.classList.add('is-stale');
      say(hint, text.stale);
    },
  };
}
