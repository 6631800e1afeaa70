// What a snapshot costs to build, to start and to hold, and how the server fares while other work goes on.

import { execFileSync } from "node:child_process";
import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { memory, watched } from "./machine.mjs";
import { start } from "./server.mjs";
import { figure, row, wanted } from "./table.mjs";
import { ask, cost, median } from "./wrk.mjs";

/** Runs `harmattan build`. @param {string} binary @param {string[]} args */
export const built = (binary, args) => watched(binary, ["build", ...args]);

/** A build of `count` points, and its figures. @param {string} what @param {string} mark @param {string} binary @param {number} count @param {string[]} from @param {string[]} to */
async function rate(what, mark, binary, count, from, to) {
  const { seconds, used, most } = await built(binary, [...from, "-o", ...to]);
  const size = statSync(to[0]).size;
  const a = (/** @type {number} */ time) => `${(count / time / 1e6).toFixed(2)} M/s`;
  figure(what, a(used / 2), mark, `points a second of two cores; ${a(seconds)} by the clock`);
  figure("  memory at its highest, of the file's size", (most / size).toFixed(2), "≤1.5", `${(most / 1e6).toFixed(0)} MB of ${(size / 1e6).toFixed(0)} MB`);
}

/** Builds from every format; leaves the snapshot `out`, which the other figures are taken on, or what an earlier run left. @param {string} binary @param {number} count @param {string} points @param {string} polygons @param {string} out */
export async function snapshot(binary, count, points, polygons, out) {
  if (!wanted("build")) return existsSync(out) ? undefined : built(binary, [points, polygons, "-o", out]);
  const other = `${out}.other`;
  await rate("build from newline-delimited GeoJSON", "≥0.3", binary, count, [points], [other]);
  figure("snapshot, all told", (statSync(other).size / count).toFixed(0), "≤450", "bytes a point: text, gzip blocks, index, ids, geometry, columns");
  await rate("build of it without gzip blocks", "≥0.8", binary, count, [points], [other, "--no-gzip"]);
  const fgb = points.replace(/\.\w+$/, ".fgb");
  if (!existsSync(fgb)) {
    // Under its name it is whole.
    execFileSync("ogr2ogr", ["-f", "FlatGeobuf", "-lco", "SPATIAL_INDEX=NO", `${fgb}.part.fgb`, points], { stdio: ["ignore", "ignore", "inherit"] });
    renameSync(`${fgb}.part.fgb`, fgb);
  }
  await rate("build from FlatGeobuf", "≥0.3", binary, count, [fgb], [other]);
  rmSync(other);
  return built(binary, [points, polygons, "-o", out]);
}

/** @param {string} binary @param {string} file */
export async function held(binary, file) {
  if (!wanted("start")) return;
  const times = [];
  let resident = 0;
  for (let run = 0; run < 11; run++) {
    const server = await start(binary, ["serve", file, "--listen", "127.0.0.1:0", "--log-level", "warn"]);
    times.push(server.ready * 1000);
    resident = memory(server.pid, "VmRSS");
    await server.stop();
  }
  const empty = [];
  for (let run = 0; run < 11; run++) {
    const server = await start(binary, ["--listen", "127.0.0.1:0", "--log-level", "warn"]);
    empty.push(server.ready * 1000);
    await server.stop();
  }
  figure("start on it, to the open port", `${median(times).toFixed(0)} ms`, "≤50 ms", `embedded data alone ${median(empty).toFixed(0)} ms; ${(resident / 1e6).toFixed(0)} MB resident`);
}

/** @param {import("./wrk.mjs").Server} small @param {string} few @param {import("./wrk.mjs").Server} large @param {string} many @param {string} between */
export async function growth(small, few, large, many, between) {
  const [less, more] = await cost([{ server: small, paths: join(few, "bbox-10") }, { server: large, paths: join(many, "bbox-10") }]);
  row(`growth: bbox limit 10, ${between}`, more / less, "≤1.5", `${less.toFixed(1)} µs; ${more.toFixed(1)} µs`);
}

/** Latency on both cores, quiet and beside a download of everything and a reload. @param {string} binary @param {string} file @param {string} addresses */
export async function tail(binary, file, addresses) {
  const server = await start(binary, ["serve", file, "--listen", "127.0.0.1:0", "--log-level", "info"], { core: "0,1" });
  const load = { server, paths: join(addresses, "bbox-100") };
  await ask(load, { seconds: 1 });
  const quiet = await ask(load, { seconds: 5, connections: 4 });
  let [pages, is_over] = [0, false];
  const download = (async () => {
    for (let next = `${server.base}/collections/points/items?limit=10000`; !is_over; pages++) {
      const response = await fetch(next, { headers: { "accept-encoding": "identity" } });
      await response.arrayBuffer();
      next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1] ?? `${server.base}/collections/points/items?limit=10000`;
    }
  })();
  process.kill(server.pid, "SIGHUP");
  await wait(200);
  const busy = await ask(load, { seconds: 5, connections: 4 });
  is_over = true;
  await download;
  await server.stop();
  row("tail: p99 beside a download and a reload", busy.p99 / quiet.p99, "≤5", `quiet p50 ${quiet.p50} µs, p99 ${quiet.p99} µs; busy p50 ${busy.p50} µs, p99 ${busy.p99} µs, ${pages} pages of 10,000`);
}
