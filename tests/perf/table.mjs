// The printed table: a figure, the mark beside it, no verdict.

/** What to measure: rows whose name holds ONLY, all where it is not set. */
const ONLY = process.env.ONLY ?? "";

/** @param {string} what */
export const wanted = (what) => what.includes(ONLY);

/** @param {string} what @param {number} ratio @param {string} mark @param {string} detail */
export function row(what, ratio, mark, detail) {
  console.log(`${what.padEnd(46)} ${ratio.toPrecision(3).padStart(8)} × ${mark.padStart(8)}   ${detail}`);
}

/** @param {string} what @param {string} value @param {string} mark @param {string} [detail] */
export function figure(what, value, mark, detail = "") {
  console.log(`${what.padEnd(46)} ${value.padStart(10)} ${mark.padStart(8)}   ${detail}`);
}

/** @param {string} text */
export const heading = (text) => console.log(`\n${text}`);
