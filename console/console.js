// The staff's page: who is signed in decides whether the floor or the door is shown; a link with a
// token leads to the way in for the invited.

import { api } from './api.js';
import { floor } from './floor.js';
import { forgot } from './forgot.js';
import { invited } from './invited.js';
import { knowledge } from './knowledge.js';
import { settings, settingsIn } from './frame.js';
import { signIn } from './sign-in.js';
import { words } from './words.js';

let shown = null;

function show(page) {
  shown?.end?.();
  shown = page;
  document.body.replaceChildren(page.node);
  page.focus?.();
}

const door = (reason) => show(signIn({ reason, onSignedIn: enter, onForgot: () => show(forgot({ onBack: () => door('') })) }));
/** The page that the address names; another one when the address changes. */
function enter(me) {
  const kept = new Map();
  const open = () => {
    const hash = new URLSearchParams(location.hash.slice(1));
    const here = settingsIn(hash);
    if (here) show(settings({ me, here, part: hash.get(here), kept, onSignedOut: leave }));
    else show(hash.has('knowledge') ? knowledge({ me, onSignedOut: leave }) : floor({ me, chat: hash.get('chat'), onSignedOut: leave }));
  };
  const leave = (reason) => {
    removeEventListener('hashchange', open);
    door(reason);
  };
  addEventListener('hashchange', open);
  open();
}

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
