// Starts the real program on a free port of 127.0.0.1, and stops it by its process id.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const target = resolve(root, process.env.CARGO_TARGET_DIR || "target");

/** How long the server may take to say that it listens, in ms; a debug build on a busy machine is slow. */
const PATIENCE = 30_000;

// A signal alone would end the tests without their `exit` handlers, and leave the servers running.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) process.once(signal, () => process.exit(1));

/** The caller's environment without settings of the program: the tests start it with its defaults. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("HARMATTAN_")));

/**
 * A running server: its address without a trailing slash, its process id, its log, and `stop`, which ends it with
 * SIGTERM and gives its exit status.
 * @param {{profile?: "debug" | "release", args?: string[]}} [options]
 */
export async function startServer({ profile = "debug", args = [] } = {}) {
  const binary = resolve(target, profile, "harmattan");
  if (!existsSync(binary)) throw new Error(`${binary} is not there: run tests/run, or cargo build`);
  const child = spawn(binary, ["--listen", "127.0.0.1:0", ...args], { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise((done) => child.once("exit", (code, signal) => done(code ?? signal)));
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  const log = /** @type {string[]} */ ([]);
  createInterface({ input: child.stderr }).on("line", (line) => log.push(line));
  const said = createInterface({ input: child.stdout });
  const base = await new Promise((done, fail) => {
    const late = setTimeout(() => fail(new Error(`no address within ${PATIENCE} ms`)), PATIENCE);
    said.on("line", (line) => {
      const address = /^listening on (http:\S+)$/.exec(line)?.[1];
      if (address) done((clearTimeout(late), address));
    });
    exited.then((code) => fail(new Error(`the server ended with ${code}: ${log.join("\n")}`)));
  });

  return {
    base,
    pid: child.pid,
    log,
    async stop() {
      process.off("exit", kill);
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
      const code = await exited;
      clearTimeout(late);
      return code;
    },
  };
}
