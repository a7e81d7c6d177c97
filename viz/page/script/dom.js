// Elements as plain data, and one function that makes a document follow them: what has not changed is not touched.

/** @typedef {{tag: string, attributes: Record<string, any>, children: Child[]}} Element_ */
/** @typedef {Element_ | string} Child */

/** @type {Record<string, string>} What begins a part in another language. */
const SPACES = {svg: "http://www.w3.org/2000/svg", math: "http://www.w3.org/1998/Math/MathML"};

/** An element. Text is always text: nothing in a label is read as markup.
 * @param {string} tag @param {Record<string, any> | null} attributes @param {...any} children @returns {Element_} */
function h(tag, attributes, ...children) {
  return {tag, attributes: attributes ?? {}, children: listed(children, [])};
}

/** Children in one list, without those that are nothing. @param {any[]} given @param {Child[]} flat */
function listed(given, flat) {
  for (const child of given) {
    if (Array.isArray(child)) listed(child, flat);
    else if (child !== null && child !== undefined && child !== false) flat.push(typeof child === "object" ? child : String(child));
  }
  return flat;
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

/** An element of the document by its name. @param {string} id @returns {any} */
function byId(id) {
  return document.getElementById(id);
}

/** A table with a name. @param {string} kind @param {string} name @param {string[]} heads @param {any} rows @param {...any} foot */
function table(kind, name, heads, rows, ...foot) {
  return h("table", {class: kind}, h("caption", null, name), heads.length > 0 && h("thead", null, tr(heads.map((text) => h(text ? "th" : "td", null, text)))), h("tbody", null, rows), foot);
}

/** @param {...any} cells */
function tr(...cells) {
  return h("tr", null, cells);
}

/** A slider. @param {string} name @param {string} text what its place is @param {number} low @param {number} high
 * @param {number} step @param {number} at @param {(x: number) => void} move */
function slider(name, text, low, high, step, at, move) {
  return h("input", {type: "range", min: low, max: high, step, value: at, "aria-label": name, "aria-valuetext": text, oninput: (/** @type {any} */ event) => move(event.target.valueAsNumber)});
}

/** A field for a number. @param {any} attributes @param {(x: number) => void} change */
function numberInput(attributes, change) {
  return h("input", {type: "number", onchange: (/** @type {any} */ event) => change(event.target.valueAsNumber), ...attributes});
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
  for (const name in child.attributes) assignAttribute(element, name, child.attributes[name], undefined);
  for (const inner of child.children) element.appendChild(create(inner, element));
  return element;
}

/** @param {any} element @param {string} name @param {any} value @param {any} before */
function assignAttribute(element, name, value, before) {
  if (name.startsWith("on")) element[name] = value ?? null;
  else if (name === "style") {
    for (const key in value) if (value[key] !== before?.[key]) element.style.setProperty(key, value[key]);
  } else if (name === "value") {
    if (element.value !== String(value) && document.activeElement !== element) element.value = value;
  } else if (value === null || value === undefined || value === false) {
    if (before !== undefined) element.removeAttribute(name);
  } else if (value !== before) element.setAttribute(name, value === true ? "" : value);
}

/** Make the children of `element` those of `next`, which were those of `last`.
 * @param {any} element @param {Child[]} last @param {Child[]} next */
function patchChildren(element, last, next) {
  let node = element.firstChild;
  next.forEach((child, place) => {
    if (place >= last.length) element.appendChild(create(child, element));
    else {
      const after = node.nextSibling;
      if (child !== last[place]) patchNode(element, node, last[place], child);
      node = after;
    }
  });
  for (let place = last.length; place > next.length; place--) element.removeChild(element.lastChild);
}

/** @param {any} parent @param {any} node @param {Child} last @param {Child} next */
function patchNode(parent, node, last, next) {
  if (typeof next === "string" && typeof last === "string") node.data = next;
  else if (typeof next === "string" || typeof last === "string" || last.tag !== next.tag || last.attributes.key !== next.attributes.key) {
    parent.replaceChild(create(next, parent), node);
  } else {
    const [was, is] = [last.attributes, next.attributes];
    for (const name in was) if (!(name in is)) assignAttribute(node, name, undefined, was[name]);
    for (const name in is) if (is[name] !== was[name] || name === "value") assignAttribute(node, name, is[name], was[name]);
    patchChildren(node, last.children, next.children);
  }
}

/** @type {WeakMap<any, Child[]>} */
const shown = new WeakMap();

/** Show these children in an element of the document. @param {any} element @param {any[]} children */
function render(element, ...children) {
  const next = listed(children, []);
  patchChildren(element, shown.get(element) ?? [], next);
  shown.set(element, next);
}
