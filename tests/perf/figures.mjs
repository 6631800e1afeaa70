// Every figure of a release build on this machine, each beside its mark.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { target } from "../web/server.mjs";
import { downloads } from "./downloads.mjs";
import * as http from "./http.mjs";
import { machine } from "./machine.mjs";
import { startNginx } from "./nginx.mjs";
import * as names from "./names.mjs";
import * as places from "./places.mjs";
import { start } from "./server.mjs";
import { heading, wanted } from "./table.mjs";
import * as whole from "./whole.mjs";

const POINTS = Number(process.env.POINTS ?? 1_000_000);
/** What growth is measured from. */
const FEW = 100_000;
const POLYGONS = 50_000;
const binary = join(target, "release/harmattan");
const tool = join(target, "release/examples/perf");

/** Files of seeded data and addresses, kept in target/perf for the next run. @param {number} count */
function data(count) {
  const folder = join(target, "perf", String(count));
  const at = { points: join(folder, "points.geojsonl"), polygons: join(folder, "polygons.geojsonl"), addresses: join(folder, "addresses") };
  mkdirSync(folder, { recursive: true });
  if (!existsSync(at.points)) execFileSync(tool, ["points", String(count), at.points]);
  if (!existsSync(at.polygons)) execFileSync(tool, ["polygons", String(POLYGONS), at.polygons]);
  // The last of its lists: an earlier version of the tool made fewer.
  if (!existsSync(join(at.addresses, "filter-100"))) execFileSync(tool, ["addresses", String(count), at.addresses]);
  return { ...at, snapshot: join(folder, "all.harmattan") };
}

/** @param {string} file */
const serve = (file) => start(binary, ["serve", file, "--listen", "127.0.0.1:0", "--log-level", "warn"]);

const folder = mkdtempSync(join(tmpdir(), "harmattan-perf-"));
process.once("exit", () => rmSync(folder, { recursive: true }));
console.log(`${machine()}\n${POINTS} points and ${POLYGONS} polygons; a figure, its mark, what it is made of`);
const many = data(POINTS);

heading("snapshot");
await whole.snapshot(binary, POINTS, many.points, many.polygons, many.snapshot);
await whole.held(binary, many.snapshot);

const nginx = await startNginx("nginx", folder);
const ours = await serve(many.snapshot);
// The plain server holds 1.6 kB a feature in memory: of ten million, more than the rest of the machine needs.
const naive = POINTS <= 2_000_000 && wanted("axum + rstar + geojson, limit") ? await start(tool, ["naive", many.points]) : null;
heading(`server CPU a request, on one core; ${nginx.version} sends the same bytes from files`);
const setting = { ours, nginx, naive, addresses: many.addresses, www: join(folder, "www") };
await http.againstFiles(setting);
await http.compressed(setting);
await http.timed(setting);
await http.againstNaive(setting);
await naive?.stop();
await nginx.stop();

heading("growth and tail");
if (wanted("growth") && POINTS > FEW) {
  const few = data(FEW);
  await whole.built(binary, [few.points, "-o", few.snapshot]);
  const small = await serve(few.snapshot);
  await whole.growth(small, few.addresses, ours, many.addresses, `${FEW} to ${POINTS} points`);
  await small.stop();
}
await ours.stop();
if (wanted("tail")) await whole.tail(binary, many.points, many.addresses);

heading("whole collections");
await downloads(binary, many.snapshot, POINTS);

heading("places");
await places.suggest(binary, folder);
await names.geocoded(binary, folder);
await names.dumped(binary, folder);
await places.packed(binary, folder);
