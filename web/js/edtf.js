// Uncertain dates in words. Reads the EDTF forms of the data; what it does not know stays as written.

import { daysIn } from "./days.js";
import { locale, t } from "./words.js";

/** @typedef {{y: number, m: number, d: number, some: boolean, about: boolean}} Point */

/** @param {string} text @returns {Point | null} */
function point(text) {
  const m = /^(-?\d{4})(?:-(\d\d|XX))?(?:-(\d\d|XX))?([~?%]?)$/.exec(text);
  if (!m || Number(m[2]) > 12) return null;
  const part = (/** @type {string | undefined} */ s) => (s && s !== "XX" ? Number(s) : 0);
  return { y: Number(m[1]), m: part(m[2]), d: part(m[3]), some: text.includes("X"), about: m[4] !== "" };
}

/**
 * A date in words; the parts that it shares with `after`, the date said next, are left out.
 * @param {Point} p
 * @param {boolean} short
 * @param {Point} [after]
 */
function date(p, short, after) {
  const year = after && after.y === p.y ? undefined : "numeric";
  const month = p.m && (year || after?.m !== p.m) ? (short ? "short" : "long") : undefined;
  if (p.d && !month) return t(p.d === 1 ? "date.first" : "date.day", { d: String(p.d) });
  const at = new Date(Date.UTC(p.y, Math.max(p.m, 1) - 1, p.d || 1));
  const rest = month || year ? at.toLocaleDateString(locale(), { year, month, timeZone: "UTC" }) : "";
  return p.d ? `${t(p.d === 1 ? "date.first" : "date.day", { d: String(p.d) })} ${rest}` : rest;
}

/** @param {Point} p @param {boolean} short */
function one(p, short) {
  const d = date(p, short);
  if (short) return (p.about ? "~ " : "") + d;
  if (p.about) return t("when.about", { d });
  return t(p.d ? "when.on" : p.some ? "when.some" : p.m ? "when.in" : "when.year", { d });
}

/** The loose words that the data widens by a fixed width, recognized by that width. @param {Point} a @param {Point} b */
function loose(a, b) {
  if (a.y !== b.y || a.m !== b.m || !a.d) return null;
  if (b.d === daysIn(b.y, b.m) && b.d - a.d === 6) return "when.last_week";
  return a.d === 1 && b.d === 14 ? "when.first_weeks" : null;
}

/**
 * An EDTF value as an adverbial: "on 16 August 2023", "some time from 4 to 10 December 2023".
 * @param {string | null | undefined} text
 * @param {boolean} [short] "16 Aug 2023", "4–10 Dec 2023": for the list
 */
export function when(text, short = false) {
  if (!text) return "";
  const [, open, inside] = /^([[{]?)([^\]}]*)[\]}]?$/.exec(text) ?? ["", "", text];
  // Months and years take other words than days ("du 4 au 10", but "de 2012 à 2013"); short ranges more room.
  const say = (/** @type {string} */ name, /** @type {Point} */ last, /** @type {Record<string, string>} */ values) => {
    if (!short) return t(`when.${name}${last.d ? "" : "_coarse"}`, values);
    return t(`short.${name}`, values).replace("–", values.a?.includes(" ") ? " – " : "–");
  };
  const ends = inside.split(open ? ".." : "/");
  if (ends.length === 2) {
    const [a, b] = ends.map(point);
    const [hasA, hasB] = ends.map((end) => end !== "" && end !== "..");
    if ((hasA && !a) || (hasB && !b)) return text;
    if (!a) return b ? say("by", b, { b: date(b, short) }) : text;
    if (!b) return say(open ? "not_before" : "since", a, { a: date(a, short) });
    const words = !short && open && loose(a, b);
    if (words) return t(words, { d: date({ ...b, d: 0 }, false) });
    return say(open ? "between" : "span", b, { a: date(a, short, b), b: date(b, short) });
  }
  const points = inside.split(",").map((part) => point(part.trim()));
  const last = points[points.length - 1];
  if (!last || points.some((p) => !p)) return text;
  if (points.length === 1) return one(last, short);
  const others = points.slice(0, -1).map((p) => date(/** @type {Point} */ (p), short, last));
  return say("either", last, { a: others.join(", "), b: date(last, short) });
}

/** A day in full: "16 August 2023", "1er août 2023". @param {Iso} iso */
export const dayWords = (iso) => date(/** @type {Point} */ (point(iso)), false);

/** Several values side by side as one: "on 3 or 4 August 2023" where all are days. @param {string[]} list */
export const either = (list, short = false) =>
  list.every((text) => point(text)) ? when(`[${list.join(",")}]`, short) : list.map((text) => when(text, short)).join(t("or"));
