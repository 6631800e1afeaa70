// Measures the release build and prints what it found, with units.

import { execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { cpus } from "node:os";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { startServer, target } from "../web/server.mjs";

const RUNS = Number(process.env.RUNS ?? 11);
const SECONDS_EACH = Number(process.env.SECONDS_EACH ?? 4);
const CONNECTIONS = Number(process.env.CONNECTIONS ?? 16);

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

const binary = `${target}/release/harmattan`;
const median = (/** @type {number[]} */ all) => [...all].sort((a, b) => a - b)[all.length >> 1];
const print = (/** @type {string} */ name, /** @type {string} */ value) => console.log(`${name.padEnd(34)} ${value}`);

/** A line of /proc/PID/status in MB. @param {number} pid @param {string} name */
const memory = (pid, name) => `${(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024).toFixed(1)} MB`;

const ticks = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
/** CPU time of a process so far, in seconds. @param {number} pid */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

/** From the start of the process to the first byte-complete answer, in ms. */
async function coldStart() {
  const began = performance.now();
  const child = spawn(binary, ["--listen", "127.0.0.1:0", "--log-level", "error"], { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of createInterface({ input: child.stdout })) {
    await (await fetch(`${line.replace("listening on ", "")}/collections/bases/items`)).arrayBuffer();
    break;
  }
  const took = performance.now() - began;
  child.kill("SIGTERM");
  await new Promise((done) => child.once("exit", done));
  return took;
}

/** Answers of a bounded load, asked in another process. @param {string} address @param {number} seconds */
async function load(address, seconds) {
  if (wrk) {
    const { stdout } = await promisify(execFile)("wrk", ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, address]);
    if (/Non-2xx|Socket errors/.test(stdout)) throw new Error(stdout);
    return Number(/(\d+) requests in/.exec(stdout)?.[1]);
  }
  const { stdout } = await promisify(execFile)("node", [new URL("load.mjs", import.meta.url).pathname, address, String(CONNECTIONS), String(seconds)]);
  const { answers, errors } = JSON.parse(stdout);
  if (errors) throw new Error(`${errors} failed requests of ${address}`);
  return answers;
}

const wrk = spawnSync("wrk", ["--version"]).error === undefined;
print("machine", `${cpus().length} × ${cpus()[0].model.trim()}, shared with the load`);
print("binary", `${(statSync(binary).size / 1e6).toFixed(1)} MB`);
const starts = [];
for (let i = 0; i < RUNS; i++) starts.push(await coldStart());
print("cold start to first answer", `${median(starts).toFixed(0)} ms (median of ${RUNS}, client included; ${Math.min(...starts).toFixed(0)} to ${Math.max(...starts).toFixed(0)})`);

// The log costs as much as an answer; an operator who counts microseconds turns it down.
const server = await startServer({ profile: "release", args: ["--log-level", "warn"] });
const pid = /** @type {number} */ (server.pid);
print("resident memory after the start", memory(pid, "VmRSS"));
console.log(`\n${CONNECTIONS} connections, ${SECONDS_EACH} s each, by ${wrk ? "wrk" : "tests/perf/load.mjs"}\n${"requests/s".padStart(12)} ${"CPU µs each".padStart(12)} ${"bytes".padStart(9)}  address`);
for (const path of ADDRESSES) {
  const { byteLength } = await (await fetch(server.base + path, { headers: { "accept-encoding": "identity" } })).arrayBuffer();
  await load(server.base + path, 1);
  const [before, began] = [cpu(pid), performance.now()];
  const answers = await load(server.base + path, SECONDS_EACH);
  const [used, took] = [cpu(pid) - before, (performance.now() - began) / 1000];
  console.log(`${(answers / took).toFixed(0).padStart(12)} ${((used / answers) * 1e6).toFixed(0).padStart(12)} ${String(byteLength).padStart(9)}  ${path}`);
}
console.log();
print("resident memory after the load", memory(pid, "VmRSS"));
print("at its highest", memory(pid, "VmHWM"));
process.exitCode = (await server.stop()) === 0 ? 0 : 1;
