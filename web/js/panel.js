// The drawer: what is chosen, when and how sure, who says so, how it was placed, and its raw record.

import { address, itemPath, items, json, once } from "./api.js";
import { current } from "./state.js";
import { citation, copyButton, embedCode } from "./usedata.js";
import { h } from "./dom.js";
import { either, when } from "./edtf.js";
import { claimList, counted, dispute, publishers } from "./evidence.js";
import { fieldWord } from "./list.js";
import { mark } from "./marks.js";
import { has, lang, local, locale, num, t, valueWord } from "./words.js";

/** All claims of a layer's evidence: few enough to be read at once, and then the page needs no network. @param {string} collection */
export const claimsOf = (collection) => once(`claims ${collection}`, () => items(collection, { limit: 10000 }));

/** @param {HTMLElement} root @param {Config} config @param {{close: () => void, failure: (e: unknown, again: () => void) => HTMLElement}} on */
export function createPanel(root, config, on) {
  let shown = "";

  /** @param {string} title @param {...any} content */
  const section = (title, ...content) => h("section", h("h3", title), ...content);

  /** The closing in one sentence, and beside it as written in the data. @param {Item} item */
  function sentence({ p }) {
    if (p.agreement === "disputed" && p.alternatives?.length > 1) return t("closed.disputed", { when: either(p.alternatives) });
    if (!p.closed) return t("closed.none");
    return p.closed_latest ? t("closed.when", { when: when(p.closed) }) : t("closed.after", { when: when(p.closed) });
  }

  /** @param {Item} item @param {Claim[]} claims */
  function sure(item, claims) {
    const { p } = item;
    const n = publishers(counted(claims, "closed"), [p.closed_earliest, p.closed_latest]);
    if (p.agreement === "disputed") return section(t("panel.sure"), h("p", t("sure.disputed")), dispute(item, claims));
    return section(t("panel.sure"), h("p", p.agreement === "agreed" ? t("sure.agreed", { n: Math.max(2, n) }) : t(`sure.${p.agreement ?? "none"}`)));
  }

  /** @param {Item} item */
  function timing(item) {
    const { p } = item;
    const acts = /** @type {{act: string, when: string}[]} */ (p.acts ?? []);
    const days = new Set(acts.map((a) => a.when));
    return section(
      t("panel.when"),
      h("p.lead", sentence(item), " ", p.closed && h("code", p.agreement === "disputed" ? p.alternatives.join(" | ") : p.closed)),
      p.planned && h("p", t("closed.planned", { when: when(p.planned) }), " ", h("code", p.planned)),
      p.liquidation && h("p", t("closed.liquidation", { when: when(p.liquidation) }), " ", h("code", p.liquidation)),
      days.size > 1 && h("ul.acts", ...acts.map((a) => h("li", h("b", valueWord("act", a.act)), " ", when(a.when)))),
    );
  }

  /** @param {Item} item */
  function placed({ p, geometry }) {
    if (!geometry) return section(t("panel.placed"), h("p", t("placed.not")));
    const id = p.place && h("a", { href: itemPath("places", p.place) }, p.place_name ?? p.place);
    const how = [
      p.match && t("placed.match", { how: valueWord("match", p.match) }),
      typeof p.match_score === "number" && t("placed.score", { n: p.match_score }),
      p.accuracy_m && t("placed.radius", { n: p.accuracy_m / 1000 }),
    ];
    return (id || p.accuracy_m) && section(t("panel.placed"), h("p", id, id && t("colon"), " ", how.filter(Boolean).join(", ")));
  }

  /** @param {Item} item */
  function raw({ layer, id, p, name }) {
    const path = itemPath(layer.collection, id);
    return section(
      t("panel.raw"),
      h("p.links", h("a", { href: address(path, { f: "json" }).href }, "GeoJSON"),
        h("a", { href: address(path, { f: "html" }).href }, t("panel.record")),
        /^https?:\/\//.test(p.address ?? "") && h("a", { href: p.address, rel: "noopener" }, t("panel.address")),
        copyButton(() => location.href, t("panel.permalink")),
        config.embed && copyButton(() => embedCode(config, current()), t("panel.embed")),
        copyButton(() => `${name}. ${citation(config)}`, t("panel.cite")),
      ),
    );
  }

  /** Any property under its title, for data without evidence. @param {Item} item @param {any} schema */
  function fields({ p, name: title, layer }, schema) {
    const empty = (/** @type {any} */ value) => value === null || value === "" || (Array.isArray(value) && !value.length);
    // What stands elsewhere in the panel: name and time; and a second form of a property that is shown, in another language or as bounds.
    const said = (/** @type {string} */ name) => name === layer.time?.edtf || /^(description|other_names)$/.test(name) || (/_(fr|earliest|latest)$/.test(name) && name.replace(/_[a-z]+$/, "") in p);
    const rows = Object.entries(p).filter(([name, value]) => !empty(value) && value !== title && !said(name));
    return h("dl", ...rows.flatMap(([name, value]) => [h("dt", fieldWord(name, schema)), h("dd", { title: schema?.properties?.[name]?.description ?? null }, shownValue(name, local(p, name) ?? value, schema?.properties?.[name]))]));
  }

  /** A value in words, by its type in the schema. @param {string} name @param {any} value @param {any} type */
  function shownValue(name, value, type) {
    if (Array.isArray(value) && value.every((v) => typeof v !== "object")) return value.length > 3 ? h("ul", ...value.map((v) => h("li", String(v)))) : value.join(", ");
    if (typeof value === "object") return h("code", JSON.stringify(value));
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    if (typeof value === "number") return `${num(value)} ${valueWord("unit", (type?.["x-ogc-unit"] ?? "").replace(/[{}]/g, ""))}`;
    if (/^https?:\/\//.test(value)) return h("a", { href: value, rel: "noopener" }, value);
    if (has(`${name}.${value}`)) return valueWord(name, value);
    if (name === "country" && /^[A-Z]{2}$/.test(value)) return new Intl.DisplayNames(lang(), { type: "region" }).of(value) ?? value;
    const format = type?.format ?? type?.["x-harmattan-format"];
    if (format === "date-time") return new Date(value).toLocaleString(locale(), { dateStyle: "long", timeStyle: "medium", timeZone: "UTC" }) + " UTC";
    return format === "date" || format === "edtf" ? when(value) : String(value);
  }

  /** @param {Item} item @param {string | null} basis */
  async function body(item, basis) {
    const { layer, p } = item;
    const { evidence } = layer;
    if (!evidence) {
      const schema = await once(`schema ${layer.collection} ${lang()}`, () => json(`collections/${encodeURIComponent(layer.collection)}/schema?lang=${lang()}`)).catch(() => null);
      return [fields(item, schema)];
    }
    const all = await claimsOf(evidence.collection);
    const claims = all.features
      .map((f) => /** @type {Claim} */ ({ ...f.properties, id: String(f.id) }))
      .filter((c) => String(c[evidence.subject]) === item.id && (!basis || c.basis === basis));
    return [p.agreement && sure(item, claims), claims.length > 0 && section(t("panel.claims", { n: claims.length }), ...claimList(claims))];
  }

  return {
    /** @param {Scene} scene */
    async draw({ chosen, view, day }) {
      const signature = JSON.stringify([chosen?.key, chosen?.state, view.basis, lang(), day && chosen?.layer.style === "state" ? day : ""]);
      if (signature === shown) return;
      const same = shown.split('"')[1] === chosen?.key && shown.includes(JSON.stringify(view.basis));
      shown = signature;
      root.hidden = !chosen;
      document.body.classList.toggle("chosen", Boolean(chosen));
      if (!chosen) return root.replaceChildren();
      const { p, name, layer, state } = chosen;
      const other = [...new Set([p.name, p.name_fr, ...(p.other_names ?? [])])].filter((n) => n && n !== name);
      const kind = [p.kind && valueWord("kind", p.kind), p.type && valueWord("type", p.type), p.region && t("panel.region", { name: valueWord("region", p.region) }), p.phase && valueWord("phase", p.phase)];
      const head = h("header", mark(state, 22, layer.hue),
        h("h2", { tabindex: "-1", id: "chosen" }, name),
        h("button.close", { "aria-label": t("close"), onclick: on.close }, "×"),
        other.length > 0 && h("p.quiet", other.slice(0, 8).join(" · ")),
        h("p", kind.filter(Boolean).join(" · ")),
        layer.style === "state" && day && h("p.now", t("panel.on_day", { day: when(day), state: valueWord("state", state) })),
      );
      // Only the day moved: the evidence stays as it is.
      if (same && root.firstElementChild) return root.firstElementChild.replaceWith(head);
      const load = async () => {
        const wait = h("p.quiet", t("loading"));
        const own = layer.style === "state" ? timing(chosen) : layer.time && section(t("panel.when"), h("p.lead", when(p[layer.time.edtf ?? ""]) || t("undated")));
        const about = local(p, "description");
        const frame = [head, own, about && h("p", about), wait, placed(chosen), raw(chosen)].filter((n) => n instanceof Node);
        root.replaceChildren(...frame);
        root.scrollTop = 0;
        try {
          const content = (await body(chosen, view.basis)).filter((n) => n instanceof Node);
          wait.replaceWith(...content);
        } catch (e) {
          wait.replaceWith(on.failure(e, load));
        }
      };
      await load();
    },
  };
}
