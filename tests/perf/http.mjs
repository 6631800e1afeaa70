// What a request costs the server, beside nginx with the same bytes in a file and beside a plain server.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { row, wanted } from "./table.mjs";
import { cost, costs, median } from "./wrk.mjs";

/**
 * @typedef {import("./wrk.mjs").Server} Server
 * @typedef {{ours: Server, nginx: Server, naive: Server | null, addresses: string, www: string}} Setting
 */

/** Bytes of answers that are put into files for nginx: about those of a million points, so that neither server finds all in the caches. */
const MOST_BYTES = 256e6;

/** An answer, whole. @param {Server} server @param {string} path */
async function answer(server, path) {
  const response = await fetch(server.base + path, { headers: { "accept-encoding": "identity" } });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** @param {string} list */
const paths = (list) => readFileSync(list, "utf8").trimEnd().split("\n");

/** Some answers of a list. @param {Server} server @param {string} list */
async function sample(server, list) {
  const answers = [];
  for (const path of paths(list).slice(0, 21)) answers.push(await answer(server, path));
  return answers;
}

/** Puts the answer of median length where nginx finds it; a list of its one address. @param {Setting} at @param {string} name */
async function asFile(at, name) {
  const answers = await sample(at.ours, join(at.addresses, name));
  const length = median(answers.map((answer) => answer.length));
  writeFileSync(join(at.www, name), answers.find((answer) => answer.length === length) ?? "");
  const list = join(at.addresses, `${name}.file`);
  writeFileSync(list, `/${name}\n`);
  return list;
}

/**
 * Puts the first answers of a list where nginx finds them, each in a file of its own: lists of their addresses here and there, one for
 * one, and how many they are.
 * @param {Setting} at @param {string} name
 */
async function asFiles(at, name) {
  mkdirSync(join(at.www, "each"));
  const [here, there] = [/** @type {string[]} */ ([]), /** @type {string[]} */ ([])];
  let bytes = 0;
  for (const path of paths(join(at.addresses, name))) {
    const text = await answer(at.ours, path);
    bytes += text.length;
    if (bytes > MOST_BYTES) break;
    writeFileSync(join(at.www, "each", String(here.length)), text);
    there.push(`/each/${here.length}`);
    here.push(path);
  }
  const lists = { ours: join(at.addresses, `${name}.ours`), theirs: join(at.addresses, `${name}.files`) };
  writeFileSync(lists.ours, here.join("\n") + "\n");
  writeFileSync(lists.theirs, there.join("\n") + "\n");
  return { ...lists, count: here.length };
}

/**
 * One feature by id, boxes sized to hold the limit, and boxes that hold whole runs. nginx sends the very same bytes, each answer from a
 * file of its own; what one file costs that it sends again and again, all of it in the caches, is said beside it.
 * @param {Setting} at
 */
export async function againstFiles(at) {
  const rows = [["one feature by id", "item", "1.3"]];
  for (const [limit, mark] of /** @type {const} */ ([[10, "1.3"], [100, "1.5"], [1000, "1.5"], [10000, "1.5"]])) rows.push([`bbox, limit ${limit}`, `bbox-${limit}`, mark]);
  rows.push(["bbox of polygons, limit 100", "polygons-100", "1.5"]);
  for (const limit of [10, 100, 1000, 10000]) rows.push([`bbox of whole runs, limit ${limit}`, `runs-${limit}`, "1.1"]);
  for (const [what, name, mark] of rows) {
    if (!wanted(what)) continue;
    const [files, file] = [await asFiles(at, name), await asFile(at, name)];
    const [ours, theirs, again] = await costs([
      { server: at.ours, paths: files.ours },
      { server: at.nginx, paths: files.theirs },
      { server: at.nginx, paths: file },
    ]);
    const both = `with the client ${(ours.both / theirs.both).toFixed(2)} ×`;
    const one = `one file again and again ${again.server.toFixed(1)} µs, ${(ours.server / again.server).toFixed(2)} and ${(ours.both / again.both).toFixed(2)} ×`;
    row(what, ours.server / theirs.server, `≤${mark}`, `${ours.server.toFixed(1)} µs; nginx ${theirs.server.toFixed(1)} µs from ${files.count} files; ${both}; ${one}`);
    rmSync(join(at.www, "each"), { recursive: true });
  }
}

/** @param {Setting} at */
export async function compressed(at) {
  const what = "gzip, limit 1000";
  if (!wanted(what)) return;
  await asFile(at, "runs-1000");
  const list = join(at.addresses, "runs-1000");
  const file = join(at.addresses, "gzip.file");
  writeFileSync(file, "/gzip/runs-1000\n");
  const gzip = { "Accept-Encoding": "gzip" };
  const [ours, plain, theirs] = await cost([{ server: at.ours, paths: list, headers: gzip }, { server: at.ours, paths: list }, { server: at.nginx, paths: file, headers: gzip }]);
  row(`${what}: nginx, level 1 on the fly`, theirs / ours, "≥20", `${ours.toFixed(1)} µs; nginx ${theirs.toFixed(0)} µs`);
  row(`${what}: against plain`, ours / plain, "≤1", `plain ${plain.toFixed(1)} µs`);
  const sizes = { ours: 0, level6: 0 };
  for (const answer of await sample(at.ours, list)) sizes.level6 += gzipSync(answer, { level: 6 }).length;
  for (const path of paths(list).slice(0, 21)) {
    // `fetch` would unpack it.
    const response = await fetch(at.ours.base + path, { method: "HEAD", headers: { "accept-encoding": "gzip" } });
    sizes.ours += Number(response.headers.get("content-length"));
  }
  row(`${what}: size against level 6`, sizes.ours / sizes.level6, "≤1.5", `${(sizes.ours / 21e3).toFixed(1)} kB`);
}

/** What else is asked of the features in a box. @param {Setting} at */
export async function timed(at) {
  for (const [what, name, mark] of [["bbox and datetime, limit 100, against bbox", "time-100", "≤2"], ["bbox, datetime, filter, limit 100, against bbox", "filter-100", "≤3"]]) {
    if (!wanted(what)) continue;
    const [more, plain] = await cost([name, "bbox-100"].map((name) => ({ server: at.ours, paths: join(at.addresses, name) })));
    row(what, more / plain, mark, `${more.toFixed(1)} µs; bbox ${plain.toFixed(1)} µs`);
  }
}

/** @param {Setting} at */
export async function againstNaive(at) {
  for (const [limit, mark] of [[10, 2], [100, 4], [1000, 10]]) {
    const what = `axum + rstar + geojson, limit ${limit}`;
    if (!wanted(what) || !at.naive) continue;
    const list = join(at.addresses, `bbox-${limit}`);
    const [ours, theirs] = await cost([{ server: at.ours, paths: list }, { server: at.naive, paths: list }]);
    row(what, theirs / ours, `≥${mark}`, `${ours.toFixed(1)} µs; theirs ${theirs.toFixed(1)} µs`);
  }
}
