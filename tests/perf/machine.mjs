// What the kernel says of this machine and of a process.

import { execFileSync, spawn } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { cpus } from "node:os";

const ticks = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Processor as /proc/cpuinfo names it, and memory. */
export function machine() {
  const memory = Number(/^MemTotal:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"))?.[1]) / 2 ** 20;
  return `${cpus().length} × ${cpus()[0].model.trim()}, ${memory.toFixed(0)} GiB of memory, shared with the load`;
}

/** CPU time of a process so far, in seconds. @param {number} pid */
export function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticks;
}

/** CPU time of the processes that this one has started and that have ended, in seconds. */
export function cpuOfEnded() {
  const fields = readFileSync("/proc/self/stat", "utf8").replace(/^.*\) /, "").split(" ");
  return (Number(fields[13]) + Number(fields[14])) / ticks;
}

/** A line of /proc/PID/status in bytes, such as VmRSS or VmHWM. @param {number} pid @param {string} name */
export function memory(pid, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

/** Names of a process's threads. @param {number} pid */
export function threads(pid) {
  const name = (/** @type {string} */ thread) => {
    try {
      return readFileSync(`/proc/${pid}/task/${thread}/comm`, "utf8").trim();
    } catch {
      return ""; // It has just ended.
    }
  };
  return readdirSync(`/proc/${pid}/task`).map(name);
}

/**
 * Runs a program to its end: seconds by the clock and of CPU, the most memory it took in bytes, and what it said on standard output
 * and error.
 * @param {string} program @param {string[]} args
 */
export async function watched(program, args) {
  const began = performance.now();
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [used, most, said, complained] = [0, 0, "", ""];
  child.stdout.on("data", (text) => (said += text));
  child.stderr.on("data", (text) => (complained += text));
  const exited = new Promise((done) => child.once("exit", done));
  const look = setInterval(() => {
    try {
      used = cpu(/** @type {number} */ (child.pid));
      // A process that has ended, and is not waited for yet, has no memory any more.
      most = memory(/** @type {number} */ (child.pid), "VmHWM") || most;
    } catch {
      // It has just ended.
    }
  }, 20);
  const code = await exited;
  clearInterval(look);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")} ended with ${code}: ${complained}`);
  return { seconds: (performance.now() - began) / 1000, used, most, said, complained };
}
