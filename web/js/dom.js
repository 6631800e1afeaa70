// Elements from names, attributes and children. Text enters as text nodes, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Sets attributes (`on…` functions listen; true, false and null set or leave out) where the first of `rest` holds
 * them, and appends the others: nodes as they are, text as text, nothing for null and false.
 * @param {Element} el @param {any[]} rest
 */
function fill(el, rest) {
  const attrs = rest[0]?.constructor === Object ? rest.shift() : {};
  for (const [name, value] of Object.entries(attrs)) {
    if (typeof value === "function") el.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) el.setAttribute(name, value === true ? "" : value);
  }
  el.append(...rest.filter((c) => c !== null && c !== undefined && c !== false));
}

/** @param {Element} el @param {string[]} classes @param {any[]} rest @returns {any} */
function made(el, classes, rest) {
  if (classes.length) el.setAttribute("class", classes.join(" "));
  fill(el, rest);
  return el;
}

/**
 * An HTML element: `h("p.quiet", { lang: "fr" }, "texte")`.
 * @template {string} S @param {S} name the tag, and classes after dots @param {...any} rest
 * @returns {HtmlElement<S>}
 */
export function h(name, ...rest) {
  const [tag, ...classes] = name.split(".");
  return made(document.createElement(tag), classes, rest);
}

/**
 * An SVG element, likewise.
 * @template {string} S @param {S} name @param {...any} rest @returns {SVGElement}
 */
export function svg(name, ...rest) {
  const [tag, ...classes] = name.split(".");
  return made(document.createElementNS(SVG, tag), classes, rest);
}

/**
 * One tab stop for a list: the arrows, Home and End move inside it.
 * @param {HTMLElement} root @param {string} selector of the elements that take the focus
 */
export function roving(root, selector) {
  const all = () => /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);
  root.addEventListener("keydown", (e) => {
    const at = all().findIndex((el) => el === e.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: Infinity }[e.key];
    if (at < 0 || to === undefined) return;
    e.preventDefault();
    all()[Math.max(0, Math.min(all().length - 1, to))].focus();
  });
  root.addEventListener("focusin", (e) => {
    if (all().some((el) => el === e.target)) for (const el of all()) el.tabIndex = el === e.target ? 0 : -1;
  });
}

/**
 * New content for `el`; the focus stays on the element with the same `data-key`.
 * @param {HTMLElement} el @param {...any} children
 */
export function refill(el, ...children) {
  const key = el.contains(document.activeElement) && /** @type {HTMLElement} */ (document.activeElement).dataset.key;
  el.replaceChildren();
  fill(el, children);
  if (key) /** @type {HTMLElement | null} */ (el.querySelector(`[data-key="${CSS.escape(key)}"]`))?.focus({ preventScroll: true });
}

/** A dialog over the page that leaves nothing behind. @param {string} title @param {...any} content */
export function dialog(title, close = "", ...content) {
  const el = h("dialog", { "aria-label": title, onclose: () => el.remove(), onclick: (/** @type {Event} */ e) => e.target === el && el.close() });
  el.append(h("header", h("h2", title), h("button.close", { "aria-label": close, onclick: () => el.close() }, "×")), ...content);
  document.body.append(el);
  el.showModal();
  return el;
}
