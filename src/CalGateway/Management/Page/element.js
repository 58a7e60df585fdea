// The little that the page needs to draw. Every text goes in as text: route names, paths and reasons come from elsewhere.

const svgNames = new Set(['svg', 'path', 'line', 'rect']);

/** An element with attributes and children; what is null or false is left out. */
export function element(name, attributes = {}, ...children) {
  const made = svgNames.has(name) ? document.createElementNS('http://www.w3.org/2000/svg', name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value);
    else if (value !== null && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter(child => child !== null && child !== false && child !== undefined));
  return made;
}

/** A path that breaks behind its slashes; within a segment only where that alone is longer than the line. */
export const path = (text, attributes = {}) => element('code', attributes,
  text.split(/(?<=[^/]\/)/).map(segment => element('span', { class: 'segment' }, parted(segment))));

/** A text that may break behind the signs within a long key or name, so that it need not break in the middle of a word. */
export const parted = text => text.split(/(?<=\S{4}[/:|_=,(-])(?=\S{4})/).flatMap((part, index) => index > 0 ? [element('wbr'), part] : [part]);

/** A text whose dates stay on one line: half a version is another one. */
export const dated = text => text.split(/(\d{4}-\d\d-\d\d)/).flatMap((part, index) => index % 2 ? [element('span', { class: 'whole' }, part)] : parted(part));

export const byId = id => document.getElementById(id);

/** Sets a text only where it differs, so that a screen reader is not told the same again. */
export function say(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

const drawn = new WeakMap();

/**
 * One child for each item, in their order. A child is made anew only when its own item has changed: whoever has the focus in another,
 * or a text selected there, keeps it.
 */
export function list(target, items, keyOf, make) {
  const before = drawn.get(target) ?? new Map();
  const after = new Map();
  for (const item of items) {
    const key = keyOf(item);
    const text = JSON.stringify(item);
    const kept = before.get(key);
    after.set(key, kept?.text === text ? kept : { text, child: replacing(kept?.child, make(item)) });
  }
  drawn.set(target, after);
  const children = [...after.values()].map(entry => entry.child);
  if (children.length !== target.children.length || children.some((child, index) => child !== target.children[index])) {
    withFocus(target, () => target.replaceChildren(...children));
  }
}

/** The focus stays on the same button, and what is unfolded stays so. */
function replacing(old, made) {
  if (old?.querySelector('details')?.open) made.querySelector('details')?.setAttribute('open', '');
  return made;
}

function withFocus(target, change) {
  const focused = target.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  change();
  if (focused) target.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}
