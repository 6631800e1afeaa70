// The small maps on the pages of records: what the page says in words, drawn. Each stands in a `div.smallmap` of the server's.

import * as L from "../vendor/leaflet-1.9.4/leaflet-src.esm.js";
import { json } from "./api.js";
import { NodeIcon, baseNames, drawBase, panes } from "./basemap.js";
import { h } from "./dom.js";
import { Room } from "./place.js";
import { lang, t, useWords } from "./words.js";

/** Nothing is known more exactly than this zoom shows. */
const MAX_ZOOM = 15;
/** A single point is shown with this much around it. */
const POINT_ZOOM = 6;
/** So many features have their names beside them. */
const MOST_NAMES = 14;

const language = ["en", "fr"].find((code) => document.documentElement.lang.startsWith(code)) ?? "en";

/** @param {HTMLElement} el @param {Config} config */
async function draw(el, config) {
  const { features, beside, name = "name", other = "name", before, after = "" } = el.dataset;
  const fine = matchMedia("(pointer: fine)").matches;
  // A page is scrolled with one finger, and with the wheel: the map takes neither.
  const map = L.map(el, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, dragging: fine, zoomSnap: 0.25, minZoom: 1, maxZoom: Math.min(config.basemap?.max_zoom ?? MAX_ZOOM, MAX_ZOOM), worldCopyJump: true, zoomAnimation: false, fadeAnimation: false, renderer: L.svg({ padding: 0.6 }) });
  L.control.zoom({ zoomInTitle: t("map.in"), zoomOutTitle: t("map.out") }).addTo(map);
  map.on("focus", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());
  map.setView([0, 0], 1);
  panes(map);
  /** @type {import("./basemap.js").Label[]} */
  let labels = [];
  const names = L.layerGroup().addTo(map);
  /** @type {Set<string>} */
  const own = new Set();
  /** Points by themselves, and the names that stand beside them where they are few. @type {{at: L.LatLng, name: string}[]} */
  const spots = [];

  const xy = (/** @type {L.LatLng} */ at) => {
    const p = map.latLngToLayerPoint(at);
    return { x: p.x, y: p.y };
  };
  const write = () => {
    names.clearLayers();
    const { x, y } = map.containerPointToLayerPoint([0, 0]);
    const room = new Room([x, y, x + el.clientWidth, y + el.clientHeight]);
    const points = spots.map((spot) => ({ ...spot, ...xy(spot.at) }));
    for (const p of points) room.take([p.x - 7, p.y - 7, p.x + 7, p.y + 7]);
    if (points.length <= MOST_NAMES)
      for (const p of points) {
        own.add(p.name);
        const side = room.beside(p, p.name.length * 7 + 4, 15, 9);
        if (side) L.marker(p.at, { icon: new NodeIcon({ node: h(`div.tag.${side}`, { "aria-hidden": "true" }, p.name) }), interactive: false, keyboard: false, pane: "names" }).addTo(names);
      }
    baseNames(map, names, labels, room, own);
  };

  /** What a page of features holds, as Leaflet draws it. @param {string} address @param {string} kind */
  const read = async (address, kind) => {
    const answer = await json(address);
    const all = /** @type {Feature[]} */ (answer.features ?? [answer]).filter((feature) => feature.geometry);
    return L.geoJSON(/** @type {any} */ ({ type: "FeatureCollection", features: all }), {
      style: (feature) => /** @type {any} */ (feature?.geometry.type === "Point" ? {} : { className: `shape ${kind}`, pane: "shapes" }),
      pointToLayer: (_, at) => L.circleMarker(at, { radius: kind === "beside" ? 4 : 6, className: `dot ${kind}`, pane: "shapes" }),
      onEachFeature: (feature, layer) => {
        const said = String(feature.properties?.[name] ?? feature.properties?.[other] ?? feature.properties?.name ?? feature.id);
        // A node, so that a name is never markup.
        layer.bindTooltip(h("span", said), { direction: "top" });
        if (kind === "own" && layer instanceof L.CircleMarker) spots.push({ at: layer.getLatLng(), name: said });
        if (before !== undefined && kind === "own") layer.on("click", () => location.assign(`${before}${encodeURIComponent(String(feature.id))}${after}`));
        const radius = feature.properties?.accuracy_m;
        if (kind === "own" && all.length === 1 && radius > 0 && feature.geometry.type === "Point") L.circle([feature.geometry.coordinates[1], feature.geometry.coordinates[0]], { radius, className: "accuracy", interactive: false, pane: "shapes" }).addTo(map);
      },
    }).addTo(map);
  };

  const drawn = await read(/** @type {string} */ (features), "own");
  const bounds = drawn.getBounds();
  if (bounds.isValid()) {
    const point = bounds.getNorthEast().equals(bounds.getSouthWest());
    if (point) map.setView(bounds.getCenter(), POINT_ZOOM);
    else map.fitBounds(bounds, { padding: [30, 30], maxZoom: 10 });
  }
  map.on("moveend", write);
  if (beside) {
    const others = await read(beside, "beside").catch(() => null);
    drawn.bringToFront();
    if (others && el.dataset.fit !== undefined) map.fitBounds(bounds.extend(others.getBounds()), { padding: [30, 30], maxZoom: 11 });
  }
  await drawBase(map, config.basemap, { named: (found) => ((labels = found), write()), failed: () => {} });
  takeArea(el, map);
}

/** A button that fills the page's filter with what the map shows. @param {HTMLElement} el @param {L.Map} map */
function takeArea(el, map) {
  const fields = /** @type {HTMLInputElement[]} */ (["west", "south", "east", "north"].map((edge) => document.querySelector(`input[name="form.${edge}"]`)));
  if (fields.some((field) => !field)) return;
  const act = () => {
    const b = map.getBounds();
    const edges = [Math.max(b.getWest(), -180), Math.max(b.getSouth(), -90), Math.min(b.getEast(), 180), Math.min(b.getNorth(), 90)];
    fields.forEach((field, index) => (field.value = edges[index].toFixed(3)));
    fields[0].form?.requestSubmit();
  };
  el.after(h("p.ways", h("button.link", { type: "button", onclick: act }, t("area.search"))));
}

async function start() {
  const maps = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".smallmap")]);
  try {
    const [config, table] = await Promise.all([/** @type {Promise<Config>} */ (json("map.json")), json(`assets/text/${language}.json`)]);
    useWords(table, language);
    await Promise.all(maps.map((el) => draw(el, config)));
  } catch {
    // All that a map shows stands on the page in words.
    for (const el of maps) if (!el.querySelector(".dot, .shape")) el.remove();
  }
  document.body.dataset.maps = lang();
}

void start();
