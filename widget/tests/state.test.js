import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drop, fold, lost, resend, send, start, unread } from '../state.js';
import { frame, hears } from './frames.js';

const after = (...frames) => frames.reduce(fold, start());
const pending = (state, client_id) => state.pending.find((message) => message.client_id === client_id);
const mine = (client_id, kind = 'say') => ({ client_id, kind, text: 'hello', at: 1 });

test('every frame of the wire folds, and the state is never changed in place', () => {
  const freeze = (value) => {
    if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
    return value;
  };
  const end = hears.reduce((state, frame) => fold(freeze(state), freeze(frame)), start());
  assert.equal(end.shop, 'Fernhill Outdoor');
  assert.equal(end.last, 21);
});

test('frames and kinds of a newer server change nothing but the place', () => {
  assert.deepEqual(after({ type: 'surprise' }), start());
  assert.deepEqual(after({ type: 'event', seq: 3, at: 1, kind: 'surprise' }), { ...start(), last: 3 });
});

test('an event seen twice is shown once', () => {
  assert.equal(after(frame('said'), frame('said')).items.length, 1);
});

test('a pending message becomes the said one, never both', () => {
  const sent = send(start(), mine('m1'));
  const stored = fold(sent, frame('ack', { client_id: 'm1' }));
  assert.equal(pending(stored, 'm1').status, 'stored');
  const shown = fold(stored, frame('said', { client_id: 'm1' }));
  assert.deepEqual([shown.pending.length, shown.items.length], [0, 1]);
});

test('an acknowledgement does not skip events that are still to come', () => {
  const state = fold(send(start(), mine('m1')), frame('ack', { client_id: 'm1', seq: 9 }));
  assert.equal(state.last, 0);
});

test('the sentences of a reply make one bubble, completed by the reply', () => {
  const [first, second] = hears.filter(({ kind }) => kind === 'sentence');
  const speaking = after(first, second);
  assert.equal(speaking.items.length, 1);
  assert.deepEqual([speaking.items[0].sentences.length, speaking.items[0].done], [2, false]);
  const [bot] = fold(speaking, frame('reply')).items;
  assert.deepEqual([bot.sentences.length, bot.done, bot.cards.length, bot.sources.length], [2, true, 2, 2]);
});

test('a reply whose sentences were missed shows its whole text', () => {
  assert.deepEqual(after(frame('reply')).items[0].sentences, [frame('reply').text]);
});

test('a cut reply keeps what was said, and one that said nothing leaves no bubble', () => {
  const { reply } = frame('sentence');
  const [bot] = after(frame('sentence'), frame('cut', { reply })).items;
  assert.deepEqual([bot.cut, bot.sentences.length], [true, 1]);
  assert.deepEqual(after(frame('cut')).items, []);
});

test('the place in the queue is told on the line that says so, whichever comes first', () => {
  const place = (state) => state.items.find((item) => item.note === 'queued').place;
  assert.equal(place(after(frame('queued'), { type: 'signal', place: 2 })), 2);
  assert.equal(place(after({ type: 'signal', place: 2 }, frame('queued'))), 2);
  const joined = after(frame('queued'), { type: 'signal', place: 1 }, frame('staff_joined'));
  assert.equal(place(joined), null);
});

test('a place says nothing about composing, and an empty signal ends it', () => {
  const composing = (...frames) => after(...frames).composing;
  assert.equal(composing({ type: 'signal', composing: 'bot' }, { type: 'signal', place: 1 }), 'bot');
  assert.equal(composing({ type: 'signal', composing: 'bot' }, { type: 'signal' }), null);
  assert.equal(composing({ type: 'signal', composing: 'bot' }, frame('sentence')), null);
  assert.equal(composing({ type: 'signal', composing: 'staff' }, frame('sentence')), 'staff');
});

test('the chat changes hands', () => {
  const joined = after(frame('queued'), frame('staff_joined'));
  assert.deepEqual([joined.turn, joined.colleague], ['open', 'Ana']);
  const back = fold(joined, frame('handed_back'));
  assert.deepEqual([back.turn, back.colleague], ['bot', null]);
  const resolved = fold(back, frame('resolved'));
  assert.equal(resolved.turn, 'resolved');
  assert.equal(fold(resolved, frame('said', { seq: 99 })).turn, 'bot');
});

test('asking for a person waits for its acknowledgement only', () => {
  const asked = send(start(), mine('a1', 'ask'));
  assert.equal(fold(asked, frame('ack', { client_id: 'a1' })).pending.length, 0);
});

test('an error stands next to its message; what passes is marked to be sent again', () => {
  const sent = send(start(), mine('m2'));
  const error = (code) => fold(sent, { type: 'error', code, message: 'why', client_id: 'm2' });
  assert.deepEqual(['too_fast', 'not_stored', 'too_long', 'empty'].map((code) => pending(error(code), 'm2').status), ['later', 'later', 'refused', 'refused']);
  assert.equal(pending(error('too_fast'), 'm2').problem, 'why');
  assert.equal(pending(resend(error('too_fast'), 'm2'), 'm2').status, 'sending');
  assert.deepEqual(drop(error('empty'), 'm2').pending, []);
});

test('an error about nothing in particular, or about a request, is told once for all', () => {
  assert.equal(after(frame('error', { client_id: undefined, message: 'why' })).problem, 'why');
  const asked = send(start(), mine('a1', 'ask'));
  const refused = fold(asked, { type: 'error', code: 'bad_frame', message: 'why', client_id: 'a1' });
  assert.deepEqual([refused.problem, refused.pending.length], ['why', 0]);
});

test('erased history is one line, and takes away what is on the screen', () => {
  const erased = (seq) => ({ type: 'event', seq, at: 1, kind: 'erased' });
  assert.deepEqual(after(erased(1), erased(2), erased(3)).items.length, 1);
  const shown = after(frame('said'), frame('sentence'), frame('staff_said'));
  const gone = [erased(2), erased(4)].reduce(fold, shown);
  assert.deepEqual(gone.items.map((item) => item.note ?? item.kind), ['erased', 'staff']);
  assert.equal(gone.last, 14);
});

test('unread counts what others said, a reply once', () => {
  const state = after(frame('said'), frame('sentence'), frame('reply'), frame('staff_said'));
  assert.equal(unread(state, 0), 2);
  assert.equal(unread(state, 6), 1);
  assert.equal(unread(state, 14), 0);
});

test('a lost line keeps the history and forgets who was composing', () => {
  const state = lost(after(frame('said'), { type: 'signal', composing: 'bot' }, frame('synced')));
  assert.deepEqual([state.items.length, state.composing, state.live], [1, null, false]);
});
