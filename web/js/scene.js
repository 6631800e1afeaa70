// What a view shows: every part of the page draws the same scene. No DOM here.

import { toDay, toIso } from "./days.js";
import { isLarge } from "./inview.js";
import { STATES, stateAt } from "./stateat.js";
import { lang, local } from "./words.js";

/** Days for which an event stays on the map. */
const EVENT_DAYS = 30;

/** @param {Layer} layer @param {Feature} feature */
export function nameOf(layer, feature) {
  const p = feature.properties;
  const field = typeof layer.label === "object" ? (layer.label[lang()] ?? layer.label.en) : layer.label;
  return String((field && p[field]) || local(p, "name") || local(p, "title") || feature.id);
}

/** @param {Layer} layer @param {Feature} feature @param {Iso | null} day @returns {Item} */
export function toItem(layer, feature, day) {
  const p = feature.properties;
  return {
    key: `${layer.collection}/${feature.id}`,
    id: String(feature.id),
    layer,
    p,
    geometry: feature.geometry,
    name: nameOf(layer, feature),
    state: layer.style === "state" && day ? stateAt(p, day) : layer.style === "event" ? "event" : "plain",
    from: (layer.time && p[layer.time.earliest]) || null,
    to: (layer.time && p[layer.time.latest]) || null,
    pass: true,
    drawn: true,
  };
}

/** @param {Item} item @param {string} field */
const valueOf = (item, field) => (field === "state" && item.layer.style === "state" ? item.state : item.p[field]);

/** @param {Item} item @param {Record<string, string[]>} filters @param {string} [aside] */
const passes = (item, filters, aside) =>
  Object.entries(filters).every(
    ([field, values]) => field === aside || !item.layer.filters?.includes(field) || values.includes(String(valueOf(item, field))),
  );

/** Whether the day shows it on the map. @param {Item} item @param {Iso | null} day */
function onDay({ from, layer }, day) {
  if (layer.style === "state" || !from || !day) return true;
  return from <= day && (layer.style !== "event" || toDay(day) - toDay(from) < EVENT_DAYS);
}

/** The day that a view shows. @param {Config} config @param {View} view */
export const dayOf = ({ time }, view) => (time ? clamp(view.day ?? time.initial ?? time.end, time.start, time.end) : null);

/** The days whose features the map shows, as `datetime` takes them: what `onDay` says. @param {Config} config @param {Layer} layer @param {View} view */
export function daysOf(config, layer, view) {
  const day = dayOf(config, view);
  if (!day || !layer.time || layer.style === "state") return null;
  if (layer.style === "event") return `${toIso(toDay(day) - EVENT_DAYS + 1)}/${day}`;
  return day < /** @type {any} */ (config.time).end ? `../${day}` : null;
}

/**
 * @param {Config} config
 * @param {LayerData[]} data
 * @param {View} view
 * @param {Map<string, Set<string>> | null} area ids found in the searched area, by collection
 * @param {Item | null} other the chosen feature where no layer holds it
 * @returns {Scene}
 */
export function makeScene(config, data, view, area, other) {
  const day = dayOf(config, view);
  const layers = data.map((d) => {
    const { layer } = d;
    const on = !view.off.includes(layer.collection);
    const found = area?.get(layer.collection);
    const items = d.features.map((feature) => {
      const item = toItem(layer, feature, day);
      const near = !found || found.has(item.id);
      item.pass = near && passes(item, view.filters);
      item.drawn = on && (item.key === view.on || (!d.clusters && item.pass && onDay(item, day)));
      return { item, near };
    });
    items.sort((a, b) => (a.item.from ?? "9").localeCompare(b.item.from ?? "9") || (a.item.p.order ?? 0) - (b.item.p.order ?? 0));
    const alone = new Map((d.clusters ?? []).flatMap((cluster) => (cluster.only ? [[cluster, toItem(layer, cluster.only, day)]] : [])));
    return { layer, data: d, on, all: items, items: items.map(({ item }) => item), alone };
  });

  const filtered = layers.filter(({ layer }) => layer.filters?.length);
  const main = filtered.find(({ layer }) => !isLarge(layer));
  const near = main?.all.filter((entry) => entry.near).map(({ item }) => item) ?? [];
  const facets = main ? (main.layer.filters ?? []).map((field) => ({ field, values: count(near, field, view.filters) })) : (filtered[0]?.data.facets ?? []);
  return {
    view,
    day,
    layers,
    states: Object.fromEntries(facets.find(({ field }) => field === "state")?.values ?? []),
    facets,
    chosen: layers.flatMap(({ items }) => items).find(({ key }) => key === view.on) ?? other,
  };
}

/** Values of `field` in the list's order, each with its count under the other filters. */
function count(/** @type {Item[]} */ items, /** @type {string} */ field, /** @type {Record<string, string[]>} */ filters) {
  const counts = /** @type {Map<string, number>} */ (new Map(field === "state" ? STATES.map((state) => [state, 0]) : []));
  for (const item of items) {
    const value = valueOf(item, field);
    if (value === null || value === undefined) continue;
    const key = String(value);
    counts.set(key, (counts.get(key) ?? 0) + (passes(item, filters, field) ? 1 : 0));
  }
  return [...counts];
}

/** @param {Iso} day @param {Iso} start @param {Iso} end */
const clamp = (day, start, end) => (day < start ? start : day > end ? end : day);

/** The ends of the bounding box of a geometry: west, south, east, north. @param {Geometry | null} geometry */
export function boundsOf(geometry) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const walk = (/** @type {any} */ c) => {
    if (typeof c?.[0] === "number") {
      box[0] = Math.min(box[0], c[0]);
      box[1] = Math.min(box[1], c[1]);
      box[2] = Math.max(box[2], c[0]);
      box[3] = Math.max(box[3], c[1]);
    } else if (Array.isArray(c)) for (const part of c) walk(part);
  };
  walk(geometry?.coordinates ?? /** @type {any} */ (geometry)?.geometries?.map((/** @type {Geometry} */ g) => g.coordinates));
  return Number.isFinite(box[0]) ? box : null;
}

/**
 * How two readings of a collection differ: features that only `before` has, and features whose value or agreement changed.
 * @param {LayerData} before @param {LayerData} after
 */
export function differences(before, after) {
  const edtf = before.layer.time?.edtf ?? "";
  const known = new Map(after.features.map((f) => [f.id, f.properties]));
  let gone = 0;
  let changed = 0;
  for (const { id, properties: p } of before.features) {
    const q = known.get(id);
    if (!q) gone++;
    else if (p[edtf] !== q[edtf]) changed++;
  }
  return { gone, changed, all: before.features.length };
}
