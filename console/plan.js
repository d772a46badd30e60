// Why a reply says what it says: decision, intent, and each fact with its sources, folded away below
// the reply's words.

import { h } from '../widget/h.js';
import { safeLink } from '../widget/links.js';
import { words } from './words.js';

export function planOf({ plan, sentences, timings, cut }, open) {
  const { decision, intent, facts, gaps = [], handoff, knowledge } = plan;
  const summary = [words.decisions[decision] ?? decision, intentText(intent), cut && words.cut].filter(Boolean).join(' · ');
  return h('details.plan', { open },
    h('summary', null, summary),
    h('dl', null,
      facts.length > 0 && entry(words.facts, h('ol', null, facts.map((fact, index) => factOf(fact, wordedBy(sentences, index))))),
      gaps.length > 0 && entry(words.gaps, gaps.map((gap) => h('p', null, `“${gap}”`))),
      handoff && entry(words.handoff, words.reasons[handoff]),
      entry(words.intent, intentText(intent)),
      entry(words.knowledge, words.version(knowledge)),
      timings && entry(words.took, words.tookMs(Math.round(timings.first_sentence), Math.round(timings.total)))));
}

const entry = (term, content) => [h('dt', null, term), h('dd', null, content)];

const wordedBy = (sentences, index) => sentences.find((sentence) => sentence.index === index)?.generated;

function factOf({ text, sources = [] }, generated) {
  return h('li', null,
    h('p', null, text),
    h('p.fine', null,
      generated && `${words.worded[generated]}`,
      generated && sources.length > 0 && ' · ',
      sources.length > 0 && [`${words.sources} `, sources.flatMap((source, index) => [index > 0 && ', ', sourceOf(source)])].flat()));
}

function sourceOf({ id, title, link }) {
  const href = safeLink(link);
  return href ? h('a', { href, title: id, target: '_blank', rel: 'noopener noreferrer' }, title) : h('span', { title: id }, title);
}

function intentText({ name, confidence }) {
  if (name === 'oos') return words.noIntent;
  return `${name.replaceAll('_', ' ')} ${Math.round(confidence * 100)} %`;
}
