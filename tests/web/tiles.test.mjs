// Vector tiles as the libraries of web maps read them: from the server and from an archive.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { PMTiles } from "pmtiles";
import { startServer, target } from "./server.mjs";

const run = promisify(execFile);
const folder = join(target, "tmp", "tiles");

/** Wells about a hundred towns, so many and so far apart that an archive needs directories below its root. */
const well = (/** @type {number} */ i) => {
  const [town, spread] = [i % 100, (i * 7919) % 1000];
  const [lon, lat] = [-20 + (town % 10) * 4 + spread / 500, 2 + Math.floor(town / 10) * 3 + ((spread * 31) % 1000) / 500];
  return { type: "Feature", id: i + 1, geometry: { type: "Point", coordinates: [lon, lat] }, properties: { name: `Well ${i}`, deep: i % 2 === 0, depth_m: i / 10, kind: ["farm", "école"][i % 2], none: i % 3 ? null : "some" } };
};
/** Squares with a hole, and lines. */
const plot = (/** @type {number} */ i) => {
  const [x, y, s] = [(i % 20) * 3 - 30, Math.floor(i / 20) * 3 - 15, 0.5];
  const ring = (/** @type {number} */ a, /** @type {number} */ b) => [[x + a, y + a], [x + b, y + a], [x + b, y + b], [x + a, y + b], [x + a, y + a]];
  const geometry = i % 5 ? { type: "Polygon", coordinates: [ring(0, s), ring(s / 4, s / 2)] } : { type: "LineString", coordinates: [[x, y], [x + s, y + s], [x + 2 * s, y]] };
  return { type: "Feature", id: `p${i}`, geometry, properties: { title: `Plot ${i}` } };
};
const files = { wells: join(folder, "wells.geojsonl"), plots: join(folder, "plots.geojsonl") };

/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
before(async () => {
  mkdirSync(folder, { recursive: true });
  const lines = (/** @type {(i: number) => unknown} */ of, /** @type {number} */ n) => Array.from({ length: n }, (_, i) => JSON.stringify(of(i))).join("\n");
  writeFileSync(files.wells, lines(well, 12_000));
  writeFileSync(files.plots, lines(plot, 200));
  server = await startServer({ args: Object.values(files) });
});
after(() => server?.stop());

/** The bytes of a tile, none where it is empty. */
async function tile(/** @type {string} */ path, /** @type {number} */ z, /** @type {number} */ x, /** @type {number} */ y) {
  const response = await fetch(`${server.base}${path}/tiles/WebMercatorQuad/${z}/${y}/${x}`);
  assert.ok([200, 204, 404].includes(response.status), String(response.status));
  return response.status === 200 ? new Uint8Array(await response.arrayBuffer()) : new Uint8Array();
}

/** Every tile of a zoom that holds anything. */
async function tiles(/** @type {string} */ path, /** @type {number} */ z) {
  const found = [];
  for (let y = 0; y < 2 ** z; y++)
    for (let x = 0; x < 2 ** z; x++) {
      const bytes = await tile(path, z, x, y);
      if (bytes.length) found.push({ x, y, bytes, layers: new VectorTile(new PbfReader(bytes)).layers });
    }
  return found;
}

const features = (/** @type {import("@mapbox/vector-tile").VectorTileLayer} */ layer) => Array.from({ length: layer.length }, (_, i) => layer.feature(i));

test("points have their ids, their properties and their places; counts stand for the others", async () => {
  let whole = 0;
  const seen = new Map();
  for (const { x, y, layers } of await tiles("/collections/wells", 3))
    for (const feature of features(layers.wells)) {
      const count = Number(feature.properties.count ?? 1);
      whole += count;
      if (count > 1) continue;
      const { geometry } = feature.toGeoJSON(x, y, 3);
      seen.set(feature.id, { properties: feature.properties, geometry });
    }
  assert.equal(whole, 12_000);
  assert.equal(seen.size, 12_000, "at zoom 3 each of them is drawn");
  for (const i of [0, 1, 2, 3, 4711, 11_999]) {
    const { id, properties, geometry } = well(i);
    const drawn = seen.get(id);
    assert.deepEqual({ ...drawn.properties }, Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== null)));
    for (const axis of [0, 1]) assert.ok(Math.abs(drawn.geometry.coordinates[axis] - geometry.coordinates[axis]) < 45 / 4096 + 1e-9);
  }
  const [{ layers }] = await tiles("/collections/wells", 0);
  assert.ok(layers.wells.length < 1000, "from afar they are counted");
  assert.equal(features(layers.wells).reduce((sum, { properties }) => sum + Number(properties.count ?? 1), 0), 12_000);
});

test("polygons keep their holes and lines their bends", async () => {
  for (const z of [2, 3]) {
    for (const { x, y, layers } of await tiles("/collections/plots", z))
      for (const feature of features(layers.plots)) {
        const { geometry } = feature.toGeoJSON(x, y, z);
        const i = Number(String(feature.properties.id).slice(1));
        assert.match(geometry.type, i % 5 ? /Polygon$/ : /LineString$/);
        if (geometry.type === "Polygon") assert.ok(geometry.coordinates.length <= 2 && geometry.coordinates.every((ring) => ring.length >= 4));
      }
  }
  const drawn = features(new VectorTile(new PbfReader(await tile("/collections/plots", 3, 4, 4))).layers.plots);
  const holed = drawn.filter((feature) => feature.type === 3 && feature.loadGeometry().length === 2);
  assert.ok(holed.length > 10, String(holed.length));
});

/** An archive on the disk. */
class OnDisk {
  constructor(/** @type {string} */ file) {
    this.file = file;
    this.reads = 0;
  }
  getKey() {
    return this.file;
  }
  async getBytes(/** @type {number} */ offset, /** @type {number} */ length) {
    this.reads++;
    const handle = await open(this.file);
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, offset);
      return { data: buffer.buffer.slice(0, bytesRead) };
    } finally {
      await handle.close();
    }
  }
}

const program = join(target, "debug", "harmattan");

test("an archive holds what the server serves, tile by tile", async () => {
  const file = join(folder, "wells.pmtiles");
  const { stderr } = await run(program, ["export", files.wells, "--collection", "wells", "-o", file, "--max-zoom", "13"]);
  assert.match(stderr, /wells\.pmtiles: \d+ tiles, zoom 0 to 13, \d+ bytes/);
  const source = new OnDisk(file);
  const archive = new PMTiles(source);
  const header = await archive.getHeader();
  assert.deepEqual([header.specVersion, header.minZoom, header.maxZoom, header.tileType, header.clustered], [3, 0, 13, 1, true]);
  assert.ok(header.leafDirectoryLength && header.numTileEntries > 4096, "it has directories below its root");
  assert.ok(header.minLon >= -20 && header.maxLat <= 31.1 && header.minLon < header.maxLon);
  assert.equal(readFileSync(file).length, 16_384 + header.jsonMetadataLength + header.leafDirectoryLength + header.tileDataLength);
  const metadata = /** @type {any} */ (await archive.getMetadata());
  assert.equal(metadata.vector_layers[0].id, "wells");
  assert.deepEqual(metadata.vector_layers[0].fields, { id: "String", name: "String", deep: "Boolean", depth_m: "Number", kind: "String", none: "String", count: "Number" });
  let held = 0;
  for (const z of [0, 1, 2, 3])
    for (let y = 0; y < 2 ** z; y++)
      for (let x = 0; x < 2 ** z; x++) {
        const read = await archive.getZxy(z, x, y);
        held += read ? 1 : 0;
        assert.deepEqual(new Uint8Array(read?.data ?? new ArrayBuffer(0)), await tile("/collections/wells", z, x, y), `${z}/${x}/${y}`);
      }
  assert.ok(held > 4);
  for (const i of [0, 17, 5000, 11_999]) {
    const [lon, lat] = well(i).geometry.coordinates;
    const [x, y] = [((lon + 180) / 360) * 2 ** 13, ((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** 13].map(Math.floor);
    const read = await archive.getZxy(13, x, y);
    const found = features(new VectorTile(new PbfReader(new Uint8Array(/** @type {any} */ (read).data))).layers.wells);
    assert.ok(found.some(({ id }) => id === i + 1), String(i));
  }
});

test("an archive holds the features and the properties that were asked for", async () => {
  const file = join(folder, "some.pmtiles");
  const args = ["--collection", "wells", "--filter", "deep = TRUE", "--property", "depth_m", "--min-zoom", "2", "--max-zoom", "4", "-o", file];
  await run(program, ["export", files.wells, ...args]);
  const archive = new PMTiles(new OnDisk(file));
  const { minZoom, maxZoom } = await archive.getHeader();
  assert.deepEqual([minZoom, maxZoom], [2, 4]);
  assert.deepEqual(/** @type {any} */ (await archive.getMetadata()).vector_layers[0].fields, { id: "String", depth_m: "Number", count: "Number" });
  let count = 0;
  for (let y = 0; y < 16; y++)
    for (let x = 0; x < 16; x++) {
      const read = await archive.getZxy(4, x, y);
      if (!read) continue;
      const found = features(new VectorTile(new PbfReader(new Uint8Array(read.data))).layers.wells);
      for (const { properties } of found) {
        assert.ok(Object.keys(properties).every((name) => ["id", "depth_m", "count"].includes(name)), Object.keys(properties).join());
        count += Number(properties.count ?? 1);
      }
    }
  const asked = await (await fetch(`${server.base}/collections/wells/items?filter=deep%3DTRUE&limit=1`, { headers: { accept: "application/geo+json" } })).json();
  assert.equal(count, asked.numberMatched);
  // It says of itself where they are, not where the others would be.
  await run(program, ["export", files.wells, "--collection", "wells", "--filter", "depth_m < 0.5", "--max-zoom", "1", "-o", file]);
  const { minLon, minLat, maxLon, maxLat } = await new PMTiles(new OnDisk(file)).getHeader();
  const [lons, lats] = [0, 1].map((axis) => Array.from({ length: 5 }, (_, i) => well(i).geometry.coordinates[axis]));
  for (const [said, edge] of [[minLon, Math.min(...lons)], [minLat, Math.min(...lats)], [maxLon, Math.max(...lons)], [maxLat, Math.max(...lats)]]) assert.ok(Math.abs(said - edge) < 2e-7, `${said}, not ${edge}`);
  for (const [more, message] of /** @type {[string[], RegExp][]} */ ([
    [["--filter", "deep >"], /--filter: at character 6: expected/],
    [["--property", "colour"], /--property colour: there is no property of this name\n$/],
    [["--datetime", "yesterday"], /--datetime: /],
  ]))
    await assert.rejects(run(program, ["export", files.wells, "--collection", "wells", "-o", file, ...more]), message);
});

test("an archive of several collections stops where every feature is drawn by itself, and is whole or not there", async () => {
  const file = join(folder, "all.pmtiles");
  await run(program, ["export", ...Object.values(files), "-o", file]);
  const archive = new PMTiles(new OnDisk(file));
  const [header, metadata] = [await archive.getHeader(), /** @type {any} */ (await archive.getMetadata())];
  assert.equal(header.maxZoom, 11);
  assert.deepEqual(metadata.vector_layers.map((/** @type {any} */ { id }) => id), ["wells", "plots"]);
  const { layers } = new VectorTile(new PbfReader(new Uint8Array(/** @type {any} */ (await archive.getZxy(0, 0, 0)).data)));
  assert.deepEqual(Object.keys(layers), ["wells", "plots"]);
  const before = readFileSync(file);
  for (const [args, message] of /** @type {[string[], RegExp][]} */ ([
    [["--collection", "none", "-o", file], /--collection none: there is no collection of this name with geometries; there are .*wells, plots/],
    [["-o", join(folder, "all.mbtiles")], /must end in \.pmtiles/],
    [["-o", file, "--min-zoom", "5", "--max-zoom", "4"], /--max-zoom 4 lies before --min-zoom 5/],
    [["-o", join(folder, "nowhere", "x.pmtiles")], /cannot be written/],
  ]))
    await assert.rejects(run(program, ["export", ...Object.values(files), ...args]), message);
  assert.deepEqual(readFileSync(file), before);
});
