// The keyboard: j and k walk the queue, t takes. Never while someone writes, nor with a modifier.

/** Binds the keys; returns how to unbind them. */
export function keys({ step, take }) {
  const bound = { j: () => step(1), k: () => step(-1), t: take };

  function pressed(event) {
    const writing = event.target.closest?.('input, textarea, select');
    if (writing || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = bound[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  addEventListener('keydown', pressed);
  return () => removeEventListener('keydown', pressed);
}
