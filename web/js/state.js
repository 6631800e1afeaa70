// The view and the address: `#…` holds all of it, so that a link reopens what its sender saw.

/** Whether the address itself, not the view, says that the page stands in a frame. */
const framed = /\/embed$/.test(location.pathname) || new URLSearchParams(location.search).has("embed");
const listeners = /** @type {Set<(view: View) => void>} */ (new Set());
let view = parse(location.hash);
/** Time of the last change that made a step of its own, in ms. */
let stepped = 0;
/** @type {number | undefined} */
let waiting;

/** @param {string} hash @returns {View} */
export function parse(hash) {
  const q = new URLSearchParams(hash.replace(/^#/, ""));
  const list = (/** @type {string} */ name) => (q.get(name) ?? "").split(",").filter(Boolean).map(decoded);
  const numbers = (/** @type {string} */ name, /** @type {string} */ by, /** @type {number} */ n) => {
    const all = (q.get(name) ?? "").split(by).map(Number);
    return all.length === n && all.every(Number.isFinite) ? all : null;
  };
  const filters = /** @type {Record<string, string[]>} */ ({});
  for (const name of q.keys()) if (name.startsWith("f.") && list(name).length) filters[name.slice(2)] = list(name);
  const day = q.get("day") ?? "";
  return {
    map: /** @type {[number, number, number] | null} */ (numbers("map", "/", 3)),
    day: /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : null,
    on: q.get("on") || null,
    basis: q.get("view") || null,
    area: numbers("area", ",", 4),
    filters,
    off: list("off"),
    lang: q.get("lang"),
    embed: q.has("embed") || framed,
  };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {View} v */
export function print(v) {
  // A comma inside a value is encoded once more, to tell it from the commas between values.
  const list = (/** @type {string[]} */ values) => values.map((value) => value.replace(/[%,]/g, encodeURIComponent)).join(",");
  /** @type {[string, string | null | undefined | false][]} */
  const parts = [
    ["map", v.map && [v.map[0].toFixed(2).replace(/\.?0+$/, ""), v.map[1].toFixed(3), v.map[2].toFixed(3)].join("/")],
    ["day", v.day],
    ["on", v.on],
    ["view", v.basis],
    ...Object.entries(v.filters).map(([name, values]) => /** @type {[string, string]} */ ([`f.${name}`, list(values)])),
    ["area", v.area?.join(",")],
    ["off", list(v.off)],
    ["lang", v.lang],
    ["embed", v.embed && !framed && "1"],
  ];
  const text = parts.filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(String(value)).replace(/%(2F|2C|3A)/g, decodeURIComponent)}`);
  return text.length ? `#${text.join("&")}` : "";
}

export const current = () => view;

/** @param {(view: View) => void} listener */
export const onChange = (listener) => listeners.add(listener);

function replace() {
  clearTimeout(waiting);
  waiting = undefined;
  history.replaceState(null, "", print(view) || location.pathname + location.search);
}

/**
 * Changes the view. `push` makes a step for the back button; `burst` one for a run of changes in quick succession
 * (dragging the day); `replace` none (moving the map), and is written late, since browsers refuse floods.
 * @param {Partial<View>} patch
 * @param {"push" | "burst" | "replace"} [how]
 */
export function set(patch, how = "push") {
  const next = { ...view, ...patch };
  const changed = print(next) !== print(view);
  const step = how === "push" || (how === "burst" && performance.now() - stepped > 1500);
  if (how !== "replace") stepped = performance.now();
  if (changed && step) {
    if (waiting) replace();
    view = next;
    history.pushState(null, "", print(view) || location.pathname + location.search);
  } else {
    view = next;
    if (changed) waiting ??= setTimeout(replace, 250);
  }
  if (changed) for (const listener of listeners) listener(view);
}

addEventListener("popstate", () => {
  view = parse(location.hash);
  for (const listener of listeners) listener(view);
});
