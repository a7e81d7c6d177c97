// Elements as plain data, and one function that makes a document follow them: what has not changed is not touched.

/** @typedef {{tag: string, attributes: Record<string, any>, children: Child[], element?: any}} Element_ */
/** @typedef {Element_ | string} Child */

/** @type {Record<string, string>} What begins a part in another language. */
const SPACES = {svg: "http://www.w3.org/2000/svg", math: "http://www.w3.org/1998/Math/MathML"};

/** An element. Text is always text: nothing in a label is read as markup.
 * @param {string} tag @param {Record<string, any> | null} attributes @param {...any} children @returns {Element_} */
function h(tag, attributes, ...children) {
  const flat = /** @type {any[]} */ (children.flat(Infinity)).filter((child) => child !== null && child !== undefined && child !== false);
  return {tag, attributes: attributes ?? {}, children: flat.map((child) => (typeof child === "object" ? child : String(child)))};
}

/** @param {string | null} kind @param {...any} children */
function div(kind, ...children) {
  return h("div", {class: kind}, children);
}

/** @param {string | null} kind @param {...any} children */
function span(kind, ...children) {
  return h("span", {class: kind}, children);
}

/** @param {...any} children */
function td(...children) {
  return h("td", null, children);
}

/** A picture of numbers. @param {string} kind @param {string} viewBox @param {string} name @param {...any} children */
function chart(kind, viewBox, name, ...children) {
  return h("svg", {class: kind, viewBox, role: "img", "aria-label": name}, children);
}

/** A button. @param {string | null} kind @param {Record<string, any>} attributes @param {...any} children */
function press(kind, attributes, ...children) {
  return h("button", {type: "button", class: kind, ...attributes}, children);
}

/** A button that only acts. @param {string | null} kind @param {() => void} onclick @param {...any} children */
function act(kind, onclick, ...children) {
  return press(kind, {onclick}, children);
}

/** What belongs together, with a name. @param {string} kind @param {string} name @param {...any} children */
function group(kind, name, ...children) {
  return h("div", {class: kind, role: "group", "aria-label": name}, children);
}

/** A paragraph of smaller weight. @param {...any} children */
function quiet(...children) {
  return h("p", {class: "quiet"}, children);
}

/** @param {Child} child @param {any} parent @returns {Node} */
function create(child, parent) {
  if (typeof child === "string") return document.createTextNode(child);
  const element = document.createElementNS(SPACES[child.tag] ?? parent.namespaceURI, child.tag);
  child.element = element;
  for (const [name, value] of Object.entries(child.attributes)) assignAttribute(element, name, value, undefined);
  for (const inner of child.children) element.appendChild(create(inner, element));
  return element;
}

/** @param {any} element @param {string} name @param {any} value @param {any} before */
function assignAttribute(element, name, value, before) {
  if (name.startsWith("on")) element[name] = value ?? null;
  else if (name === "style") Object.entries(value ?? {}).forEach(([key, entry]) => element.style.setProperty(key, entry));
  else if (name === "value") {
    if (element.value !== String(value) && document.activeElement !== element) element.value = value;
  } else if (value === null || value === undefined || value === false) {
    if (before !== undefined) element.removeAttribute(name);
  } else if (value !== before) element.setAttribute(name, value === true ? "" : value);
}

/** Make the children of `element` those of `next`, which were those of `last`.
 * @param {any} element @param {Child[]} last @param {Child[]} next */
function patchChildren(element, last, next) {
  const nodes = element.childNodes;
  next.forEach((child, place) => {
    if (place >= last.length) element.appendChild(create(child, element));
    else patchNode(element, nodes[place], last[place], child);
  });
  for (let place = last.length; place > next.length; place--) element.removeChild(element.lastChild);
}

/** @param {any} parent @param {any} node @param {Child} last @param {Child} next */
function patchNode(parent, node, last, next) {
  if (typeof next === "string" && typeof last === "string") {
    if (last !== next) node.data = next;
  } else if (typeof next === "string" || typeof last === "string" || last.tag !== next.tag || last.attributes.key !== next.attributes.key) {
    parent.replaceChild(create(next, parent), node);
  } else {
    next.element = node;
    for (const name of Object.keys(last.attributes)) if (!(name in next.attributes)) assignAttribute(node, name, undefined, last.attributes[name]);
    for (const [name, value] of Object.entries(next.attributes)) {
      if (value !== last.attributes[name] || name === "value") assignAttribute(node, name, value, last.attributes[name]);
    }
    patchChildren(node, last.children, next.children);
  }
}

/** @type {WeakMap<any, Child[]>} */
const shown = new WeakMap();

/** Show these children in an element of the document. @param {any} element @param {any[]} children */
function render(element, ...children) {
  const next = h("div", null, children).children;
  patchChildren(element, shown.get(element) ?? [], next);
  shown.set(element, next);
}
