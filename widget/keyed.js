// Keeps a parent's children in step with a list of rows: one node for each `key`, repainted only when
// the row changed, moved only when its place did. Nodes that stay keep focus, selection and animation.

/** Two rows look the same: every field is the same thing. */
export const same = (a, b) => Object.keys({ ...a, ...b }).every((key) => a[key] === b[key]);

/** `paint(row, old)` returns the row's node: a new one, or `old` changed. Returns `draw(rows)`. */
export function keyed(parent, paint) {
  let drawn = new Map();
  return (rows) => {
    const before = drawn;
    drawn = new Map();
    let previous = null;
    for (const row of rows) {
      const old = before.get(row.key);
      const node = old && same(old.row, row) ? old.node : paint(row, old?.node);
      if (old && old.node !== node) old.node.replaceWith(node);
      before.delete(row.key);
      drawn.set(row.key, { row, node });
      const place = previous ? previous.nextSibling : parent.firstChild;
      if (node !== place) parent.insertBefore(node, place);
      previous = node;
    }
    for (const { node } of before.values()) node.remove();
  };
}
