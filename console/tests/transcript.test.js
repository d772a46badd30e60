import assert from 'node:assert/strict';
import { test } from 'node:test';
import { after, begin, failed, sending } from '../transcript.js';
import { lines } from '../lines.js';
import { event, events } from './frames.js';

const chat = '019aa5c0b4007a8e9f00112233445500';
const told = (...frames) => frames.reduce(after, begin(chat));
const kinds = (state) => state.items.map((item) => item.note ?? item.kind);

test('a whole chat is told in order', () => {
  const all = told(...events);
  assert.deepEqual(kinds(all), ['started', 'visitor', 'bot', 'gap', 'wanted', 'took', 'staff', 'back', 'resolved', 'erased', 'absent', 'contact', 'mailed']);
  assert.equal(all.last, 16);
});

test('a reply gathers its plan, its sentences and how long it took', () => {
  const [bot] = told(event('reply_planned'), event('sentence_said'), event('reply_done')).items;
  assert.deepEqual([bot.plan.decision, bot.sentences.length, bot.timings.total, bot.done], ['answer', 1, 640.5, true]);
});

test('a reply whose plan was erased still shows what was said', () => {
  const [bot] = told(event('sentence_said')).items;
  assert.deepEqual([bot.plan, bot.sentences.length], [null, 1]);
});

test('whose turn it is follows the events', () => {
  const turn = (...kinds) => {
    const { turn, owner } = told(...kinds.map((kind, index) => event(kind, {}, { seq: index + 1 })));
    return [turn, owner];
  };
  assert.deepEqual(turn('chat_started'), ['bot', null]);
  assert.deepEqual(turn('person_wanted'), ['queued', null]);
  assert.deepEqual(turn('staff_took', 'person_wanted'), ['open', 'Ana']);
  assert.deepEqual(turn('staff_took', 'handed_back'), ['bot', null]);
  assert.deepEqual(turn('staff_took', 'resolved'), ['resolved', null]);
  assert.deepEqual(turn('staff_took', 'resolved', 'visitor_said'), ['bot', null]);
});

test('an event seen twice is shown once, an unknown one only moves on', () => {
  assert.equal(told(event('visitor_said'), event('visitor_said')).items.length, 1);
  assert.deepEqual(told({ seq: 4, at: 1, event: { kind: 'surprise' } }), { ...begin(chat), last: 4 });
});

test('a message on its way is replaced by its event and can fail in between', () => {
  const message = { client_id: 's1', text: 'Hello', at: 1 };
  const wrong = failed(sending(begin(chat), message), 's1', 'no luck');
  assert.equal(wrong.pending[0].problem, 'no luck');
  const again = sending(wrong, message);
  assert.deepEqual([again.pending.length, again.pending[0].problem], [1, undefined]);
  const said = after(again, event('staff_said', { client_id: 's1' }));
  assert.deepEqual([said.pending.length, kinds(said)], [0, ['staff']]);
});

test('what is erased while one looks disappears', () => {
  const state = told(event('visitor_said'), event('staff_said'));
  const gone = after(state, { seq: 2, at: 1, event: { kind: 'erased' } });
  assert.deepEqual(kinds(gone), ['erased', 'staff']);
});

test('lines carry a name at the start of a run and a time after a pause', () => {
  const later = event('visitor_said', {}, { seq: 3, at: event('visitor_said').at + 31 * 60_000 });
  const shown = lines(told(event('visitor_said'), later));
  assert.deepEqual(shown.map(({ kind, first }) => first ?? kind), ['time', true, 'time', true]);
});
