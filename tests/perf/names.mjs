// Names on a large scale: a table to geocode and a dump to pack, made of the embedded names by rule from a fixed seed.

import { once } from "node:events";
import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { watched } from "./machine.mjs";
import { figure, wanted } from "./table.mjs";

const ROWS = 100_000;
const PLACES = 200_000;
const DECISIONS = 1_000;
const LANGUAGES = ["en", "fr", "ar", "ru", "es", "zh", "", "link", "post"];

/** @typedef {{id: string, name: string, lat: string, lon: string, country: string, admin1: string, people: string, others: string[]}} Place */

/** The embedded places, in their order. @returns {Place[]} */
export function embedded() {
  const lines = gunzipSync(readFileSync(new URL("../../data/gazetteer/world.tsv.gz", import.meta.url))).toString().split("\n");
  return lines.slice(1, -1).map((line) => {
    const [id, name, lat, lon, country, admin1, people, others] = line.split("\t");
    return { id, name, lat, lon, country, admin1, people, others: others.split("|").filter(Boolean) };
  });
}

/** Whole numbers below a bound, out of a seed (mulberry32). @param {number} seed */
function numbers(seed) {
  return (/** @type {number} */ bound) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

/** Writes lines without holding all of them. @param {string} path @param {Iterable<string>} lines */
async function write(path, lines) {
  const file = createWriteStream(path);
  for (const line of lines) if (!file.write(line + "\n")) await once(file, "drain");
  file.end();
  await once(file, "finish");
}

/** A letter left out, doubled, or swapped with the next. @param {string} name @param {(bound: number) => number} below */
function misspelt(name, below) {
  const letters = [...name];
  const at = below(letters.length - 1);
  const kind = below(3);
  if (kind === 0) letters.splice(at, 1);
  else if (kind === 1) letters.splice(at, 0, letters[at]);
  else [letters[at], letters[at + 1]] = [letters[at + 1], letters[at]];
  return letters.join("");
}

/** Of ten names six as they are, one in capitals, one another name, one misspelt, one of no place. @param {Place[]} places */
function* table(places) {
  const below = numbers(1);
  yield "row,place,country";
  for (let row = 1; row <= ROWS; row++) {
    const { name, country, others } = places[below(places.length)];
    const kind = below(10);
    const said = kind < 6 ? name : kind === 6 ? name.toUpperCase() : kind === 7 ? others[below(others.length)] ?? name : kind === 8 ? misspelt(name, below) : `qx${below(1e6)}zw`;
    yield `${row},"${said.replaceAll('"', '""')}",${country}`;
  }
}

/** A table of names, told in seconds, rows and bytes of memory; then once more with decisions. @param {string} binary @param {string} folder */
export async function geocoded(binary, folder) {
  const what = `geocode of ${ROWS} rows`;
  if (!wanted(what)) return;
  const places = embedded();
  const [rows, out, decided] = ["rows.csv", "out.csv", "decisions.csv"].map((name) => join(folder, name));
  await write(rows, table(places));
  const args = ["geocode", rows, "--column", "place", "--country-column", "country", "-o", out];
  const first = await watched(binary, args);
  figure(what, first.seconds.toFixed(1), "no mark", `s; ${(ROWS / first.seconds).toFixed(0)} rows a second, ${first.used.toFixed(1)} s of CPU; ${first.complained.trim().split("\n").at(-1)}`);
  figure("  memory at its highest", (first.most / 1e6).toFixed(0), "no mark", "MB, with the embedded gazetteer mapped");
  const review = new Map();
  for (const line of readFileSync(out, "utf8").split("\n")) {
    const [, name, country] = /^\d+,([^,"]+),([A-Z]{2}),.*,review,/.exec(line) ?? [];
    if (name && review.size < DECISIONS) review.set(`${name.toLowerCase()},${country}`, `"${name}",${country},none,a test,to be replayed`);
  }
  // Two spellings that fold to one would decide twice: names in ASCII letters fold to themselves.
  const plain = [...review.entries()].filter(([key]) => /^[a-z]+,[A-Z]{2}$/.test(key)).map(([, line]) => line);
  await write(decided, ["name,country,id,who,why", ...plain]);
  const again = await watched(binary, [...args, "--decisions", decided]);
  figure("  the same with decisions", again.seconds.toFixed(1), "no mark", `s; ${plain.length} names decided; ${again.complained.trim().split("\n").at(-1)}`);
}

/** @param {Place[]} places */
function* dump(places) {
  for (const { id, name, lat, lon, country, admin1, people, others } of places) {
    const plain = name.normalize("NFD").replace(/\p{M}/gu, "");
    yield [id, name, plain, others.slice(0, 3).join(","), lat, lon, "P", "PPL", country, "", admin1, "", "", "", people, "", "", "", "2024-01-01"].join("\t");
  }
}

/** Every other name with a language, some with a use or years; every thousandth row is broken. @param {Place[]} places */
function* alternates(places) {
  const below = numbers(2);
  let row = 0;
  for (const { id, others } of places) {
    for (const name of others) {
      const use = below(20);
      row += 1;
      const flags = [use === 0, use === 1, use === 2, use === 3].map((is) => (is ? "1" : ""));
      yield row % 1000 === 0 ? `${row}\tx${id}\ten` : [row, id, LANGUAGES[below(LANGUAGES.length)], name, ...flags, use === 3 ? "1900" : "", use === 3 ? "1960" : ""].join("\t");
    }
  }
}

/** GeoNames' own files, told in seconds and bytes of memory. @param {string} binary @param {string} folder */
export async function dumped(binary, folder) {
  const what = `GeoNames dump of ${PLACES} places, build`;
  if (!wanted(what)) return;
  const places = embedded().slice(0, PLACES);
  const [all, names, out] = ["allCountries.txt", "alternateNamesV2.txt", "dump.gazetteer"].map((name) => join(folder, name));
  await write(all, dump(places));
  await write(names, alternates(places));
  const { seconds, used, most, said } = await watched(binary, ["gazetteer", "build", all, names, "-o", out]);
  figure(what, seconds.toFixed(1), "no mark", `s; ${used.toFixed(1)} s of CPU; ${said.trim().replace(/^[^:]*: /, "")}`);
  figure("  memory at its highest", (most / 1e6).toFixed(0), "no mark", "MB");
}
