// The open chat as the visitor sees it: header, messages, notices and composer in one dialog. Draws a
// state; hands every wish of the visitor to the callbacks it was given.

import { composer } from './composer.js';
import { h, say } from './h.js';
import { header } from './header.js';
import { log } from './log.js';
import { PHONE } from './look.js';
import { words } from './words.js';

/** Shorter gaps in the connection are nobody's business. */
const PATIENCE_MS = 2_500;

export function panel({ onSay, onAskPerson, onTakeBack, onFillIn, onShowForm, onClose }) {
  const top = header({
    onAskPerson,
    onClose,
    onMail() {
      onShowForm('mail');
      messages.toEnd();
    },
  });
  const messages = log({
    onSuggestion(text) {
      focus(); // the pressed chip is about to go
      onSay(text);
    },
    onTakeBack: (client_id) => write.put(onTakeBack(client_id)),
    onFillIn,
    onShowForm,
  });
  const notice = h('p.notice', { role: 'status', hidden: true });
  const write = composer({
    onSay(text) {
      messages.toEnd();
      onSay(text);
    },
  });
  const node = h('section.panel', { role: 'dialog', lang: 'en', 'aria-label': words.chat, hidden: true, onkeydown: keys },
    top.node, messages.node, notice, write.node);
  let patience = 0;

  function draw(state) {
    if (state.shop) node.setAttribute('aria-label', words.chatWith(state.shop));
    top.draw(state);
    messages.draw(state);
    write.draw(state);
    announce(state);
  }

  /** A gap is told only once it lasts; the failed attempts within it do not begin it anew. */
  function announce({ live, problem, shop }) {
    if (live || problem) {
      clearTimeout(patience);
      patience = 0;
      tellNotice(problem ?? '');
    } else if (!patience) {
      patience = setTimeout(() => tellNotice(shop ? words.offline : words.connecting), PATIENCE_MS);
    }
  }

  function tellNotice(text) {
    notice.hidden = !text;
    say(notice, text);
  }

  /** Esc closes; while the chat fills the screen, Tab stays inside it. */
  function keys(event) {
    if (event.key === 'Escape') onClose();
    if (event.key !== 'Tab' || !matchMedia(PHONE).matches) return;
    const stops = [...node.querySelectorAll('a[href], button:not(:disabled), input, textarea')].filter((stop) => stop.checkVisibility());
    const from = node.getRootNode().activeElement;
    const [edge, other] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (from !== edge) return;
    event.preventDefault();
    other.focus();
  }

  /** Ready to write; where that would bring up a keyboard, ready to read. */
  function focus() {
    if (matchMedia('(pointer: coarse)').matches) messages.focus();
    else write.focus();
  }

  // A phone's keyboard covers the page without making it smaller: the sheet follows what can be seen.
  window.visualViewport?.addEventListener('resize', () => {
    node.style.setProperty('--seen', `${window.visualViewport.height}px`);
  });

  return {
    node,
    draw,
    show() {
      node.hidden = false;
      messages.toEnd();
    },
    hide: () => (node.hidden = true),
    focus,
  };
}
