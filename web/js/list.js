// The left column's lists: the filters that are also the legend, and the features in groups.

import { h, refill, roving } from "./dom.js";
import { either, when } from "./edtf.js";
import { isLarge } from "./inview.js";
import { mark, markOf } from "./marks.js";
import { current, set } from "./state.js";
import { STATES } from "./stateat.js";
import { has, pick, t, valueWord } from "./words.js";

/** Most rows of one list; beyond it the list says how many more there are. */
const MOST = 200;

/** The words for a field of the data: the interface's, else the schema's. @param {string} field @param {Record<string, any>} [schema] */
export const fieldWord = (field, schema) => (has(`field.${field}`) ? t(`field.${field}`) : pick(schema?.properties?.[field]?.title) || field.replaceAll("_", " "));

/** When, in a few signs: for rows. @param {Item} item */
export function dateOf({ p, layer }) {
  if (p.agreement === "disputed" && p.alternatives?.length > 1) return either(p.alternatives, true);
  return when(p[layer.time?.edtf ?? ""], true) || (layer.style === "state" ? t("short.none") : "");
}

/** @param {HTMLElement} root @param {(key: string) => void} choose */
export function createList(root, choose) {
  const filters = h("div.filters");
  const lists = h("div", { id: "list", tabindex: "-1" });
  const opened = /** @type {Set<string>} */ (new Set());
  root.append(filters, lists);
  let shown = "";

  /** @param {string} field @param {string} value */
  function toggle(field, value) {
    const { [field]: had = [], ...rest } = current().filters;
    const values = had.includes(value) ? had.filter((v) => v !== value) : [...had, value];
    set({ filters: values.length ? { ...rest, [field]: values } : rest });
  }

  /** @param {Scene["facets"][number]} facet @param {View} view */
  function facet({ field, values }, view) {
    const state = field === "state";
    const buttons = values.map(([value, n]) =>
      h(
        "button",
        { class: `chip${n ? "" : " none"}`, "aria-pressed": String(view.filters[field]?.includes(value) ?? false), "data-key": `${field}=${value}`, onclick: () => toggle(field, value) },
        state && mark(value),
        h("span", valueWord(state ? "group" : field, value)),
        h("b", n),
      ),
    );
    return h("div", { class: state ? "facet states" : "facet", role: "group", "aria-label": fieldWord(field) }, !state && h("span.label", fieldWord(field)), ...buttons);
  }

  /** @param {Scene["layers"][number]} entry @param {Scene} scene */
  function section({ layer, items, data, on }, scene) {
    const placed = items.filter((i) => i.pass);
    const near = scene.view.area ? placed.filter((i) => i.geometry) : placed;
    const groups = /** @type {[string, Item[]][]} */ (
      layer.style === "state" ? STATES.map((state) => [valueWord("group", state), near.filter((i) => i.state === state)]) : [["", near]]
    );
    if (scene.view.area) groups.push([t("area.unplaced"), placed.filter((i) => !i.geometry)]);
    let rows = 0;
    const body = groups
      .filter(([, group]) => group.length)
      .map(([title, group]) =>
        h("div.group", title && h("h3", title, " ", h("b", group.length)),
          h("ul", ...group.slice(0, Math.max(0, MOST - rows)).map((item) => line(item, scene, rows++ === 0))),
        ),
      );
    const large = isLarge(layer) && !data.waiting;
    const more = large && data.matched > Math.min(near.length, MOST) ? t("list.in_view", { n: Math.min(near.length, MOST), all: data.matched }) : near.length - MOST > 0 ? t("list.more", { n: near.length - MOST }) : data.matched > items.length ? t("list.part", { n: items.length, all: data.matched }) : "";
    const n = isLarge(layer) ? (data.waiting ? "" : t("list.count_in_view", { n: data.matched })) : near.length;
    const empty = data.waiting ? "loading" : large ? "list.none_in_view" : "list.empty";
    const title = h("h2", !layer.style && mark("plain", 14, layer.hue), pick(layer.title) || layer.collection, " ", h("b", n));
    const list = h("div", { class: `layer-list${on ? "" : " off"}` }, ...(body.length ? body : [h("p.quiet", t(empty))]), more && h("p.quiet", more));
    roving(list, ".line");
    const eye = h("button.link", { "aria-pressed": String(on), "data-key": `on ${layer.collection}`, onclick: () => set({ off: on ? [...scene.view.off, layer.collection] : scene.view.off.filter((c) => c !== layer.collection) }) }, t("layer.show"));
    if (layer.list || (layer === scene.layers[0].layer && !scene.layers.some((l) => l.layer.list))) return h("section", title, list);
    const fold = h("details", { open: opened.has(layer.collection) }, h("summary", { "data-key": `fold ${layer.collection}` }, title), eye, list);
    fold.addEventListener("toggle", () => opened[fold.open ? "add" : "delete"](layer.collection));
    return h("section", fold);
  }

  /** @param {Item} item @param {Scene} scene @param {boolean} first */
  function line(item, scene, first) {
    const chosen = item.key === scene.view.on;
    return h("li", h("button.line", { "data-key": item.key, tabindex: first ? "0" : "-1", "aria-current": chosen ? "true" : null, onclick: () => choose(item.key) },
        markOf(item, 14),
        h("span.who", item.name),
        item.p.agreement === "disputed" && h("span.flag", t("list.disputed")),
        h("span.at", dateOf(item)),
      ),
    );
  }

  return {
    /** @param {Scene} scene */
    draw(scene) {
      const { view } = scene;
      const signature = JSON.stringify([view.filters, view.on, view.area, view.basis, view.off, scene.facets, scene.layers.map(({ items, data }) => [data.waiting, isLarge(data.layer) && data.matched, items.map((i) => i.key + i.state + i.pass + i.p.closed)])]);
      if (signature === shown) return;
      shown = signature;
      const others = scene.facets.filter(({ field }) => field !== "state");
      const used = Object.keys(view.filters).length > 0;
      const open = filters.querySelector("details")?.open ?? others.some(({ field }) => view.filters[field]);
      refill(
        filters,
        ...scene.facets.filter(({ field }) => field === "state").map((f) => facet(f, view)),
        others.length > 0 && h("details", { open }, h("summary", { "data-key": "more" }, t("filter.more", { fields: others.map(({ field }) => fieldWord(field).toLowerCase()).join(t("and")) })), ...others.map((f) => facet(f, view))),
        used && h("button.link", { "data-key": "clear", onclick: () => set({ filters: {} }) }, t("filter.clear")),
      );
      refill(lists, ...scene.layers.map((entry) => section(entry, scene)));
      lists.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
    },
  };
}
