// What a whole collection costs as one file: time, CPU time, and memory beyond the mapped snapshot, in every form.

import { get } from "node:http";
import { cpu, memory } from "./machine.mjs";
import { start } from "./server.mjs";
import { figure, wanted } from "./table.mjs";

/** Values of `f=`, and what they are called. */
const FORMS = [
  ["json", "GeoJSON"],
  ["jsonfg", "JSON-FG"],
  ["csv", "CSV"],
  ["kml", "KML"],
  ["fgb", "FlatGeobuf"],
  ["parquet", "GeoParquet"],
  ["gpkg", "GeoPackage"],
];

/** Bytes of an answer, none of which is kept. @param {string} address @returns {Promise<number>} */
const length = (address) =>
  new Promise((done, fail) => {
    const request = get(address, { headers: { "accept-encoding": "identity" } }, (response) => {
      let bytes = 0;
      response.on("data", (piece) => (bytes += piece.length));
      response.on("end", () => (response.statusCode === 200 && response.complete ? done(bytes) : fail(new Error(`${address}: ${response.statusCode}, ${bytes} bytes`))));
      response.on("error", fail);
    });
    request.on("error", fail);
  });

/** @param {string} binary @param {string} file @param {number} count */
export async function downloads(binary, file, count) {
  for (const [form, name] of FORMS) {
    const what = `download of all as ${name}`;
    if (!wanted(what)) continue;
    // A server for each, so that none has memory that another has left.
    const server = await start(binary, ["serve", file, "--listen", "127.0.0.1:0", "--log-level", "warn"]);
    const own = () => memory(server.pid, "RssAnon");
    const [before, used, began] = [own(), cpu(server.pid), performance.now()];
    let most = before;
    const look = setInterval(() => (most = Math.max(most, own())), 5);
    const bytes = await length(`${server.base}/collections/points/download?f=${form}`);
    clearInterval(look);
    const seconds = (performance.now() - began) / 1000;
    const work = cpu(server.pid) - used;
    await server.stop();
    const each = ((work / count) * 1e6).toFixed(2);
    figure(what, `${seconds.toFixed(1)} s`, "", `${(bytes / 1e6).toFixed(0)} MB; ${work.toFixed(1)} s of CPU, ${each} µs a point; ${((most - before) / 1e6).toFixed(0)} MB of memory at its highest`);
  }
}
