// The page: reads the configuration, builds the parts once, and has all of them draw each view.

import { Failed, address, itemPath, items, json } from "./api.js";
import { dialog, h } from "./dom.js";
import { createInView, isLarge } from "./inview.js";
import { createList } from "./list.js";
import { createMap } from "./map.js";
import { claimsOf, createPanel } from "./panel.js";
import { boundsOf, daysOf, differences, makeScene, toItem } from "./scene.js";
import { createSearch } from "./search.js";
import { createSheet } from "./sheet.js";
import { current, onChange, print, set } from "./state.js";
import { createTimeline, dayAndCounts } from "./timeline.js";
import { openUseData } from "./usedata.js";
import { filterOf } from "./wish.js";
import { firstWords, has, lang, pick, t, useWords } from "./words.js";

const LANGUAGES = ["en", "fr"];
const served = document.documentElement.lang;
const live = h("p.hidden", { role: "status" });
let app = document.createElement("div");
/** Ends the parts of the last build, whose language has changed. */
let end = () => {};

/** What failed and where, with the address to try by hand. @param {unknown} e @param {() => void} again */
function failure(e, again) {
  const { url, kind, detail } = e instanceof Failed ? e : { url: "", kind: "page", detail: String(e instanceof Error ? e.message : e) };
  return h("div.failure", { role: "alert" },
    h("p", t("failed"), " ", has(`failed.${kind}`) && t(`failed.${kind}`)),
    detail && h("p", { lang: "en" }, detail),
    url && h("p", h("a", { href: url }, url)),
    h("button", { onclick: again }, t("retry")),
  );
}

/** A feature whose other names, and what it lies in, are texts, as a place of the gazetteer does not have them. @param {Feature} feature @returns {Feature} */
function inWords(feature) {
  const { other_names: names, within, ...p } = feature.properties;
  const texts = (/** @type {any[]} */ all) => all.map((one) => one.name ?? one);
  return { ...feature, properties: { ...p, ...(names && { other_names: texts(names) }), ...(within && { within: texts(within).join(", ") }) } };
}

/** @param {Config} config */
function build(config) {
  config.layers.filter(({ style }) => !style).forEach((layer, i) => (layer.hue = i));
  const choose = (/** @type {string | null} */ key) => {
    opener = document.activeElement;
    set({ on: key });
    if (key) {
      sheet.atLeast(1);
      requestAnimationFrame(() => document.getElementById("chosen")?.focus());
    }
  };
  const close = () => {
    set({ on: null });
    const back = /** @type {HTMLElement | null} */ (opener?.isConnected ? opener : document.querySelector('.line[tabindex="0"]'));
    back?.focus();
  };
  /** @type {Element | null} */
  let opener = null;
  /** @type {Scene | undefined} */
  let scene;
  /** @type {Map<string | null, LayerData[]>} */
  const readings = new Map();
  /** @type {Map<string, Set<string>> | null} */
  let area = null;
  /** @type {Item | null} */
  let other = null;
  let asked = "";

  const button = (/** @type {string} */ name, /** @type {() => void} */ onclick, /** @type {string} */ text = "", id = "") =>
    h("button", { id: id || null, "aria-label": text ? t(name) : null, title: text ? t(name) : null, onclick }, text || t(name));
  const views = config.views;
  const basis = h("input", { type: "checkbox", role: "switch", id: "basis", onchange: () => set({ basis: basis.checked ? (views?.other ?? null) : null }) });
  const changed = h("p.quiet", { role: "status" });
  const languages = LANGUAGES.map((code) => h("button", { lang: code, "aria-pressed": String(code === lang()), onclick: () => set({ lang: code }) }, code.toUpperCase()));
  const notice = h("div.notice");
  const column = h(
    "section",
    { id: "column", "aria-label": t("list.label") },
    h("header.top", h("div.langs", { role: "group", "aria-label": t("language") }, ...languages), h("p.title", { "aria-hidden": "true" }, pick(config.title)), h("p.lede", pick(config.lede))),
  );
  const drawer = h("aside", { id: "drawer", "aria-label": t("panel.label"), hidden: true });
  const sheetEl = h("div", { id: "sheet" }, column, drawer);
  const mapEl = h("div", { id: "map", role: "region", "aria-label": t("map.label") });
  const headline = h("p.headline", { "aria-hidden": "true" });
  const clearArea = button("area.clear", () => set({ area: null }));
  const tiles = config.basemap?.attribution;
  const credits = [...(config.attribution ?? []), ...(tiles ? [{ text: tiles, url: "" }] : [])].map(({ text, url }) => (url ? h("a", { href: url, rel: "noopener" }, text) : h("span", text)));
  const tools = h("div.tools", button("area.search", () => set({ area: map.box() }), "", "search-area"),
    clearArea,
    button("use.open", () => scene && openUseData(config, scene, map.box(), allInView()), "", "use-data"),
    button("keys.title", help, "?"),
  );
  const zoom = h("div.zoom", button("map.in", () => map.zoom(1), "+"), button("map.out", () => map.zoom(-1), "−"), button("map.whole", () => map.whole(), "⤢"));
  const time = h("section", { id: "time", "aria-label": t("time.section") });
  const skip = h("a.skip", { href: "#list", onclick: (/** @type {Event} */ e) => (e.preventDefault(), sheet.atLeast(1), document.getElementById("list")?.focus()) }, t("skip"));
  const full = h("a.full", { href: address("").href, target: "_blank", rel: "noopener" }, t("embed.full"));
  app.replaceChildren(skip, sheetEl, h("main", { id: "stage" }, h("h1.hidden", pick(config.title)), mapEl, headline, tools, zoom, h("p.credits", ...credits), full, notice), time, live);

  const search = createSearch(column, () => scene, (key, box) => {
    sheet.to(1);
    choose(key);
    if (box?.length) map.show(box, 8);
  });
  // What is found stands below the box, and a phone's keyboard takes the lower half.
  column.addEventListener("focusin", (e) => e.target === document.getElementById("search") && sheet.atLeast(2));
  if (views) column.append(h("div.switch", h("label", { for: "basis" }, basis, h("span", pick(views.label))), changed));
  const list = createList(column, choose);
  const sheet = createSheet(sheetEl, current().on ? 1 : 0);
  const map = createMap(mapEl, config, current(), { cover: drawer, choose, moved: (at) => set({ map: at }, "replace"), seen: () => askInView(current()), within, failed: (e) => notice.append(failure(e, () => location.reload())) });
  const panel = createPanel(drawer, config, { close, failure });
  const timeline = createTimeline(time, config, choose);

  const large = config.layers.filter(isLarge);
  const inView = createInView(large, () => void draw());

  /** What the map is on of the large layers. @param {View} view */
  function askInView(view) {
    const wish = (/** @type {Layer} */ layer) => {
      const whole = { ...reading(layer, view.basis), filter: filterOf(layer, view.filters), bbox: view.area };
      const query = { ...whole, bbox: view.area ?? map.box(), datetime: daysOf(config, layer, view) };
      const span = config.time ? `${config.time.start}T00:00:00Z/${config.time.end}T23:59:59.999Z` : null;
      return { query, filters: view.filters, whole, span };
    };
    if (large.length) inView.ask(wish, Math.max(0, Math.round(map.level())));
  }

  /** Some features of a large layer in a box, for a heap that no zoom takes apart. @param {Layer} layer @param {number[]} bbox */
  async function within(layer, bbox) {
    const view = current();
    const { features } = await json(address(`collections/${encodeURIComponent(layer.collection)}/items`, { ...reading(layer, view.basis), filter: filterOf(layer, view.filters), bbox, datetime: daysOf(config, layer, view), limit: 20 }));
    return features.map((/** @type {Feature} */ feature) => toItem(layer, feature, null));
  }

  function allInView() {
    if (large.length) return false;
    const [w, s, e, n] = map.box();
    return !scene?.layers.some(({ items }) => items.some(({ geometry }) => {
      const b = boundsOf(geometry);
      return b && (b[0] < w || b[1] < s || b[2] > e || b[3] > n);
    }));
  }

  /** The view parameter, where the layer has it. @param {Layer} layer @param {string | null} basis */
  const reading = (layer, basis) => (basis && views && layer.style === "state" ? { [views.parameter]: basis } : {});

  /** All layers in one reading of the data, asked for once. @param {string | null} basis */
  async function read(basis) {
    if (readings.get(basis)?.every((d) => !d.failed)) return;
    const one = async (/** @type {Layer} */ layer) => {
      if (isLarge(layer)) return inView.of(layer);
      try {
        return { layer, ...(await items(layer.collection, reading(layer, basis))) };
      } catch (e) {
        return { layer, features: [], matched: 0, failed: e };
      }
    };
    readings.set(basis, await Promise.all(config.layers.map(one)));
  }

  /** What the searched area holds, asked of the server. @param {View} view */
  async function searchArea(view) {
    const key = JSON.stringify([view.area, view.basis]);
    if (key === asked) return;
    area = null;
    const ids = async (/** @type {Layer} */ layer) => {
      const { features } = await items(layer.collection, { ...reading(layer, view.basis), bbox: view.area });
      return /** @type {[string, Set<string>]} */ ([layer.collection, new Set(features.map((f) => String(f.id)))]);
    };
    if (view.area) area = new Map(await Promise.all(config.layers.filter((layer) => !isLarge(layer)).map(ids)));
    asked = key;
  }

  /** The chosen feature where no layer holds it: a place found by search. @param {View} view */
  async function lookUp(view) {
    const [collection, id] = /^([^/]*)\/(.*)$/.exec(view.on ?? "")?.slice(1) ?? [];
    const layer = config.layers.find((l) => l.collection === collection);
    if (!collection || (layer && !isLarge(layer))) other = null;
    else if (other?.key !== view.on) other = toItem(layer ?? { collection, accuracy: "accuracy_m" }, inWords(await json(itemPath(collection, id))), null);
  }

  /** What to say where the address names a feature that its layer does not have. @param {View} view */
  function missing(view) {
    const [collection, id] = /^([^/]*)\/(.*)$/.exec(view.on ?? "")?.slice(1) ?? [];
    const data = known(view).find(({ layer }) => layer.collection === collection);
    if (!data || isLarge(data.layer) || data.failed || data.features.some((feature) => String(feature.id) === id)) return "";
    return h("div.failure", { role: "status" }, h("p", t("failed.missing", { id })), h("button", { onclick: () => set({ on: null }) }, t("close")));
  }

  /** What is known of every layer. @param {View} view */
  const known = (view) => (readings.get(view.basis) ?? []).map((d) => (isLarge(d.layer) ? inView.of(d.layer) : d));

  let turn = 0;
  /** Asks for what the view needs and is not there yet, then draws; a newer view overtakes an older one. */
  async function draw() {
    const view = current();
    const mine = ++turn;
    askInView(view);
    try {
      await Promise.all([read(view.basis), view.basis && read(null), searchArea(view), lookUp(view)]);
      const failed = known(view).filter((d) => d.failed);
      notice.replaceChildren(...failed.map((d) => failure(d.failed, () => (inView.retry(), draw()))), missing(view));
    } catch (e) {
      notice.replaceChildren(failure(e, draw));
    }
    if (mine !== turn) return;
    full.href = address("").href + print({ ...view, embed: false });
    scene = makeScene(config, known(view), view, area, other);
    document.title = [scene.chosen?.name, pick(config.title)].filter(Boolean).join(" – ");
    clearArea.hidden = !view.area;
    basis.checked = Boolean(view.basis);
    compare(view);
    void panel.draw(scene);
    map.draw(scene);
    list.draw(scene);
    timeline.draw(scene);
    const words = dayAndCounts(scene);
    const [day, counts] = words.split(/[ \u00a0]?: /);
    headline.replaceChildren(h("b", day), h("span", counts ?? ""));
    clearTimeout(saying);
    saying = setTimeout(() => (live.textContent = words), 700);
    document.body.classList.add("ready");
  }
  let saying = 0;

  /** @param {View} view */
  function compare(view) {
    const [before, after] = [readings.get(null), readings.get(view.basis)].map((r) => r?.find((d) => d.layer.style === "state" && !isLarge(d.layer)));
    const d = view.basis && before && after && !before.failed && !after.failed ? differences(before, after) : null;
    const text = d ? `${t("views.gone", { n: d.gone, all: d.all })} ${t("views.changed", { n: d.changed })}` : "";
    if (changed.textContent !== text) changed.textContent = text;
  }

  const keys = (/** @type {KeyboardEvent} */ e) => {
    const typing = /** @type {Element} */ (e.target).matches?.("input:not([type=checkbox]), select, textarea, dialog *");
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Escape" && !document.querySelector("dialog[open]")) map.closePopup() || (current().on && close());
    else if (typing) return;
    else if (e.key === "/") (e.preventDefault(), sheet.atLeast(1), search.focus());
    else if (e.key === "?") help();
  };
  addEventListener("keydown", keys);
  end = () => {
    // A drawing that still waits for its data must not draw on what is taken down here.
    turn++;
    inView.end();
    removeEventListener("keydown", keys);
    map.remove();
  };
  if (!location.hash && config.time && !time.hidden) {
    const hint = h("p.hint", t("hint"));
    mapEl.after(hint);
    const leave = () => hint.remove();
    setTimeout(leave, 9000);
    for (const name of ["pointerdown", "keydown"]) addEventListener(name, leave, { once: true });
  }
  // What a reader may ask for next is fetched in quiet, so that it is there at once, and offline too.
  setTimeout(() => {
    for (const { evidence } of config.layers) if (evidence) claimsOf(evidence.collection).catch(() => {});
    if (views) void read(views.other);
  }, 1500);
  return draw;
}

function help() {
  const rows = ["search", "day", "month", "ends", "play", "list", "escape", "help"].flatMap((key) => [h("dt", h("kbd", t(`keys.${key}.key`))), h("dd", t(`keys.${key}`))]);
  dialog(t("keys.title"), t("close"), h("dl.keys", ...rows)).classList.add("small");
}

const wanted = () => {
  const code = current().lang ?? served;
  return LANGUAGES.includes(code) ? code : "en";
};
const words = (/** @type {string} */ code) => json(`assets/text/${code}.json`);

async function start() {
  useWords(firstWords(wanted()), wanted());
  try {
    const [config, table] = await Promise.all([/** @type {Promise<Config>} */ (json("map.json")), words(wanted())]);
    useWords(table, wanted());
    document.getElementById("fallback")?.remove();
    document.querySelector("body > header")?.remove();
    app.id = "app";
    document.body.prepend(app);
    // No page but the map may stand in a frame: links lead out of it.
    app.addEventListener("click", (e) => {
      const link = /** @type {Element} */ (e.target).closest("a[href]");
      if (link && current().embed && !link.getAttribute("href")?.startsWith("#")) link.setAttribute("target", "_blank");
    });
    document.body.classList.toggle("embed", current().embed);
    let draw = build(config);
    onChange(async () => {
      if (wanted() !== lang()) {
        const next = wanted();
        useWords(await words(next), next);
        end();
        draw = build(config);
      }
      document.body.classList.toggle("embed", current().embed);
      void draw();
    });
    await draw();
  } catch (e) {
    document.body.classList.add("ready");
    document.body.prepend(failure(e, () => location.reload()));
  }
}

void start();
