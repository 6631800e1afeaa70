// The program as it comes, with its embedded data: size, cold start, memory, and what the addresses that people ask for cost.

import { statSync, writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { target } from "../web/server.mjs";
import { cpu, memory } from "./machine.mjs";
import { start } from "./server.mjs";
import { ask, median } from "./wrk.mjs";

const RUNS = 11;

/** Addresses of a reader, a GIS client and a developer. */
const ADDRESSES = [
  "/",
  "/?f=html",
  "/collections",
  "/collections/bases/items",
  "/collections/bases/items?bbox=-5,15,1,18",
  "/collections/bases/items?bbox=-5,15,1,18&datetime=2023-08-01T00:00:00Z/2023-08-31T00:00:00Z",
  "/collections/bases/items/kidal",
  "/collections/claims/items?limit=10000",
  "/collections/places/items?bbox=-12.3,10.1,4.3,25&limit=1000",
  "/places/suggest?q=tombouctou",
  "/assets/vendor/leaflet-1.9.4/leaflet-src.esm.js",
];

const binary = join(target, "release/harmattan");
const serve = () => start(binary, ["--listen", "127.0.0.1:0", "--log-level", "warn"]);
const print = (/** @type {string} */ name, /** @type {string} */ value) => console.log(`${name.padEnd(34)} ${value}`);
const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

print("binary", megabytes(statSync(binary).size));
const starts = [];
for (let run = 0; run < RUNS; run++) {
  const began = performance.now();
  const server = await serve();
  await (await fetch(`${server.base}/collections/bases/items`)).arrayBuffer();
  starts.push(performance.now() - began);
  await server.stop();
}
print("cold start to first answer", `${median(starts).toFixed(0)} ms (median of ${RUNS}, client included; ${Math.min(...starts).toFixed(0)} to ${Math.max(...starts).toFixed(0)})`);

const folder = mkdtempSync(join(tmpdir(), "harmattan-perf-"));
process.once("exit", () => rmSync(folder, { recursive: true }));
const server = await serve();
print("resident memory after the start", megabytes(memory(server.pid, "VmRSS")));
console.log(`${"CPU µs each".padStart(12)} ${"bytes".padStart(9)}  address`);
for (const path of ADDRESSES) {
  const { byteLength } = await (await fetch(server.base + path, { headers: { "accept-encoding": "identity" } })).arrayBuffer();
  const paths = join(folder, "path");
  writeFileSync(paths, `${path}\n`);
  await ask({ server, paths }, { seconds: 1 });
  const before = cpu(server.pid);
  const { answers } = await ask({ server, paths });
  console.log(`${(((cpu(server.pid) - before) / answers) * 1e6).toFixed(0).padStart(12)} ${String(byteLength).padStart(9)}  ${path}`);
}
print("resident memory at its highest", megabytes(memory(server.pid, "VmHWM")));
await server.stop();
