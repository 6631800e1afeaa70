// "Use this data": addresses and lines of code for exactly the current view.

import { address, root } from "./api.js";
import { dialog, h } from "./dom.js";
import { dayWords } from "./edtf.js";
import { isLarge } from "./inview.js";
import { daysOf } from "./scene.js";
import { print } from "./state.js";
import { filterOf } from "./wish.js";
import { pick, t } from "./words.js";

/** Most features that one address gives; the server's own default. */
const MOST = 10_000;

/** The address under which others see the service. @param {Config} config */
const origin = (config) => (config.public_url ? new URL(`${config.public_url.replace(/\/$/, "")}/`) : root);

/** How to cite the data set as it is in view, today. @param {Config} config */
export function citation(config) {
  const values = /** @type {Record<string, string>} */ ({ version: config.version ?? "–", date: dayWords(new Date().toISOString().slice(0, 10)), address: location.href });
  return (pick(config.cite) || `${pick(config.title)}, {version}, {address}, {date}`).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** @param {() => string} text @param {string} label */
export function copyButton(text, label) {
  const button = h("button.link", label);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      // Without a secure context there is no clipboard: the reader copies from the prompt.
      prompt(label, text());
    }
    button.textContent = t("copied");
    setTimeout(() => (button.textContent = label), 1600);
  });
  return button;
}

/** The element that shows the current view in another page. @param {Config} config @param {View} view */
export function embedCode(config, view) {
  const quoted = (/** @type {string} */ text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
  const source = new URL(`embed${print({ ...view, embed: false })}`, origin(config)).href;
  return `<iframe src="${quoted(source)}" title="${quoted(pick(config.title))}" width="100%" height="480" style="border:0" loading="lazy" allowfullscreen></iframe>`;
}

/**
 * @param {Config} config @param {Scene} scene @param {number[]} box in view: west, south, east, north
 * @param {boolean} all whether everything is in view
 */
export function openUseData(config, scene, box, all) {
  const base = origin(config);
  const { view, day } = scene;
  const layers = scene.layers.map(({ layer }) => layer);
  const select = h("select", { id: "use-layer" }, ...layers.map((l) => h("option", { value: l.collection }, pick(l.title) || l.collection)));
  const inView = h("input", { type: "checkbox", checked: Boolean(view.area) || !all });
  const out = h("div");

  const row = (/** @type {string} */ name, /** @type {string} */ text, /** @type {string} */ hint = "", link = false) =>
    h("section", h("h3", name, copyButton(() => text, t("copy"))), h("pre", { tabindex: "0", role: "group", "aria-label": name }, link ? h("a", { href: text }, text) : h("code", text)), hint && h("p.quiet", hint));

  function draw() {
    const layer = layers.find((l) => l.collection === select.value) ?? layers[0];
    const id = layer.collection;
    // A variable's name in Python and R.
    const name = id.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=\d)/, "d");
    const bbox = inView.checked ? (view.area ?? box).join(",") : null;
    const basis = view.basis && config.views && layer.style === "state" ? { [config.views.parameter]: view.basis } : {};
    // What the day hides of a plain layer is left out here as well; states and events are told by their dates.
    const datetime = layer.style ? null : daysOf(config, layer, view);
    // Counts of large layers are the server's, and so are their filters.
    const filter = isLarge(layer) ? filterOf(layer, view.filters) : null;
    const items = (/** @type {Record<string, any>} */ more) => address(`collections/${encodeURIComponent(id)}/items`, { ...basis, filter, bbox, datetime, ...more, limit: MOST }, base).href.replaceAll("%2C", ",").replaceAll("%2F", "/");
    const geojson = items({ f: "json" });
    const wanted = layer.filters ? Object.entries(view.filters).filter(([field]) => field !== "state" && layer.filters?.includes(field)) : [];
    const quoted = (/** @type {string[]} */ values, /** @type {string} */ q) => values.map((v) => q + v.replaceAll(q, q === "'" ? "''" : `\\${q}`) + q).join(", ");
    const where = wanted.map(([field, values]) => `${field} IN (${quoted(values, "'")})`).join(" AND ");
    // One address gives no more than one page: of larger layers the programs that follow pages ask for all, or the reader does.
    const [west, south, east, north] = bbox?.split(",") ?? [];
    const paged = isLarge(layer) && !(Number(west) > Number(east));
    const earliest = layer.time?.earliest ?? "";
    const until = datetime && /^\w+$/.test(earliest) ? `(${earliest} <= '${day}' OR ${earliest} IS NULL)` : "";
    const asked = [until, filter && where].filter(Boolean).join(" AND ");
    const service = `OAPIF:${base.href.replace(/\/$/, "")}`;
    const latest = layer.time?.latest;
    const py = [
      "import geopandas as gpd",
      paged ? `${name} = gpd.read_file("${service}", layer="${id}"${bbox ? `, bbox=(${bbox.split(",").join(", ")})` : ""}${asked ? `, where="${asked}"` : ""})` : `${name} = gpd.read_file("${geojson}")`,
      ...wanted.map(([field, values]) => `${name} = ${name}[${name}["${field}"].isin([${quoted(values, '"')}])]`),
      ...(day && layer.style === "state" ? [`closed = ${name}[${name}["${latest}"].astype(str) <= "${day}"]  # ${t("use.certain", { day: dayWords(day) })}`] : []),
    ];
    const ring = [`${west} ${south}`, `${east} ${south}`, `${east} ${north}`, `${west} ${north}`, `${west} ${south}`].join(", ");
    const r = [
      "library(sf)",
      paged ? `${name} <- st_read("${service}", "${id}"${bbox ? `, wkt_filter = "POLYGON ((${ring}))"` : ""})` : `${name} <- st_read("${geojson}")`,
      ...(paged && until ? [`${name} <- ${name}[is.na(${name}$${earliest}) | ${name}$${earliest} <= as.Date("${day}"), ]`] : []),
      ...wanted.map(([field, values]) => `${name} <- ${name}[${name}$${field} %in% c(${quoted(values, '"')}), ]`),
    ];
    const ogr = paged
      ? `ogr2ogr ${id}.gpkg "${service}" ${id}${bbox ? ` -spat ${bbox.split(",").join(" ")}` : ""}${asked ? ` -where "${asked}"` : ""}`
      : `ogr2ogr ${id}.gpkg "${geojson}" -nln ${id}${where ? ` -where "${where}"` : ""}`;
    const pages = paged ? t("use.pages", { n: MOST }) : "";
    out.replaceChildren(
      row("QGIS", base.href, t("use.qgis")),
      row("GeoJSON", geojson, where && !filter ? t("use.filters", { where }) : pages, true),
      row("CSV", items({ f: "csv" }), pages, true),
      row("curl", `curl -o ${id}.geojson "${geojson}"`),
      row("ogr2ogr", ogr),
      row("Python", py.join("\n")),
      row("R", r.join("\n")),
      row(t("use.cite"), citation(config)),
      config.embed ? row(t("use.embed"), embedCode(config, view), t("use.embed_hint")) : "",
    );
  }

  select.addEventListener("change", draw);
  inView.addEventListener("change", draw);
  draw();
  const layer = layers.length > 1 && h("label", `${t("use.layer")} `, select);
  dialog(t("use.title"), t("close"), h("p", t("use.lede")), h("p.choices", layer, h("label", inView, t(view.area ? "use.area" : "use.view"))), out);
}
