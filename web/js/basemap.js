// The quiet base map: its shapes, and its names where they find room. Beside `map.js` and `smallmap.js` nothing knows Leaflet.

import * as L from "../vendor/leaflet-1.9.4/leaflet-src.esm.js";
import { json } from "./api.js";
import { h } from "./dom.js";
import { Room } from "./place.js";
import { pick } from "./words.js";

/** @typedef {{kind: string, name: Words, lon: number, lat: number, min_zoom: number}} Label */

/** An icon that is a node of ours, so that data enters as text. */
export const NodeIcon = /** @type {any} */ (L.Icon.extend({
  createIcon() {
    return /** @type {any} */ (this).options.node;
  },
  createShadow() {
    return null;
  },
}));

/** Panes from the base map up, which the shapes and names below lie in. @param {L.Map} map */
export function panes(map) {
  for (const [name, z] of /** @type {[string, number][]} */ ([["base", 200], ["names", 390], ["shapes", 400]])) map.createPane(name).style.zIndex = String(z);
}

/**
 * Draws the base map: the publisher's tiles, or the shapes that are part of the program.
 * @param {L.Map} map @param {Basemap | undefined} basemap
 * @param {{named: (labels: Label[]) => void, failed: (e: unknown) => void}} on what to do with the names on it
 */
export async function drawBase(map, basemap, on) {
  if (!basemap) return;
  if (basemap.kind === "raster") return void L.tileLayer(basemap.url, { maxZoom: basemap.max_zoom ?? 18, pane: "base" }).addTo(map);
  const folder = basemap.url.replace(/\/$/, "");
  const renderer = L.svg({ pane: "base", padding: 0.6 });
  const draw = async (/** @type {string} */ file) =>
    L.geoJSON(await json(`${folder}/${file}`), {
      interactive: false,
      // Leaflet passes the renderer on to each path, though its types do not say so.
      style: (feature) => /** @type {any} */ ({ renderer, className: `bm-${feature?.properties.kind}`, weight: 1 }),
    }).addTo(map);
  try {
    await draw("region.json");
    on.named(await json(`${folder}/labels.json`));
    await draw("world.json");
  } catch (e) {
    on.failed(e);
  }
}

/**
 * Names of the base map where marks and their names leave room.
 * @param {L.Map} map @param {L.LayerGroup} names where they are put @param {Label[]} labels @param {Room} room @param {Set<string>} own names that stand there already
 */
export function baseNames(map, names, labels, room, own) {
  const view = map.getBounds().pad(0.1);
  const zoom = map.getZoom();
  for (const { kind, name, lon, lat, min_zoom } of labels) {
    const text = pick(name);
    if (min_zoom > zoom + 0.25 || !view.contains([lat, lon]) || own.has(text)) continue;
    const at = L.latLng(lat, lon);
    const { x, y } = map.latLngToLayerPoint(at);
    const half = (text.length * (kind === "country" ? 9 : 6)) / 2 + 3;
    const town = kind === "town" || kind === "capital";
    const box = town ? [x - 4, y - 7, x + 2 * half, y + 7] : [x - half, y - 8, x + half, y + 8];
    if (!room.free(box)) continue;
    room.take(box);
    const node = h("div", { class: `bm-name ${kind}`, "aria-hidden": "true" }, h("span", text));
    L.marker(at, { icon: new NodeIcon({ node }), interactive: false, keyboard: false, pane: "names" }).addTo(names);
  }
}
