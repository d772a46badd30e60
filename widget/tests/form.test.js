import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fold, send, showForm, start } from '../state.js';
import { rows } from '../rows.js';
import { frame } from './frames.js';

const after = (...frames) => frames.reduce(fold, start());
const shown = (state) => rows(state).find((row) => row.kind === 'form');
const absent = () => after(frame('welcome'), frame('queued'), frame('nobody_there'), frame('synced'));
const filled = { client_id: 'f1', kind: 'contact', form: { email: 'nora@example.org' }, at: 1 };

test('where nobody is there, the form stands below what was said', () => {
  const list = rows(absent());
  assert.deepEqual(list.slice(-2).map((row) => row.kind), ['house', 'form']);
});

test('a form is busy while it is on its way, and goes when its content is kept', () => {
  const sent = send(absent(), filled);
  assert.equal(shown(sent).busy, true);
  const kept = fold(sent, frame('contact_left', { seq: 90 }));
  assert.equal(shown(kept), undefined);
  assert.deepEqual([kept.pending.length, kept.items.at(-1).kind, kept.turn], [0, 'house', 'queued']);
});

test('a form that was refused says why and can be sent again', () => {
  const refused = fold(send(absent(), filled), frame('error', { code: 'bad_form', client_id: 'f1', message: 'no address' }));
  assert.deepEqual([shown(refused).problem, shown(refused).busy, refused.pending.length], ['no address', false, 0]);
});

test('a colleague who comes makes the form needless', () => {
  assert.equal(shown(fold(absent(), frame('staff_joined', { seq: 90 }))), undefined);
});

test('the chat by mail is a form of its own, until it is on its way', () => {
  const asked = showForm(after(frame('welcome'), frame('said'), frame('synced')), 'mail');
  assert.equal(shown(asked).which, 'mail');
  const done = fold(asked, frame('transcript_wanted', { seq: 90 }));
  assert.deepEqual([shown(done), done.items.at(-1).note], [undefined, 'mailed']);
});
