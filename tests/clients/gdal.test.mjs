// What GDAL's users get: the OGC API – Features driver on the server's address, and the GeoJSON driver on a collection's.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startServer, target } from "../web/server.mjs";

/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
before(async () => (server = await startServer()));
after(() => server.stop());

/** All features of a collection, page after page. @param {string} base @param {string} id */
async function everything(base, id) {
  const features = [];
  for (let next = `${base}/collections/${encodeURIComponent(id)}/items?limit=10000`; next; ) {
    const page = await (await fetch(next)).json();
    features.push(...page.features);
    next = page.links.find((/** @type {any} */ { rel }) => rel === "next")?.href;
  }
  return features;
}

/** Standard output of a GDAL program, which must say nothing on standard error but that it takes the largest whole numbers for larger ones. @param {string} program @param {string[]} args */
async function gdal(program, ...args) {
  const { stdout, stderr } = await promisify(execFile)(program, args, { maxBuffer: 64 << 20, timeout: 120_000 });
  assert.equal(stderr.replace(/^Warning 1: Integer values probably ranging out of 64bit integer range.*\n/gm, ""), "", `${program} ${args.join(" ")}`);
  return stdout;
}

/** Fields by name from ogrinfo's summary. @param {string} summary */
const fields = (summary) => Object.fromEntries([...summary.matchAll(/^(\w+): (\w+(?:\(\w+\))?) \(/gm)].map(([, name, type]) => [name, type]));

/** What the drivers must make of the properties; a column of days is one of dates, although `closed` (EDTF) is text. */
const TYPES = { name: "String", closed: "String", closed_earliest: "Date", closed_latest: "Date", order: "Integer", match_score: "Real", documented: "Integer(Boolean)", contingents: "StringList", accuracy_m: "Integer" };

for (const [driver, source] of /** @type {const} */ ([["OAPIF", () => `OAPIF:${server.base}`], ["GeoJSON", () => `${server.base}/collections/bases/items?f=json`]]))
  test(`${driver}: thirteen bases with typed fields, longitude first`, async () => {
    const layer = driver === "OAPIF" ? ["bases"] : ["-al"];
    const summary = await gdal("ogrinfo", "-ro", "-so", source(), ...layer);
    assert.match(summary, /^Feature Count: 13$/m);
    assert.match(summary, /^Geometry: (3D )?Point$/m);
    // West, south, east, north of Mali's bases: no axis is swapped.
    const extent = /^Extent: \(([-\d.]+), ([-\d.]+)\) - \(([-\d.]+), ([-\d.]+)\)$/m.exec(summary)?.slice(1).map(Number);
    assert.ok(extent && extent[0] > -9 && extent[0] < -7 && extent[1] > 12 && extent[1] < 13 && extent[2] > 0 && extent[2] < 3 && extent[3] > 19 && extent[3] < 21, String(extent));
    const found = fields(summary);
    for (const [name, type] of Object.entries(TYPES)) assert.equal(found[name], type, `${name} in ${JSON.stringify(found)}`);
  });

test("OAPIF: every collection is a layer, and pages are followed to the end", async () => {
  const list = await gdal("ogrinfo", "-ro", `OAPIF:${server.base}`);
  for (const layer of ["bases", "closures", "events", "places", "claims", "sources"]) assert.match(list, new RegExp(`^\\d+: ${layer}\\b`, "m"));
  const { numberMatched } = await (await fetch(`${server.base}/collections/places/items?limit=1&bbox=-9,9,5,26`)).json();
  assert.ok(numberMatched > 1000, "more than one page of the default size");
  const places = JSON.parse(await gdal("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", `OAPIF:${server.base}`, "places", "-spat", "-9", "9", "5", "26"));
  assert.equal(places.features.length, numberMatched);
  assert.equal(new Set(places.features.map(({ id, properties }) => id ?? properties.id)).size, numberMatched, "no row twice");
});

test("OAPIF: every collection has the features and geometries that the server has", async () => {
  for (const id of ["bases", "closures", "events", "claims", "sources"]) {
    const theirs = JSON.parse(await gdal("ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9", "/vsistdout/", `OAPIF:${server.base}`, id)).features;
    const ours = await everything(server.base, id);
    const text = (/** @type {any[]} */ features) => features.map(({ geometry }) => JSON.stringify(geometry)).sort();
    assert.deepEqual(text(theirs), text(ours), id);
  }
});

test("OAPIF: awkward data are read whole: every type of geometry, none, an empty collection, more than a page", async () => {
  const awkward = await startServer({ args: [resolve(target, "tmp", "awkward.harmattan")] });
  try {
    for (const [id, count] of /** @type {const} */ ([["shapes", 27], ["many", 10001], ["nowhere", 3], ["empty", 0]])) {
      const ours = await everything(awkward.base, id);
      assert.equal(ours.length, count);
      const theirs = JSON.parse(await gdal("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", `OAPIF:${awkward.base}`, id)).features;
      const types = (/** @type {any[]} */ features) => features.map(({ geometry }) => geometry?.type ?? null).sort();
      assert.deepEqual(types(theirs), types(ours), id);
    }
  } finally {
    await awkward.stop();
  }
});

test("OAPIF: a spatial filter becomes the server's bbox", async () => {
  const inside = JSON.parse(await gdal("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", "-spat", "-5", "15", "1", "18", `OAPIF:${server.base}`, "bases"));
  const asked = await (await fetch(`${server.base}/collections/bases/items?bbox=-5,15,1,18`)).json();
  assert.deepEqual(inside.features.map(({ properties }) => properties.name).sort(), asked.features.map(({ properties }) => properties.name).sort());
  assert.ok(asked.features.length > 0 && asked.features.length < 13);
  assert.ok(server.log.some((line) => /bbox=-5/.test(line)), "the server was asked for the box");
});

/** Squares of every size with a hole each, and lines. */
const PLOTS = Array.from({ length: 60 }, (_, i) => {
  const [x, y, s] = [(i % 10) * 12 - 60, Math.floor(i / 10) * 10 - 30, 10 ** ((i % 7) - 5)];
  const ring = (/** @type {number} */ a, /** @type {number} */ b) => [[x + a, y + a], [x + b, y + a], [x + b, y + b], [x + a, y + b], [x + a, y + a]];
  const geometry = i % 4 ? { type: "Polygon", coordinates: [ring(0, s), ring(s / 4, s / 2)] } : { type: "LineString", coordinates: [[x, y], [x + s, y + s]] };
  return JSON.stringify({ type: "Feature", id: `p${i}`, geometry, properties: { size: s } });
}).join("\n");

test("MVT: tiles are read, longitude first, with the properties of the features", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tiles-"));
  try {
    // Zoom 5, row 14: the bases of the centre and the north.
    const response = await fetch(`${server.base}/collections/bases/tiles/WebMercatorQuad/5/14/15`);
    assert.equal(response.headers.get("content-type"), "application/vnd.mapbox-vector-tile");
    const file = join(folder, "14.mvt");
    await writeFile(file, new Uint8Array(await response.arrayBuffer()));
    const read = JSON.parse(await gdal("ogr2ogr", "-f", "GeoJSON", "-t_srs", "EPSG:4326", "/vsistdout/", file, "-oo", "X=15", "-oo", "Y=14", "-oo", "Z=5", "bases"));
    const whole = await (await fetch(`${server.base}/collections/bases/items`)).json();
    const [west, north, east, south] = [-11.25, 21.943045533438177, 0, 11.178401873711785];
    const within = whole.features.filter(({ geometry: { coordinates: [lon, lat] } }) => lon >= west && lon < east && lat > south && lat <= north);
    assert.ok(within.length > 5 && within.length < 13);
    assert.deepEqual(read.features.map(({ properties }) => properties.id).sort(), within.map(({ id }) => id).sort());
    for (const { properties: p, geometry } of read.features) {
      const item = within.find(({ id }) => id === p.id);
      // A unit of this tile is 300 m.
      for (const axis of [0, 1]) assert.ok(Math.abs(geometry.coordinates[axis] - item.geometry.coordinates[axis]) < 0.004, p.id);
      for (const name of ["name", "closed", "accuracy_m", "documented"]) assert.equal(p[name] ?? null, item.properties[name], `${p.id} ${name}`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("MVT: a directory of tiles is one layer in which nothing is lost", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tiles-"));
  const plots = await startServer({ args: [join(folder, "plots.geojsonl")].map((file) => (writeFileSync(file, PLOTS), file)) });
  try {
    for (const [base, collection, zoom, expected] of /** @type {const} */ ([[server.base, "bases", 6, 13], [plots.base, "plots", 3, 60], [plots.base, "plots", 0, 60]])) {
      const set = await (await fetch(`${base}/collections/${collection}/tiles/WebMercatorQuad`)).json();
      const { minTileRow, maxTileRow, minTileCol, maxTileCol } = set.tileMatrixSetLimits[zoom];
      const root = join(folder, `${collection}-${zoom}`);
      for (let x = minTileCol; x <= maxTileCol; x++)
        for (let y = minTileRow; y <= maxTileRow; y++) {
          const response = await fetch(`${base}/collections/${collection}/tiles/WebMercatorQuad/${zoom}/${y}/${x}`);
          if (response.status === 204) continue;
          assert.equal(response.status, 200);
          mkdirSync(join(root, `${zoom}`, `${x}`), { recursive: true });
          writeFileSync(join(root, `${zoom}`, `${x}`, `${y}.mvt`), new Uint8Array(await response.arrayBuffer()));
        }
      const tileJson = await (await fetch(`${base}/collections/${collection}/tiles/WebMercatorQuad?f=tilejson`)).json();
      writeFileSync(join(root, "metadata.json"), JSON.stringify({ json: JSON.stringify(tileJson) }));
      const info = await gdal("ogrinfo", "-ro", "-so", `MVT:${root}/${zoom}`, collection);
      assert.match(info, /Layer name: (bases|plots)/);
      const read = JSON.parse(await gdal("ogr2ogr", "-f", "GeoJSON", "-t_srs", "EPSG:4326", "/vsistdout/", `MVT:${root}/${zoom}`, collection));
      assert.equal(new Set(read.features.map((/** @type {any} */ { properties }) => properties.id ?? properties.mvt_id)).size, expected, `${collection} at zoom ${zoom}`);
      for (const { geometry } of read.features) assert.match(geometry.type, collection === "bases" ? /^Point$/ : /^(Multi)?(Polygon|LineString|Point)$/);
    }
  } finally {
    await plots.stop();
    await rm(folder, { recursive: true });
  }
});

test("CSV: GDAL places the rows by their columns", async () => {
  const csv = `/vsicurl_streaming/${server.base}/collections/bases/items?f=csv`;
  const read = JSON.parse(await gdal("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", "-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude", `CSV:${csv}`));
  assert.equal(read.features.length, 13);
  assert.ok(read.features.every(({ geometry }) => geometry?.type === "Point"));
});

test("OAPIF: an attribute filter becomes the server's, and counting reads no feature", async () => {
  const start = server.log.length;
  const asked = (/** @type {RegExp} */ part) => server.log.slice(start).filter((line) => /\/items\?/.test(line) && part.test(line));
  const found = JSON.parse(await gdal("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", "-where", "name = 'Gao'", `OAPIF:${server.base}`, "bases"));
  assert.deepEqual(found.features.map(({ properties }) => properties.name), ["Gao"]);
  assert.ok(asked(/[?&]filter=name/).length > 0, "the server was asked for the name");
  const one = JSON.parse(await gdal("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", "-where", "id = 'gao'", `OAPIF:${server.base}`, "bases"));
  assert.deepEqual(one.features.map(({ properties }) => properties.name), ["Gao"], "a feature by its id");
  assert.deepEqual(asked(/f=jsonfg/), [], "it reads GeoJSON, not what is made of it");
  const early = JSON.parse(await gdal("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", "-where", "closed_latest < '2023/09/01'", `OAPIF:${server.base}`, "bases"));
  const expected = await (await fetch(`${server.base}/collections/bases/items?filter=closed_latest%3CDATE('2023-09-01')`)).json();
  assert.equal(early.features.length, expected.numberMatched);
  assert.ok(expected.numberMatched > 0 && asked(/filter=closed_latest/).length > 0, "the server was asked for the day");
  const summary = await gdal("ogrinfo", "-ro", "-so", "-where", "accuracy_m > 0", `OAPIF:${server.base}`, "bases");
  const { numberMatched } = await (await fetch(`${server.base}/collections/bases/items?filter=accuracy_m%3E0&limit=1`)).json();
  assert.match(summary, new RegExp(`^Feature Count: ${numberMatched}$`, "m"));
  assert.ok(asked(/resultType=hits/).length > 0, "it was asked for the number alone");
});

test("crs: coordinates are those that PROJ gives, to a millimetre", async () => {
  for (const [code, least] of /** @type {const} */ ([[3857, 0.001], [32628, 0.001], [32630, 0.001], [32631, 0.001]])) {
    const page = await fetch(`${server.base}/collections/bases/items?crs=http://www.opengis.net/def/crs/EPSG/0/${code}`);
    assert.equal(page.headers.get("content-crs"), `<http://www.opengis.net/def/crs/EPSG/0/${code}>`);
    const ours = new Map((await page.json()).features.map((/** @type {any} */ { id, geometry }) => [id, geometry.coordinates]));
    const theirs = JSON.parse(await gdal("ogr2ogr", "-f", "GeoJSON", "/vsistdout/", "-s_srs", "OGC:CRS84", "-t_srs", `EPSG:${code}`, "-lco", "COORDINATE_PRECISION=6", `${server.base}/collections/bases/items?f=json`));
    assert.equal(theirs.features.length, ours.size);
    for (const { id, geometry } of theirs.features) {
      const [x, y] = ours.get(id) ?? [];
      assert.ok(Math.hypot(x - geometry.coordinates[0], y - geometry.coordinates[1]) < least, `EPSG:${code}: ${id} at ${x}, ${y}, by PROJ at ${geometry.coordinates}`);
    }
  }
});
