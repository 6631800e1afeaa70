// What QGIS's users get: a double click on a layer definition, QGIS's own provider of OGC API – Features, vector tiles. QGIS itself opens
// all of it, headless; what it draws is kept with the screenshots.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startServer, target } from "../web/server.mjs";

/** Features of a collection that has more than ten pages of a thousand, and more than one of the largest. */
const MANY = 10_500;

/** @type {Awaited<ReturnType<typeof startServer>>} */
let server, own;
/** @type {string} */
let folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "qgis-"));
  const feature = (/** @type {number} */ id, /** @type {any} */ geometry, /** @type {any} */ properties) => JSON.stringify({ type: "Feature", id, geometry, properties });
  const at = (/** @type {number} */ i) => [((i * 37) % 340) - 170, ((i * 11) % 150) - 75];
  const ring = (/** @type {number[]} */ [x, y]) => [[x, y], [x + 4, y], [x + 4, y + 4], [x, y]];
  const line = (/** @type {number[]} */ [x, y]) => [[x, y], [x + 4, y + 4]];
  const write = (/** @type {string} */ name, /** @type {string[]} */ rows) => writeFileSync(join(folder, `${name}.geojsonl`), rows.join("\n"));
  const rows = (/** @type {number} */ count, /** @type {(i: number) => any} */ geometry, /** @type {(i: number) => any} */ properties) => Array.from({ length: count }, (_, i) => feature(i + 1, geometry(i), properties(i)));
  write("many", rows(MANY, (i) => ({ type: "Point", coordinates: at(i) }), (i) => ({ name: `n${i}`, seen: `20${10 + (i % 14)}-0${1 + (i % 9)}-11` })));
  // Of each ten a point, a line, an area, several points, lines or areas, a collection, and none.
  const shapes = [
    (/** @type {number[]} */ p) => ({ type: "Point", coordinates: p }),
    (/** @type {number[]} */ p) => ({ type: "LineString", coordinates: line(p) }),
    (/** @type {number[]} */ p) => ({ type: "Polygon", coordinates: [ring(p)] }),
    (/** @type {number[]} */ p) => ({ type: "MultiPoint", coordinates: [p, [p[0] + 2, p[1]]] }),
    (/** @type {number[]} */ p) => ({ type: "MultiLineString", coordinates: [line(p), line([p[0] - 5, p[1]])] }),
    (/** @type {number[]} */ p) => ({ type: "MultiPolygon", coordinates: [[ring(p)], [ring([p[0] - 5, p[1]])]] }),
    (/** @type {number[]} */ p) => ({ type: "GeometryCollection", geometries: [{ type: "Point", coordinates: p }] }),
    () => null,
  ];
  write("mixed", rows(80, (i) => shapes[i % 8](at(i)), (i) => ({ name: `m${i}` })));
  // Single areas first, so that the type is not known from the first page alone.
  write("areas", rows(40, (i) => shapes[i % 4 === 3 ? 5 : 2](at(i)), (i) => ({ name: `a${i}`, from: "2020-01-01", to: `2020-02-${10 + (i % 9)}` })));
  [server, own] = await Promise.all([startServer(), startServer({ args: [folder] })]);
  mkdirSync(join(target, "screenshots"), { recursive: true });
});
after(async () => {
  await Promise.all([server?.stop(), own?.stop()]);
  await rm(folder, { recursive: true });
});

/** What QGIS answers to some jobs; it must have nothing to say beside. @param {any[]} jobs */
async function qgis(...jobs) {
  const script = new URL("layers.py", import.meta.url).pathname;
  // Debian's own Python, for which its QGIS is made, whatever other is called first.
  const { stdout } = await promisify(execFile)("/usr/bin/python3", [script, join(target, "screenshots"), ...jobs.map((job) => JSON.stringify(job))], {
    maxBuffer: 64 << 20,
    timeout: 300_000,
    // No profile of a user is read or written.
    env: { ...process.env, QT_QPA_PLATFORM: "offscreen", QGIS_CUSTOM_CONFIG_PATH: folder, XDG_RUNTIME_DIR: folder, XDG_CACHE_HOME: folder },
  });
  const { answers, said } = JSON.parse(stdout.slice(stdout.lastIndexOf('{"answers"')));
  assert.deepEqual(said, [], "what QGIS says in its log");
  return answers;
}

/** A layer definition as it is downloaded, and its file. @param {string} base @param {string} id @param {string} [query] */
async function definition(base, id, query = "") {
  const file = join(folder, `${id}${query.length}.qlr`);
  writeFileSync(file, await (await fetch(`${base}/collections/${id}/layer.qlr${query}`)).text());
  return { qlr: file, picture: id };
}

/** @param {string} base @param {string} path */
const json = async (base, path) => (await fetch(base + path)).json();

test("a double click opens each embedded collection: read whole, coloured, dated, named, credited", async () => {
  const ids = ["bases", "closures", "events", "claims", "sources"];
  const opened = await qgis(...(await Promise.all(ids.map((id) => definition(server.base, id)))));
  for (const [index, id] of ids.entries()) {
    const { layers: [layer, ...more], painted } = opened[index];
    assert.deepEqual([more, layer.error, layer.provider], [[], undefined, "OAPIF"], id);
    const [about, schema, { numberMatched }] = await Promise.all(["", "/schema", "/items?limit=1"].map((rest) => json(server.base, `/collections/${id}${rest}`)));
    assert.deepEqual([layer.count, layer.read, layer.ids], [numberMatched, numberMatched, numberMatched], id);
    // Whose axes QGIS takes east first, as all it draws.
    assert.deepEqual([layer.system, layer.degrees], ["EPSG:4326", true], id);
    // Names and titles of all columns, days as days.
    for (const [name, { title, format }] of Object.entries(schema.properties)) {
      if (name === "geometry" || name === "id" || !(name in layer.fields)) continue;
      assert.equal(layer.aliases[name], title, `${id} ${name}`);
      if (format === "date" && layer.first[name] !== undefined) assert.equal(layer.fields[name], "Date", `${id} ${name}`);
    }
    assert.deepEqual([layer.name, layer.title, layer.abstract, layer.attribution], [about.title, about.title, about.description, about.attribution], id);
    assert.deepEqual([layer.licences, layer.links], [["CC BY 4.0"], ["https://creativecommons.org/licenses/by/4.0/"]], id);
    if (id === "sources") {
      assert.deepEqual([layer.type, layer.renderer, painted], ["NoGeometry", null, 0], id);
      continue;
    }
    assert.ok(layer.type === "Point" && layer.labels && painted > 800, `${id}: ${layer.type}, ${layer.labels}, ${painted} pixels`);
    // Longitude first.
    const [lon, lat] = layer.at;
    assert.ok(lon > -9 && lon < 3 && lat > 12 && lat < 21, `${id}: ${layer.at}`);
  }
  const [bases, closures, events, claims, sources] = opened.map(({ layers }) => layers[0]);
  assert.deepEqual(claims.time, ["value_earliest", "value_latest"], "a claim of a date is when it says");
  assert.deepEqual([bases, closures, events, sources].map(({ time }) => time?.join(" ")), ["closed_earliest closed_latest", "closed_earliest closed_latest", "when_earliest when_latest", "published_earliest published_latest"]);
  assert.equal(bases.renderer, "QgsCategorizedSymbolRenderer");
  assert.deepEqual(bases.categories.in_liquidation, ["in liquidation", "#009e73"]);
  assert.equal(new Set(Object.values(bases.categories).map(([, colour]) => colour)).size, 5);
});

test("the definition speaks French where it is asked to", async () => {
  const [{ layers: [bases] }] = await qgis(await definition(server.base, "bases", "?lang=fr"));
  const { title } = await json(server.base, "/collections/bases?lang=fr");
  assert.deepEqual([bases.name, bases.categories.in_liquidation[0], bases.aliases.region], [title, "en liquidation", "Région"]);
});

test("collections of one type of geometry are a layer, those of several a group of layers", async () => {
  const [areas, mixed] = await qgis(await definition(own.base, "areas"), await definition(own.base, "mixed"));
  assert.deepEqual(areas.groups, []);
  assert.deepEqual(areas.layers.map(({ provider, read, time, labels }) => [provider, read, time, labels]), [["OAPIF", 40, ["from", "to"], "name"]]);
  assert.ok(areas.painted > 500, `${areas.painted} pixels`);
  assert.deepEqual(mixed.groups, ["Mixed"]);
  assert.deepEqual(
    mixed.layers.map(({ name, provider, read, shapes, labels }) => [name, provider, read, shapes.join(" "), labels]),
    [
      ["Mixed – Points", "ogr", 20, "MultiPoint Point", "name"],
      ["Mixed – Lines", "ogr", 20, "LineString MultiLineString", "name"],
      ["Mixed – Areas", "ogr", 20, "MultiPolygon Polygon", "name"],
    ],
  );
  assert.ok(mixed.painted > 500, `${mixed.painted} pixels`);
  assert.ok(own.log.some((line) => /collections\/mixed\/items\?.*limit=1000\b/.test(line)), "a thousand at a time");
});

test("QGIS's own provider follows pages to the end and asks for what lies in a box", async () => {
  const box = [-50, -40, 50, 40];
  const [many] = await qgis({ oapif: `url='${own.base}/' typename='many' restrictToRequestBBOX='1'`, box });
  assert.deepEqual([many.error, many.count, many.read, many.ids], [undefined, MANY, MANY, MANY]);
  assert.deepEqual([many.fields.seen, many.type, many.first.name], ["Date", "Point", `n${many.first.id - 1}`]);
  const { features } = await json(own.base, `/collections/many/items?limit=10000&bbox=${box}`);
  assert.deepEqual(many.within, features.map(({ id }) => String(id)).sort());
  assert.ok(features.length > 100 && features.length < MANY / 2);
});

test("vector tiles are drawn", async () => {
  const source = (/** @type {string} */ id) => `type=xyz&url=${own.base}/collections/${id}/tiles/WebMercatorQuad/{z}/{y}/{x}&zmin=0&zmax=14`;
  const [many, mixed] = await qgis({ tiles: source("many"), picture: "tiles-many" }, { tiles: source("mixed"), picture: "tiles-mixed" });
  assert.ok(many.painted > 10_000 && mixed.painted > 500, `${many.painted} and ${mixed.painted} pixels`);
});
