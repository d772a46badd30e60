// A line to the server that comes back by itself: one WebSocket at a time, reopened with growing,
// jittered pauses, and at once when the browser says it is online again. It knows JSON and nothing
// about what is said; the widget and the console both use it.

import { delay } from './backoff.js';

/** A connection that lasted this long was a good one: the next pause starts small again. */
const GOOD_MS = 10_000;

/**
 * `onUp()` may `send` the first frames; `onFrame(frame)` gets each parsed frame; `onDown()` comes
 * with every connection that ends or fails, and may return (a promise of) `false` to give up.
 */
export function line(url, { onUp, onFrame, onDown }) {
  let socket = null;
  let attempt = 0;
  let timer = 0;
  let ended = false;

  function open() {
    const mine = new WebSocket(url);
    const since = Date.now();
    socket = mine;
    mine.onopen = () => mine === socket && onUp();
    mine.onmessage = ({ data }) => mine === socket && onFrame(JSON.parse(data));
    mine.onclose = () => {
      if (mine !== socket) return;
      if (Date.now() - since > GOOD_MS) attempt = 0;
      down(delay(attempt++, Math.random()));
    };
  }

  async function down(pause) {
    socket = null;
    if ((await onDown()) === false) ended = true;
    clearTimeout(timer);
    if (!ended && !socket) timer = setTimeout(open, pause);
  }

  /** Lets go of the connection, whatever it believes of itself, and opens the next one now. */
  function restart() {
    const old = socket;
    socket = null;
    old?.close();
    if (!ended) down(0);
  }
  addEventListener('online', restart);
  open();

  return {
    /** Sends now, or returns false. What must arrive is for the caller to keep. */
    send(frame) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    restart,
    end() {
      ended = true;
      clearTimeout(timer);
      removeEventListener('online', restart);
      const old = socket;
      socket = null;
      old?.close();
    },
  };
}
