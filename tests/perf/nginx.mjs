// nginx with a configuration and a folder of its own: what a static file costs on this machine.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { SERVER_CORE } from "./wrk.mjs";

/** A port that is free now. @returns {Promise<number>} */
const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => done(typeof address === "object" && address ? address.port : 0));
    });
  });

/**
 * Starts nginx on the files of `folder`/www; below /gzip/ it compresses them as it sends them.
 * @param {string} binary @param {string} folder
 */
export async function startNginx(binary, folder) {
  const port = await freePort();
  mkdirSync(join(folder, "www"), { recursive: true });
  const config = join(folder, "nginx.conf");
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
${process.getuid?.() === 0 ? "user root;" : ""}
events { worker_connections 1024; }
http {
  access_log off; sendfile on; keepalive_requests 1000000000; default_type application/geo+json;
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3; uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  server {
    listen 127.0.0.1:${port}; root ${folder}/www;
    location /gzip/ { alias ${folder}/www/; gzip on; gzip_comp_level 1; gzip_types application/geo+json; }
  }
}
`,
  );
  const child = spawn("taskset", ["-c", SERVER_CORE, binary, "-p", folder, "-c", config], { stdio: ["ignore", "inherit", "inherit"] });
  const exited = new Promise((done) => child.once("exit", done));
  const kill = () => child.kill("SIGTERM");
  process.once("exit", kill);
  let worker = "";
  for (let tries = 0; !worker && tries < 100; tries++) {
    await wait(50);
    if (!existsSync(join(folder, "pid"))) continue;
    const master = readFileSync(join(folder, "pid"), "utf8").trim();
    worker = readFileSync(`/proc/${master}/task/${master}/children`, "utf8").trim().split(" ")[0];
  }
  if (!worker) throw new Error(`nginx does not start; ${folder}/error.log may say why`);
  return {
    base: `http://127.0.0.1:${port}`,
    pid: Number(worker),
    version: execFileSync("sh", ["-c", `${binary} -v 2>&1`], { encoding: "utf8" }).trim().replace("nginx version: ", ""),
    async stop() {
      process.off("exit", kill);
      child.kill("SIGTERM");
      await exited;
    },
  };
}
