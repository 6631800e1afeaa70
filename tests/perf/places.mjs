// The gazetteer behind HTTP, and what a larger one costs to pack and to open.

import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { watched } from "./machine.mjs";
import { embedded } from "./names.mjs";
import { start } from "./server.mjs";
import { figure, wanted } from "./table.mjs";
import { cost } from "./wrk.mjs";

/** Prefixes of each length. */
const ASKED = 2000;

/** Suggestions for the beginnings of embedded names, evenly out of the table. @param {string} binary @param {string} folder */
export async function suggest(binary, folder) {
  if (!wanted("suggest")) return;
  const names = embedded().map(({ name }) => name);
  const step = Math.floor(names.length / ASKED);
  const server = await start(binary, ["serve", "--listen", "127.0.0.1:0", "--log-level", "warn"]);
  for (const letters of [1, 2, 3, 5, 8]) {
    const paths = join(folder, `suggest-${letters}`);
    const some = Array.from({ length: ASKED }, (_, i) => [...names[i * step]].slice(0, letters).join("").trim() || "a");
    writeFileSync(paths, some.map((q) => `/places/suggest?q=${encodeURIComponent(q)}`).join("\n") + "\n");
    const [each] = await cost([{ server, paths }]);
    figure(`suggest, ${letters} letters, ten places`, (1e6 / each).toFixed(0), "≥10000", `answers a second of one core; ${each.toFixed(1)} µs each`);
  }
  await server.stop();
}

/** Packs the file that GAZETTEER_ROWS names, and serves it. @param {string} binary @param {string} folder */
export async function packed(binary, folder) {
  const rows = process.env.GAZETTEER_ROWS;
  if (!wanted("gazetteer")) return;
  if (!rows) return console.log("gazetteer of a file: GAZETTEER_ROWS names none");
  const out = join(folder, "large.gazetteer");
  const { seconds, used, most, said } = await watched(binary, ["gazetteer", "build", rows, "-o", out]);
  const [, places, names] = /: (\d+) places, (\d+) names/.exec(said) ?? [];
  figure(`gazetteer of ${places} places, build`, seconds.toFixed(1), "≤60", `s by the clock; ${used.toFixed(1)} s of CPU`);
  figure("  memory at its highest", (most / 1e9).toFixed(2), "≤2", "GB");
  figure("  size", (statSync(out).size / Number(names)).toFixed(1), "≤40", `bytes a name, of ${names} that fold otherwise`);
  const server = await start(binary, ["serve", "--gazetteer", out, "--listen", "127.0.0.1:0", "--log-level", "warn"]);
  figure("  start with it, to the open port", server.ready.toFixed(2), "≤0.5", "s");
  await server.stop();
}
