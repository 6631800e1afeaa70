// Who says so: the claims behind a feature, and how sure they make it.

import { itemPath } from "./api.js";
import { h } from "./dom.js";
import { when } from "./edtf.js";
import { has, local, num, t, valueWord } from "./words.js";

/** The order of the rule by which the first of several values is chosen: the first criterion that differs decides. */
const CONFIDENCE = ["low", "medium", "high"];
/** Properties whose values are dates. */
const DATED = ["closed", "opened", "liquidation", "when"];

/** @param {Claim} c */
const publisher = (c) => c.publisher ?? c.source;
/** @param {Claim} c @param {[string | null, string | null]} bounds */
const meets = (c, [first, last]) => (c.value_earliest ?? "0") <= (last ?? "9") && (first ?? "0") <= (c.value_latest ?? "9");

/** Whether a claim is shown as contradicted (rule 6); the lowering of a flag counts for nothing either, but nobody contradicts it. @param {Claim} c */
const aside = (c) => c.counts === false && c.act !== "flag_lowered";

/** Claims that a value of `property` rests on. @param {Claim[]} claims @param {string} property */
export const counted = (claims, property) => claims.filter((c) => c.property === property && c.counts !== false && c.modality === "reported");

/** How many independent publishers a date within these bounds rests on. @param {Claim[]} claims @param {[string | null, string | null]} bounds */
export const publishers = (claims, bounds) => new Set(claims.filter((c) => meets(c, bounds)).map(publisher)).size;

/** Which criterion of the rule puts the first of two sides first. @param {Claim[]} a @param {Claim[]} b */
export function criterion(a, b) {
  const best = (/** @type {Claim[]} */ side) => Math.max(...side.map((c) => CONFIDENCE.indexOf(c.confidence)));
  const width = (/** @type {Claim[]} */ side) => Math.min(...side.map((c) => (c.value_earliest && c.value_latest ? Date.parse(c.value_latest) - Date.parse(c.value_earliest) : Infinity)));
  if (best(a) !== best(b)) return "confidence";
  if (width(a) !== width(b)) return "precision";
  return new Set(a.map(publisher)).size !== new Set(b.map(publisher)).size ? "publishers" : "later";
}

/** The value of a claim in words, with its unit and what is counted. @param {Claim} c */
function valueText(c) {
  if (DATED.includes(c.property)) return when(c.value);
  const n = Number(c.value);
  if (c.unit && Number.isFinite(n)) return `${c.bound && c.bound !== "exactly" ? `${valueWord("bound", c.bound)} ` : ""}${num(n)} ${valueWord("unit", c.unit)}`;
  return valueWord(c.property, c.value);
}

/** A link to the page itself, where its address is known. @param {Claim} c */
function original(c) {
  if (!/^https?:/.test(c.source_address ?? "")) return [];
  return [" ", h("a.original", { href: c.source_address, rel: "noopener noreferrer", title: t("panel.address") }, `${new URL(c.source_address).hostname} ↗`)];
}

/** One claim. @param {Claim} c */
function entry(c) {
  // A plan and a "not yet" must not read as a closing.
  const mood = c.property === "closed" && { planned: "group.closing_planned", not_yet: "modality.not_yet" }[/** @type {string} */ (c.modality)];
  const said = mood ? t(mood) : c.act ? valueWord("act", c.act) : has(`field.${c.property}`) ? t(`field.${c.property}`) : c.property.replaceAll("_", " ");
  const tags = [valueWord("modality", c.modality), valueWord("reading", c.reading), valueWord("confidence", c.confidence), aside(c) && t("claim.aside")];
  const note = local(c, "note");
  return h(
    "li",
    { class: `claim${aside(c) ? " aside" : ""}` },
    h("p.said", h("b", said), " ", valueText(c), " ", DATED.includes(c.property) && h("code", c.value)),
    local(c, "counted") && h("p.quiet", local(c, "counted"), c.as_of ? ` (${when(c.as_of, true)})` : ""),
    h("p.from", h("a", { href: itemPath("sources", c.source) }, c.source_title || c.source), c.publisher && c.publisher !== c.source_title ? ` – ${c.publisher}` : "", ...original(c)),
    c.anchor && h("blockquote", t("quote", { text: c.anchor })),
    h("p.tags", ...tags.filter(Boolean).map((tag) => h("span", tag))),
    note && h("p.note", note),
  );
}

/** Claims in the order of a reader's questions: the closing, plans, then the rest. @param {Claim[]} claims */
export function claimList(claims) {
  const rank = (/** @type {Claim} */ c) => (c.property === "closed" || c.property === "when" ? 0 : 10) + ["reported", "not_yet", "planned"].indexOf(c.modality) + (c.counts === false ? 5 : 0);
  const sorted = [...claims].sort((a, b) => rank(a) - rank(b) || String(a.value_earliest).localeCompare(String(b.value_earliest)));
  const main = sorted.filter((c) => rank(c) < 10);
  const rest = sorted.filter((c) => rank(c) >= 10);
  return [
    h("ul.claims", ...main.map(entry)),
    rest.length > 0 && h("details", { open: main.length === 0 }, h("summary", t("claims.more", { n: rest.length })), h("ul.claims", ...rest.map(entry))),
  ];
}

/** A disputed date: every side with equal weight, then the rule that named one first. @param {Item} item @param {Claim[]} claims */
export function dispute({ p }, claims) {
  // An alternative is one day or one range; its claims are those that give just it.
  const sides = p.alternatives.map((/** @type {string} */ value) => claims.filter((c) => c.property === "closed" && c.value === value));
  const why = sides.length > 1 && sides[0].length && sides[1].length ? criterion(sides[0], sides[1]) : "rule";
  return h("div.dispute-box", h("div.sides", ...p.alternatives.map((/** @type {string} */ value, /** @type {number} */ i) =>
        h("div", h("b", when(value)), h("span.quiet", sides[i].map((/** @type {Claim} */ c) => c.publisher ?? c.source_title ?? c.source).filter((/** @type {string} */ s, /** @type {number} */ j, /** @type {string[]} */ all) => all.indexOf(s) === j).join(", "))),
      ),
    ),
    h("p.quiet", t(`rule.${why}`, { first: when(p.alternatives[0]) })),
  );
}
