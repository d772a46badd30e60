// The staff's page: who is signed in decides whether the floor or the door is shown.

import { api } from './api.js';
import { floor } from './floor.js';
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
const enter = (me) => show(floor({ me, onSignedOut: door }));

try {
  enter(await api.me());
} catch (refused) {
  door(refused.status === 401 ? '' : refused.message || words.unreachable);
}
