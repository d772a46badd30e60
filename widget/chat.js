// Puts the chat together behind the loader's bubble: memory, session and panel, and what lies between
// them: opening and closing, where the focus goes, and what counts as read.

import { memory } from './memory.js';
import { panel } from './panel.js';
import { session } from './session.js';
import { unread } from './state.js';
import { look, PHONE } from './look.js';
import { lookOfLog } from './look-log.js';

export function mount({ host, root, bubble, tell, site, server }) {
  // A colour that the page itself names stands; otherwise the brand's own is used.
  const colored = host.style.getPropertyValue('--fw-accent');
  root.adoptedStyleSheets.push(look, lookOfLog);
  const remembered = memory(site);
  let tab = remembered.tab() ?? { open: false, seen: 0 };
  let talk = null;

  const view = panel({
    onSay: (text) => talk.say(text),
    onAskPerson: () => talk.askPerson(),
    onTakeBack: (client_id) => talk.takeBack(client_id),
    onFillIn: (which, form) => talk.fillIn(which, form),
    onShowForm: (which) => talk.showForm(which),
    onClose: close,
  });
  root.prepend(view.node);

  function draw(state) {
    view.draw(state);
    if (state.accent && !colored) host.style.setProperty('--fw-accent', state.accent);
    if (tab.open && state.last > tab.seen) keep({ seen: state.last });
    tell(tab.open, unread(state, tab.seen));
  }

  function keep(change) {
    tab = { ...tab, ...change };
    remembered.keepTab(tab);
  }

  /** The first opening is where the conversation with the server, and all remembering, begins. */
  function begin() {
    talk ??= session({ server, site, memory: remembered, onChange: draw });
    draw(talk.state());
  }

  function open({ focus = true } = {}) {
    keep({ open: true });
    view.show();
    begin();
    if (focus) view.focus();
  }

  function close() {
    const inside = view.node.contains(root.activeElement);
    keep({ open: false });
    view.hide();
    draw(talk.state());
    if (inside) bubble.focus();
  }

  // A chat that was opened on an earlier page goes on here: in view where there is room for both,
  // and otherwise behind the bubble, whose badge tells.
  if (remembered.tab()) {
    if (tab.open && !matchMedia(PHONE).matches) open({ focus: false });
    else {
      keep({ open: false });
      begin();
    }
  }
  return { open, close, toggle: () => (tab.open ? close() : open()) };
}
