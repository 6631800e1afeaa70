// Bounded loads by wrk, and what a request costs the server in CPU time.

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cpu, cpuOfEnded } from "./machine.mjs";

const lua = new URL("addresses.lua", import.meta.url).pathname;
const run = promisify(execFile);

/** Seconds of each load. */
export const SECONDS = Number(process.env.SECONDS_EACH ?? 2);
/** How often the loads of one row are measured, in turn. */
export const ROUNDS = Number(process.env.ROUNDS ?? 3);
/** Where servers and wrk run: on two cores they do not get into each other's way. */
export const [SERVER_CORE, LOAD_CORE] = ["0", "1"];

/**
 * A server and what to ask of it.
 * @typedef {{base: string, pid: number}} Server
 * @typedef {{server: Server, paths: string, headers?: Record<string, string>}} Load
 */

/**
 * Asks every address of the file `paths`, again and again, for a time.
 * @param {Load} load @param {{seconds?: number, connections?: number}} [amount]
 * @returns {Promise<{answers: number, failed: number, bytes: number, p50: number, p99: number}>} latencies in µs
 */
export async function ask({ server, paths, headers = {} }, { seconds = SECONDS, connections = 16 } = {}) {
  const given = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
  const { stdout } = await run("taskset", ["-c", LOAD_CORE, "wrk", "-t1", `-c${connections}`, `-d${seconds}s`, "-s", lua, ...given, server.base, "--", paths]);
  const said = JSON.parse(/^JSON (.*)$/m.exec(stdout)?.[1] ?? "null");
  if (!said?.answers || said.failed) throw new Error(`the load on ${server.base} failed: ${stdout}`);
  return said;
}

/**
 * CPU time a request costs the server of several loads, in µs: the median of some rounds, in each of which every load has its turn.
 * @param {Load[]} loads
 */
export const cost = async (loads) => (await costs(loads)).map(({ server }) => server);

/**
 * The same with what it costs the server and the client together. On one machine the kernel sends what waits in a connection on
 * whichever side has just been heard, so that of long answers a part of the server's work is done, and counted, on the client's core.
 * @param {Load[]} loads @returns {Promise<{server: number, both: number}[]>}
 */
export async function costs(loads) {
  const all = loads.map(() => /** @type {{server: number, both: number}[]} */ ([]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, load] of loads.entries()) {
      if (round === 0) await ask(load, { seconds: 1 });
      const [before, client] = [cpu(load.server.pid), cpuOfEnded()];
      const { answers } = await ask(load);
      const server = ((cpu(load.server.pid) - before) / answers) * 1e6;
      all[index].push({ server, both: server + ((cpuOfEnded() - client) / answers) * 1e6 });
    }
  }
  return all.map((rounds) => ({ server: median(rounds.map(({ server }) => server)), both: median(rounds.map(({ both }) => both)) }));
}

/** @param {number[]} all */
export const median = (all) => [...all].sort((a, b) => a - b)[all.length >> 1];
