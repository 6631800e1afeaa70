// A server that says `listening on http://…`, kept to one core, and stopped by its process id.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { threads } from "./machine.mjs";
import { SERVER_CORE } from "./wrk.mjs";

/** The caller's environment without settings of the program. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("HARMATTAN_")));

/**
 * Starts a program; `ready` is the time to the line that names its address, in seconds.
 * @param {string} binary @param {string[]} args @param {{core?: string}} [where]
 */
export async function start(binary, args, { core = SERVER_CORE } = {}) {
  const began = performance.now();
  const child = spawn("taskset", ["-c", core, binary, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise((done) => child.once("exit", (code, signal) => done(code ?? signal)));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const log = /** @type {string[]} */ ([]);
  createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
  const base = await new Promise((done, fail) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const address = /^listening on (http:\S+)$/.exec(line)?.[1];
      if (address) done(address);
    });
    exited.then((code) => fail(new Error(`${binary} ended with ${code}: ${log.join("\n")}`)));
  });
  const ready = (performance.now() - began) / 1000;
  // A snapshot is verified by a thread beside the service, whose work is none of the requests'.
  while (threads(/** @type {number} */ (child.pid)).includes("verify")) await wait(50);
  return {
    base: /** @type {string} */ (base),
    pid: /** @type {number} */ (child.pid),
    log,
    ready,
    async stop() {
      process.off("exit", kill);
      child.kill("SIGTERM");
      return exited;
    },
  };
}
