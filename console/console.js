// The staff's page: who is signed in decides whether the floor or the door is shown; a link with a
// token leads to the way in for the invited.

import { api } from './api.js';
import { floor } from './floor.js';
import { invited } from './invited.js';
import { settings } from './settings.js';
import { signIn } from './sign-in.js';
import { words } from './words.js';

let shown = null;

function show(page) {
  shown?.end?.();
  shown = page;
  document.body.replaceChildren(page.node);
  page.focus?.();
}

const door = (reason) => show(signIn({ reason, onSignedIn: enter }));
const enter = (me) => show(floor({ me, chat: hash.get('chat'), onSettings: () => set(me), onSignedOut: door }));
const set = (me) => show(settings({ me, onBack: () => enter(me), onSignedOut: door }));

/** What a letter's link says: `#invitation=TOKEN` or `#chat=ID`. */
const hash = new URLSearchParams(location.hash.slice(1));
const token = hash.get('invitation');
// It leaves the address bar at once, so that it stays in no history.
if (token) history.replaceState(null, '', location.pathname);

try {
  if (token) show(invited({ token, invitation: await api.invitation(token), onDone: door }));
  else enter(await api.me());
} catch (refused) {
  door(refused.status === 401 ? '' : refused.message || words.unreachable);
}
