import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hears, says } from './frames.js';

const names = (frames, tag) => new Set(frames.map((frame) => frame[tag]).filter(Boolean));

test('there is an example of every frame', () => {
  assert.deepEqual(names(says, 'type'), new Set(['hello', 'say', 'ask_person', 'leave_contact', 'mail_transcript']));
  assert.deepEqual(names(hears, 'type'), new Set(['welcome', 'event', 'ack', 'signal', 'synced', 'error']));
  assert.deepEqual(names(hears, 'code'), new Set(['bad_frame', 'too_long', 'empty', 'too_fast', 'not_stored', 'bad_form', 'not_offered']));
  assert.deepEqual(
    names(hears.filter(({ type }) => type === 'event'), 'kind'),
    new Set([
      'said', 'sentence', 'reply', 'cut', 'queued', 'nobody_there', 'contact_left', 'transcript_wanted',
      'staff_joined', 'staff_said', 'handed_back', 'resolved', 'erased',
    ]),
  );
});

test('keys are 43 characters of base64url', () => {
  for (const { key } of says.filter(({ type }) => type === 'hello')) assert.match(key, /^[\w-]{43}$/);
});
