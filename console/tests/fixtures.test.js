import assert from 'node:assert/strict';
import { test } from 'node:test';
import { events, hears, says } from './frames.js';

test('there is an example of every frame and of every event', () => {
  assert.deepEqual(new Set(says.map(({ type }) => type)), new Set(['watch', 'unwatch', 'composing']));
  assert.deepEqual(new Set(hears.map(({ type }) => type)), new Set(['queue', 'event', 'synced', 'signed_out']));
  assert.deepEqual(
    new Set(events.map(({ event }) => event.kind)),
    new Set([
      'chat_started', 'visitor_said', 'reply_planned', 'sentence_said', 'reply_done', 'reply_cut', 'person_wanted',
      'nobody_there', 'contact_left', 'transcript_wanted', 'staff_took', 'staff_said', 'handed_back', 'resolved',
      'gap_found', 'erased',
    ]),
  );
});
