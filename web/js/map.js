// The map: with the base map and the small maps of the pages the only module that knows Leaflet.

import * as L from "../vendor/leaflet-1.9.4/leaflet-src.esm.js";
import { NodeIcon, baseNames, drawBase, panes } from "./basemap.js";
import { h } from "./dom.js";
import { isLarge } from "./inview.js";
import { clusterMark, countMark, hueClass, markOf } from "./marks.js";
import { cluster, Room } from "./place.js";
import { boundsOf } from "./scene.js";
import { compact, num, pick, t, valueWord } from "./words.js";

/** Marks nearer than this are one cluster, px; a little less than a mark, so that neighbours still stand apart. */
const REACH = 13;
/** Nothing of ours is known more exactly than this zoom shows; of large layers one cannot know. */
const MAX_ZOOM = 14;
const MAX_ZOOM_LARGE = 18;
/** Counts nearer than this are one, px; and the radius of the greatest in view. */
const COUNT_REACH = 44;
const COUNT_RADIUS = 27;
/** Names of a cluster that are said, and features of one that are listed. */
const MOST_NAMES = 20;
const MOST_CHOICES = 50;

/** @typedef {{count: number, bbox: number[], layer: Layer, item: Item | null, at: L.LatLng, x: number, y: number}} Counted */
/** @typedef {import("./basemap.js").Label} Label */

const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * @param {HTMLElement} el
 * @param {Config} config
 * @param {View} view
 * @param {{cover: HTMLElement, choose: (key: string) => void, moved: (map: View['map']) => void, seen: () => void, within: (layer: Layer, bbox: number[]) => Promise<Item[]>, failed: (e: unknown) => void}} on
 */
export function createMap(el, config, view, on) {
  const raster = config.basemap?.kind === "raster";
  const maxZoom = config.layers.some(isLarge) ? MAX_ZOOM_LARGE : MAX_ZOOM;
  const map = L.map(el, {
    zoomControl: false,
    attributionControl: false,
    zoomSnap: raster ? 1 : 0.25,
    zoomDelta: raster ? 1 : 0.75,
    wheelPxPerZoomLevel: 90,
    minZoom: 2,
    maxZoom: Math.min(config.basemap?.max_zoom ?? maxZoom, maxZoom),
    renderer: L.svg({ padding: 0.6 }),
    worldCopyJump: true,
    zoomAnimation: !still(),
    fadeAnimation: !still(),
    keyboardPanDelta: 120,
    // We watch the map's own box, which a drawer changes as well as the window.
    trackResize: false,
  });
  panes(map);
  const shapes = L.layerGroup().addTo(map);
  const pins = L.layerGroup().addTo(map);
  const names = L.layerGroup().addTo(map);
  const [w, s, e, n] = config.bbox ?? [-170, -60, 170, 75];
  let whole = L.latLngBounds([s, w], [n, e]);
  /** Everything stays in view, whatever the map's size, until the reader moves it. */
  let fitted = !view.map;
  const fit = () => {
    map.fitBounds(whole, { animate: false, padding: [6, 6] });
    fitted = true;
    on.moved(null);
  };
  /** @type {Label[]} */
  let labels = [];
  /** @type {Scene | null} */
  let scene = null;
  let drawn = "";

  if (view.map) map.setView([view.map[1], view.map[2]], view.map[0], { animate: false });
  else fit();

  // Leaflet calls a resize a move as well, and its middle half a pixel another: only what the reader does counts.
  let resizing = false;
  for (const name of ["dragstart", "zoomstart", "keydown"]) map.on(name, () => (fitted = false));
  map.on("moveend", () => {
    const c = map.getCenter().wrap();
    if (scene && !fitted && !resizing) on.moved([map.getZoom(), c.lat, c.lng]);
    if (scene) on.seen();
    redraw();
  });

  void drawBase(map, config.basemap, { named: (found) => ((labels = found), redraw()), failed: on.failed });

  /** Draws again what depends on pixels, if anything that it depends on has changed. */
  function redraw() {
    if (!scene) return;
    const seen = scene.layers.flatMap(({ items }) => items.filter((item) => item.drawn));
    if (scene.chosen && !seen.includes(scene.chosen)) seen.push(scene.chosen);
    const counts = scene.layers.filter((entry) => entry.on && entry.data.clusters);
    const signature = [counts.map(({ data }) => data.clusters?.map(({ at, count }) => `${at} ${count}`)), map.getZoom(), map.getPixelOrigin(), map.getBounds().toBBoxString(), labels.length, scene.view.area, scene.view.on, ...seen.map((i) => i.key + i.state + i.name)].join();
    if (signature === drawn) return;
    drawn = signature;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.pin;
    for (const group of [shapes, pins, names]) group.clearLayers();
    const chosen = scene.chosen?.key;

    const { x: left, y: top } = map.containerPointToLayerPoint([0, 0]);
    const room = new Room([left, top, left + el.clientWidth, top + el.clientHeight]);
    const groups = [];
    /** @type {Counted[][]} */
    const counted = counts.flatMap((entry) => gather(entry, chosen));
    for (const layer of new Set(seen.map((item) => item.layer))) {
      const points = seen
        .filter((item) => item.layer === layer && item.geometry?.type === "Point")
        .map((item) => ({ item, at: near(item.geometry?.coordinates) }))
        .map(({ item, at }) => ({ item, at, ...xy(at) }));
      // The chosen feature always stands by itself.
      const alone = points.filter(({ item }) => item.key === chosen);
      const rest = points.filter(({ item }) => item.key !== chosen);
      groups.push(...alone.map((point) => [point]), ...cluster(rest, layer.style === "state" ? REACH : 30));
      for (const item of seen) if (item.layer === layer && item.geometry && item.geometry.type !== "Point") shape(item, item.key === chosen);
    }
    for (const [{ x, y }] of groups) room.take([x - 8, y - 8, x + 8, y + 8]);
    const most = Math.max(1, ...counted.map(sum));
    for (const group of counted) count(group, most, room);
    if (scene.chosen) accuracy(scene.chosen);
    for (const group of groups) pin(group, room, chosen);
    if (scene.view.area) {
      const [west, south, east, north] = scene.view.area;
      L.rectangle([[south, west], [north, east]], { className: "area", interactive: false }).addTo(shapes);
    }
    baseNames(map, names, labels, room, new Set(scene.layers.flatMap(({ items }) => items.map((item) => item.name))));
    if (focused) /** @type {HTMLElement | null} */ (el.querySelector(`[data-pin="${CSS.escape(focused)}"]`))?.focus({ preventScroll: true });
  }

  /** The copy of a position that is nearest to the map's middle: west of the antimeridian lies the world's other end. @param {number[]} position */
  const near = ([lon, lat]) => L.latLng(lat, lon + 360 * Math.round((map.getCenter().lng - lon) / 360));

  /** What the server counted, in groups that leave each other room on the screen, the greatest first. @param {Scene["layers"][number]} entry @param {string | undefined} chosen */
  function gather({ layer, data, alone }, chosen) {
    const spots = (data.clusters ?? [])
      .filter((c) => alone.get(c)?.key !== chosen || !chosen)
      .map((c) => ({ ...c, layer, item: alone.get(c) ?? null, at: near(c.at) }))
      .sort((a, b) => b.count - a.count);
    return cluster(spots.map((spot) => ({ ...spot, ...xy(spot.at) })), COUNT_REACH);
  }

  /** @param {Counted[]} group */
  const sum = (group) => group.reduce((n, { count }) => n + count, 0);

  /** @param {Counted[]} group @param {number} most the greatest count in view @param {Room} room */
  function count(group, most, room) {
    const [{ item, at, x, y, layer }] = group;
    if (item && group.length === 1) return pin([{ item, at, x, y }], room, undefined);
    const n = sum(group);
    const text = compact(n);
    // The area tells the count, down to where its figures fill it.
    const r = Math.max(6 + 3 * Math.max(2, text.length), COUNT_RADIUS * Math.sqrt(n / most));
    room.take([x - r, y - r, x + r, y + r]);
    const node = h("div.pin.many", { "data-pin": `${layer.collection} ${group[0].bbox}` }, countMark(text, r, layer.hue));
    for (const side of ["width", "height"]) node.style.setProperty(side, `${2 * r}px`);
    node.style.setProperty("margin", `${-r}px 0 0 ${-r}px`);
    // What the mark shows is a part of its name, so that it can be called by it.
    const words = text === num(n) ? "map.counted" : "map.counted_short";
    button(at, node, t(words, { n, short: text, what: pick(layer.title) || layer.collection }), Math.round(450 - r), () => void enter(group));
  }

  /** Zooms to what was counted; where no zoom takes it apart, lists some of it. @param {Counted[]} group */
  async function enter(group) {
    const edge = (/** @type {number} */ i, /** @type {(...all: number[]) => number} */ of) => of(...group.map(({ bbox }) => bbox[i]));
    const bbox = [edge(0, Math.min), edge(1, Math.min), edge(2, Math.max), edge(3, Math.max)];
    const [sw, ne] = [near([bbox[0], bbox[1]]), near([bbox[2], bbox[3]])];
    // Cells about the antimeridian have their copies on either side.
    if (ne.lng < sw.lng) ne.lng += 360;
    const bounds = L.latLngBounds(sw, ne);
    const zoom = Math.min(Math.max(map.getBoundsZoom(bounds), map.getZoom() + 1), map.getMaxZoom());
    if (zoom > map.getZoom()) return void map.setView(bounds.getCenter(), zoom, { animate: !still() });
    try {
      const items = await on.within(group[0].layer, bbox);
      if (items.length) choices(items, group[0].at, sum(group));
    } catch (e) {
      on.failed(e);
    }
  }

  /** @param {L.LatLng} at */
  const xy = (at) => {
    const p = map.latLngToLayerPoint(at);
    return { x: p.x, y: p.y };
  };

  /**
   * A marker at `at` that is a button with our node.
   * @param {L.LatLng} at @param {HTMLElement} node @param {string} label @param {number} z @param {() => void} act
   */
  function button(at, node, label, z, act) {
    node.setAttribute("aria-label", label);
    const marker = L.marker(at, { icon: new NodeIcon({ node }), keyboard: true, zIndexOffset: z, title: "", riseOnHover: true }).addTo(pins);
    marker.on("click", act);
    node.addEventListener("keydown", (e) => {
      if (e.key !== "Enter" && e.key !== " ") return;
      e.preventDefault();
      e.stopPropagation();
      act();
    });
  }

  /** @param {{item: Item, at: L.LatLng, x: number, y: number}[]} group @param {Room} room @param {string | undefined} chosen */
  function pin(group, room, chosen) {
    const [{ item, at }] = group;
    if (group.length > 1) {
      const node = h("div.pin.many", { "data-pin": item.key }, clusterMark(group.map((g) => g.item.state), item.layer.hue));
      button(at, node, t("map.cluster", { n: group.length, names: namesOf(group.map((g) => g.item)) }), 400, () => open(group));
      return;
    }
    const on_ = item.key === chosen;
    const node = h("div", { class: `pin ${item.layer.style ?? "plain"}${on_ ? " on" : ""}`, "data-pin": item.key }, markOf(item, item.state === "event" ? 13 : 16));
    const plain = item.layer.style !== "state";
    if (on_ || !plain) {
      const side = room.beside(group[0], item.name.length * 7 + 4, 15, 10) ?? (on_ ? "r" : null);
      if (side) node.append(h("span", { class: `name ${side}` }, item.name));
    }
    const state = plain ? "" : `, ${valueWord("state", item.state)}`;
    button(at, node, item.name + state, on_ ? 1000 : plain ? 0 : 500, () => on.choose(item.key));
  }

  /** The first names, since a crowd of them says nothing. @param {Item[]} items */
  const namesOf = (items) => items.slice(0, MOST_NAMES).map(({ name }) => name).join(", ") + (items.length > MOST_NAMES ? ", …" : "");

  /** Opens a cluster: by zooming where that takes it apart, else as a list. @param {{item: Item, at: L.LatLng}[]} group */
  function open(group) {
    const bounds = L.latLngBounds(group.map((g) => g.at));
    const zoom = Math.min(map.getBoundsZoom(bounds.pad(0.6)), map.getMaxZoom());
    const points = group.map((g) => ({ ...map.project(g.at, zoom) }));
    if (zoom > map.getZoom() && cluster(/** @type {any} */ (points), 30).length > 1) {
      map.setView(bounds.getCenter(), zoom, { animate: !still() });
      return;
    }
    choices(group.slice(0, MOST_CHOICES).map(({ item }) => item), group[0].at, group.length);
  }

  /** A list to choose from. @param {Item[]} items @param {L.LatLng} at @param {number} n how many there are */
  function choices(items, at, n) {
    const popup = L.popup({ closeButton: false, className: "pick", minWidth: 160, maxHeight: 260 });
    const rows = items.map((item) =>
      h("li", h("button", { onclick: () => (popup.remove(), on.choose(item.key)) }, markOf(item), item.name)),
    );
    if (n > items.length) rows.push(h("li.quiet", t("list.more", { n: n - items.length })));
    const list = h("ul", { "aria-label": t("map.cluster", { n, names: "" }) }, ...rows);
    list.addEventListener("keydown", (e) => {
      if (e.key !== "Escape") return;
      e.stopPropagation();
      popup.remove();
      el.focus();
    });
    popup.setLatLng(at).setContent(list).openOn(map);
    list.querySelector("button")?.focus();
  }

  /** Lines, polygons and collections, drawn as they are. @param {Item} item @param {boolean} chosen */
  function shape(item, chosen) {
    const className = `shape s-plain ${hueClass(item.layer.hue)}${chosen ? " on" : ""}`;
    L.geoJSON(/** @type {any} */ (item.geometry), {
      style: /** @type {any} */ ({ className, pane: "shapes" }),
      pointToLayer: (_, at) => L.circleMarker(at, { radius: 5, className, pane: "shapes" }),
    })
      .on("click", () => on.choose(item.key))
      .addTo(shapes);
  }

  /** @param {Item} item */
  function accuracy(item) {
    const radius = item.layer.accuracy ? item.p[item.layer.accuracy] : item.p.accuracy_m;
    if (!(radius > 0) || item.geometry?.type !== "Point") return;
    const [lon, lat] = item.geometry.coordinates;
    L.circle([lat, lon], { radius, className: "accuracy", interactive: false }).addTo(shapes);
  }

  const resize = () => {
    resizing = true;
    map.invalidateSize({ animate: false });
    resizing = false;
    if (fitted) fit();
  };
  const sized = new ResizeObserver(resize);
  sized.observe(el);

  return {
    /** @param {Scene} next */
    draw(next) {
      const before = scene?.view;
      scene = next;
      if (!before && !config.bbox) {
        const boxes = next.layers.flatMap(({ items }) => items.map((item) => boundsOf(item.geometry))).filter((box) => box !== null);
        const all = L.latLngBounds(boxes.flatMap(([west, south, east, north]) => [L.latLng(south, west), L.latLng(north, east)]));
        if (all.isValid()) whole = all;
        if (fitted) fit();
      }
      redraw();
      // An address that says where the map is opens just there, even where the chosen mark is out of sight.
      const told = !before && next.view.map;
      const chosen = next.chosen && next.view.on !== before?.on && !told ? boundsOf(next.chosen.geometry) : null;
      if (before && next.view.map && next.view.map !== before.map) {
        const [zoom, lat, lon] = next.view.map;
        const c = map.getCenter();
        if (Math.abs(zoom - map.getZoom()) > 0.01 || Math.abs(lat - c.lat) > 0.001 || Math.abs(lon - c.lng) > 0.001) map.setView([lat, lon], zoom, { animate: false });
      }
      // After the drawer has opened, or the sheet has risen, and the map has its new size.
      if (chosen) setTimeout(() => this.show(chosen), 260);
    },
    /** Moves a box into the visible part, no farther than needed. @param {number[]} box west, south, east, north */
    show([west, south, east, north], zoom = 0) {
      // The map may be gone by now: a change of language builds a new one.
      if (!map.getPane("mapPane")) return;
      resize();
      if (west === east && south === north) {
        const at = L.latLng(south, west);
        // What the drawer covers of the map: its lower part on a narrow screen, its right part in a frame.
        const [m, d] = [el, on.cover].map((box) => box.getBoundingClientRect());
        const over = d.width > 0 && d.left < m.right && d.right > m.left && d.top < m.bottom;
        const right = m.width - 90 - (over && d.top <= m.top ? m.right - d.left : 0);
        const bottom = m.height - 50 - (over && d.top > m.top ? m.bottom - d.top : 0);
        const p = map.latLngToContainerPoint(at);
        if (p.x > 50 && p.y > 80 && p.x < right && p.y < bottom && zoom <= map.getZoom()) return;
        fitted = false;
        if (zoom > map.getZoom()) map.setView(at, zoom, { animate: !still() });
        else map.panInside(at, { paddingTopLeft: [50, 80], paddingBottomRight: [m.width - right, m.height - bottom], animate: !still() });
      } else if (!map.getBounds().contains([[south, west], [north, east]])) map.fitBounds([[south, west], [north, east]], { animate: !still() });
    },
    zoom: (/** @type {number} */ by) => map.setZoom(map.getZoom() + by * (map.options.zoomDelta ?? 1)),
    whole: fit,
    level: () => map.getZoom(),
    /** The box in view: west, south, east, north, four decimals; west beyond east across the antimeridian. */
    box() {
      const b = map.getBounds();
      const round = (/** @type {number} */ v, /** @type {number} */ most) => Math.max(-most, Math.min(most, Number(v.toFixed(4))));
      const wrap = (/** @type {number} */ v) => (Math.abs(v) > 180 ? v - 360 * Math.round(v / 360) : v);
      const all = b.getEast() - b.getWest() >= 360;
      return [all ? -180 : round(wrap(b.getWest()), 180), round(b.getSouth(), 90), all ? 180 : round(wrap(b.getEast()), 180), round(b.getNorth(), 90)];
    },
    closePopup: () => Boolean(el.querySelector(".leaflet-popup") && map.closePopup()),
    remove() {
      sized.disconnect();
      map.remove();
    },
  };
}
