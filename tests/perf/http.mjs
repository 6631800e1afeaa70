// What a request costs the server, beside nginx with the same bytes in a file and beside a plain server.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { row, wanted } from "./table.mjs";
import { cost, costs, median } from "./wrk.mjs";

/**
 * @typedef {import("./wrk.mjs").Server} Server
 * @typedef {{ours: Server, nginx: Server, naive: Server | null, addresses: string, www: string}} Setting
 */

/** Some answers of a list, whole. @param {Server} server @param {string} list @param {Record<string, string>} headers */
async function sample(server, list, headers = {}) {
  const paths = readFileSync(list, "utf8").split("\n").slice(0, 21);
  const answers = [];
  for (const path of paths) {
    const response = await fetch(server.base + path, { headers: { "accept-encoding": "identity", ...headers } });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    answers.push(Buffer.from(await response.arrayBuffer()));
  }
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

/** One feature by id, boxes sized to hold the limit, and boxes that hold whole runs. @param {Setting} at */
export async function againstFiles(at) {
  const rows = [["one feature by id", "item", "1.3"]];
  for (const [limit, mark] of /** @type {const} */ ([[10, "1.3"], [100, "1.5"], [1000, "1.5"], [10000, "1.5"]])) rows.push([`bbox, limit ${limit}`, `bbox-${limit}`, mark]);
  rows.push(["bbox of polygons, limit 100", "polygons-100", "1.5"]);
  for (const limit of [10, 100, 1000, 10000]) rows.push([`bbox of whole runs, limit ${limit}`, `runs-${limit}`, "1.1"]);
  for (const [what, name, mark] of rows) {
    if (!wanted(what)) continue;
    const file = await asFile(at, name);
    const [ours, theirs] = await costs([{ server: at.ours, paths: join(at.addresses, name) }, { server: at.nginx, paths: file }]);
    const both = `with the client ${(ours.both / theirs.both).toFixed(2)} ×`;
    row(what, ours.server / theirs.server, `≤${mark}`, `${ours.server.toFixed(1)} µs; nginx ${theirs.server.toFixed(1)} µs; ${both}`);
  }
}

/** @param {Setting} at */
export async function compressed(at) {
  const what = "gzip, limit 1000";
  if (!wanted(what)) return;
  await asFile(at, "runs-1000");
  const paths = join(at.addresses, "runs-1000");
  const file = join(at.addresses, "gzip.file");
  writeFileSync(file, "/gzip/runs-1000\n");
  const gzip = { "Accept-Encoding": "gzip" };
  const [ours, plain, theirs] = await cost([{ server: at.ours, paths, headers: gzip }, { server: at.ours, paths }, { server: at.nginx, paths: file, headers: gzip }]);
  row(`${what}: nginx, level 1 on the fly`, theirs / ours, "≥20", `${ours.toFixed(1)} µs; nginx ${theirs.toFixed(0)} µs`);
  row(`${what}: against plain`, ours / plain, "≤1", `plain ${plain.toFixed(1)} µs`);
  const sizes = { ours: 0, level6: 0 };
  for (const answer of await sample(at.ours, paths)) sizes.level6 += gzipSync(answer, { level: 6 }).length;
  for (const path of readFileSync(paths, "utf8").split("\n").slice(0, 21)) {
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
    const paths = join(at.addresses, `bbox-${limit}`);
    const [ours, theirs] = await cost([{ server: at.ours, paths }, { server: at.naive, paths }]);
    row(what, theirs / ours, `≥${mark}`, `${ours.toFixed(1)} µs; theirs ${theirs.toFixed(1)} µs`);
  }
}
