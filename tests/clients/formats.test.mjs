// Every form in which features leave, read back by GDAL and compared with the GeoJSON: how many, where, and each value.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startServer } from "../web/server.mjs";

/** @type {Awaited<ReturnType<typeof startServer>>} */
let embedded;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let mixed;
let folder = "";

/** Shapes of every kind, nulls, dates, names and texts that need care. */
const MIXED = {
  type: "FeatureCollection",
  features: [
    { id: "a/b", geometry: { type: "Point", coordinates: [2.4, 15.9] }, properties: { "name": "Ménaka & <Gao>", n: 1, x: 0.1, day: "2023-08-25", "clé, été": "oui \"non\"" } },
    { id: "ü", geometry: { type: "LineString", coordinates: [[0, 0], [1.5, 1.25]] }, properties: { "name": "東京 ✓", n: -2147483648, x: null, day: null, "clé, été": "two\nlines" } },
    { id: "c", geometry: { type: "Polygon", coordinates: [[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]], [[3, 3], [3, 6], [6, 6], [6, 3], [3, 3]]] }, properties: { "name": "hole", n: 7, x: -1e-7, day: "1752-01-01", "clé, été": "" } },
    { id: "d", geometry: { type: "MultiPolygon", coordinates: [[[[20, 0], [21, 0], [21, 1], [20, 0]]], [[[30, 0], [31, 0], [31, 1], [30, 0]]]] }, properties: { "name": "two", n: 4, x: 12345.678, day: "2024-02-29", "clé, été": null } },
    { id: "e", geometry: null, properties: { "name": "nowhere", n: null, x: 3, day: "2023-12-31", "clé, été": "x" } },
  ].map((feature) => ({ type: "Feature", ...feature })),
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "formats-"));
  await writeFile(join(folder, "mixed.geojson"), JSON.stringify(MIXED));
  embedded = await startServer();
  mixed = await startServer({ args: [join(folder, "mixed.geojson")] });
});
after(async () => {
  await embedded?.stop();
  await mixed?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Standard output of a GDAL program. @param {string} program @param {string[]} args */
const gdal = async (program, ...args) => (await promisify(execFile)(program, args, { maxBuffer: 64 << 20, timeout: 120_000 })).stdout;

/** A download as GDAL reads it. @param {string} base @param {string} id @param {string} query @param {string} name @param {string[]} options */
async function read(base, id, query, name, ...options) {
  const response = await fetch(`${base}/collections/${id}/download?${query}`);
  assert.equal(response.status, 200, query);
  const file = join(folder, name);
  await writeFile(file, new Uint8Array(await response.arrayBuffer()));
  return JSON.parse(await gdal("ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=15", "/vsistdout/", ...options, file)).features;
}

/** Whether two coordinate trees are the same to a part of a thousand millionth. @param {unknown} a @param {unknown} b */
function near(a, b) {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((part, index) => near(part, b[index]));
  return typeof a === "number" && typeof b === "number" ? Math.abs(a - b) < 1e-9 : a === b;
}

/** A value as a table without types has it. @param {unknown} value */
const asText = (value) => (value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));

const COLLECTIONS = /** @type {const} */ ([["embedded", "bases"], ["embedded", "closures"], ["embedded", "events"], ["embedded", "sources"], ["mixed", "mixed"]]);

/** @param {(server: {base: string}, id: string, source: any[]) => Promise<void>} compare */
const each = async (compare) => {
  for (const [server, id] of COLLECTIONS) {
    const { base } = server === "embedded" ? embedded : mixed;
    const { features } = await (await fetch(`${base}/collections/${id}/items?limit=1000`)).json();
    assert.ok(features.length > 0);
    await compare({ base }, id, features);
  }
};

for (const [form, ending] of [["json", "geojson"], ["ndjson", "geojsonl"], ["geojsonseq", "geojsons"], ["jsonfg", "json"]])
  test(`${form}: GDAL reads the features of the GeoJSON`, () =>
    each(async ({ base }, id, source) => {
      const found = await read(base, id, `f=${form}`, `${id}.${ending}`);
      assert.equal(found.length, source.length);
      const plain = await read(base, id, "f=json", `${id}-plain.geojson`);
      found.forEach((feature, index) => {
        assert.ok(near(feature.geometry?.coordinates ?? null, source[index].geometry?.coordinates ?? null), `${id} ${index}`);
        assert.equal(String(feature.id ?? feature.properties.id), source[index].id);
        // What GDAL makes of the same values in GeoJSON it makes of them here.
        for (const [name, value] of Object.entries(plain[index].properties)) assert.deepEqual(feature.properties[name] ?? null, value ?? null, `${id} ${index} ${name}`);
      });
    }));

test("csv: GDAL reads positions and values from either kind of table", () =>
  each(async ({ base }, id, source) => {
    for (const geometry of ["wkt", "lonlat"]) {
      const options = geometry === "wkt" ? ["-oo", "GEOM_POSSIBLE_NAMES=geometry"] : ["-oo", "X_POSSIBLE_NAMES=longitude", "-oo", "Y_POSSIBLE_NAMES=latitude"];
      const found = await read(base, id, `f=csv&csv-geometry=${geometry}`, `${id}-${geometry}.csv`, ...options, "-oo", "EMPTY_STRING_AS_NULL=NO");
      assert.equal(found.length, source.length);
      found.forEach((feature, index) => {
        const { geometry: there, properties, id: key } = source[index];
        assert.equal(feature.properties.id, key);
        if (geometry === "wkt" || there?.type === "Point") assert.ok(near(feature.geometry?.coordinates ?? null, there?.coordinates ?? null), `${id} ${key}`);
        for (const [name, value] of Object.entries(properties)) {
          const text = asText(feature.properties[name]);
          assert.ok(text === asText(value) || Number(text) === value, `${id} ${key} ${name}: ${text} and ${asText(value)}`);
        }
      });
    }
  }));

test("kml: GDAL reads places, names, times and typed values", () =>
  each(async ({ base }, id, source) => {
    const found = await read(base, id, "f=kml", `${id}.kml`);
    assert.equal(found.length, source.length);
    found.forEach((feature, index) => {
      const { geometry, properties, id: key } = source[index];
      assert.ok(near(feature.geometry?.coordinates ?? null, geometry?.coordinates ?? null), `${id} ${key} ${JSON.stringify(feature.geometry)}`);
      assert.equal(feature.properties.id, key, JSON.stringify(feature.properties));
      for (const [name, value] of Object.entries(properties)) {
        // GDAL's driver keeps these names for elements of KML itself.
        if (["name", "description", "timestamp", "begin", "end"].includes(name.toLowerCase())) continue;
        const text = asText(feature.properties[name]);
        const same = text === asText(value) || Number(text) === value || (typeof value === "boolean" && Number(text) === Number(value));
        assert.ok(same, `${id} ${key} ${name}: ${text} and ${asText(value)}`);
      }
    });
  }));
