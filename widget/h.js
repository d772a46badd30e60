// One way to make an element. Children that are strings become text nodes and nothing else: there is
// no path from data to markup here, and nowhere else in these pages either.

/** `h('p.note', { id: 'x', onclick: f }, 'text', node)`; null, undefined and false are left out. */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(' ');
  for (const [key, value] of Object.entries(props ?? {})) {
    if (isNothing(value)) continue;
    if (typeof value === 'function') node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => !isNothing(child)));
  return node;
}

const isNothing = (value) => value === null || value === undefined || value === false;

/** Replaces `node`'s text, touching the page only if it differs: live regions repeat what is set. */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
