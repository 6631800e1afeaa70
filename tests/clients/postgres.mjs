// A PostgreSQL with PostGIS of the tests' own: on a free port of 127.0.0.1, in a folder of its own, ended by its process id.

import { execFile, spawn } from "node:child_process";
import { chmod, chown, copyFile, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The newest of Debian's PostgreSQL programs, which are not in PATH. */
async function programs() {
  const found = await readdir("/usr/lib/postgresql").catch(() => /** @type {string[]} */ ([]));
  const newest = found.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a))[0];
  if (!newest) throw new Error("there is no PostgreSQL in /usr/lib/postgresql: tests/run installs it");
  return `/usr/lib/postgresql/${newest}/bin`;
}

/** A port that nobody listens on. @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

/** PostgreSQL refuses to run as root: its own user does then. */
async function owner() {
  if (process.getuid?.() !== 0) return {};
  const line = (await readFile("/etc/passwd", "utf8")).split("\n").find((line) => line.startsWith("postgres:"));
  const [, , uid, gid] = (line ?? "").split(":").map(Number);
  if (!uid || !gid) throw new Error("there is no user postgres to run PostgreSQL as");
  return { uid, gid };
}

/**
 * Starts a cluster with one database, `maps`, in which PostGIS is; with certificates it takes encrypted connections too.
 * @param {{ settings?: string[], tls?: { certificate: string, key: string, roots: string } }} options
 */
export async function startPostgres({ settings = [], tls } = {}) {
  const [bin, port, user] = [await programs(), await freePort(), await owner()];
  const folder = await mkdtemp(join(tmpdir(), "postgres-"));
  if (user.uid) await chown(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const environment = { PATH: process.env.PATH ?? "", LC_ALL: "C.UTF-8", TZ: "UTC" };
  const as = { ...user, cwd: folder, env: environment };
  await run(`${bin}/initdb`, ["-D", data, "-A", "trust", "-U", "maps", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], as);
  const secure = tls ? ["ssl=on", "ssl_cert_file=server.pem", "ssl_key_file=server.key", "ssl_ca_file=roots.pem"] : [];
  if (tls) {
    // A key that others can read is refused.
    for (const [from, to] of [[tls.certificate, "server.pem"], [tls.key, "server.key"], [tls.roots, "roots.pem"]]) {
      await copyFile(from, join(data, to));
      await chmod(join(data, to), 0o600);
      if (user.uid) await chown(join(data, to), user.uid, user.gid);
    }
  }
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let server;
  // Tests that break off leave nothing running.
  const kill = () => server?.kill("SIGQUIT");
  process.once("exit", kill);
  const psql = async (/** @type {string} */ text, database = "maps") => {
    const child = run("psql", ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", `${port}`, "-U", "maps", "-d", database, "-f", "-"], { env: environment, maxBuffer: 64 << 20 });
    child.child.stdin?.end(text);
    return (await child).stdout;
  };
  const start = async () => {
    const all = ["listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`, "fsync=off", "full_page_writes=off", "shared_buffers=32MB", ...secure, ...settings];
    server = spawn(`${bin}/postgres`, ["-D", data, "-p", `${port}`, ...all.flatMap((one) => ["-c", one])], { ...as, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    server.stderr?.on("data", (text) => (said += text));
    for (let tries = 0; ; tries++) {
      if (await psql("SELECT 1", "postgres").then(() => true, () => false)) return;
      if (server.exitCode !== null || tries > 200) throw new Error(`PostgreSQL does not start: ${said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const end = async () => {
    const ending = server;
    if (!ending || ending.exitCode !== null) return;
    // Fast shutdown: sessions are ended.
    const ended = new Promise((resolve) => ending.once("exit", resolve));
    ending.kill("SIGINT");
    await ended;
  };
  await start();
  await psql("CREATE DATABASE maps", "postgres");
  await psql("CREATE EXTENSION postgis");
  return {
    address: `postgresql://maps@127.0.0.1:${port}/maps`,
    socket: `postgresql://maps@${encodeURIComponent(folder)}:${port}/maps`,
    port,
    psql,
    start,
    end,
    stop: async () => {
      await end();
      process.off("exit", kill);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
