// Whole collections as FlatGeobuf, GeoPackage and GeoParquet, read by GDAL and by Apache Arrow: the features of the GeoJSON.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startServer, target } from "../web/server.mjs";

const COLLECTIONS = ["bases", "closures", "events", "places", "claims", "sources"];

/** The question that leaves a few thousand of the world's places, and of any other collection everything. @param {string} collection */
const part = (collection) => (collection === "places" ? "&bbox=-13,10,5,25" : "");

/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
/** @type {string} */
let folder;
before(async () => ([server, folder] = [await startServer(), await mkdtemp(join(tmpdir(), "columnar-"))]));
after(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

/** Standard output of a program, which must say nothing on standard error. @param {string} program @param {string[]} args */
async function run(program, ...args) {
  const { stdout, stderr } = await promisify(execFile)(program, args, { maxBuffer: 256 << 20, timeout: 120_000 });
  assert.equal(stderr, "", `${program} ${args.join(" ")}`);
  return stdout;
}

/** A collection, or a part of it, downloaded into a file. @param {string} collection @param {string} name value of `f`, and ending of the file */
async function download(collection, name, query = part(collection)) {
  const response = await fetch(`${server.base}/collections/${collection}/download?f=${name}${query}`);
  assert.equal(response.status, 200, await (response.ok ? "" : response.text()));
  const file = join(folder, `${collection}.${name}`);
  await writeFile(file, new Uint8Array(await response.arrayBuffer()));
  return file;
}

/** The features of a collection by id. @param {string} collection */
async function features(collection, query = part(collection)) {
  const response = await fetch(`${server.base}/collections/${collection}/download?f=json${query}`);
  return new Map((await response.json()).features.map((/** @type {any} */ feature) => [feature.id, feature]));
}

/** What a file says a value is, as GeoJSON has it: dates without a time, structures as such. @param {unknown} read @param {unknown} wanted */
function same(read, wanted) {
  if (wanted === null || wanted === undefined) return read === null || read === undefined;
  if (typeof wanted === "object") return JSON.stringify(typeof read === "string" ? JSON.parse(read) : read) === JSON.stringify(wanted);
  if (typeof wanted === "string" && /^\d{4}-\d\d-\d\d$/.test(wanted) && typeof read === "string") return read.replace(/T00:00:00(Z|\+00:00)?$/, "") === wanted;
  if (typeof wanted === "boolean") return Boolean(read) === wanted;
  return read === wanted;
}

for (const name of ["fgb", "gpkg"])
  for (const collection of COLLECTIONS)
    test(`GDAL reads ${collection} as ${name}`, async () => {
      const wanted = await features(collection);
      const file = await download(collection, name);
      const read = JSON.parse(await run("ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=15", "/vsistdout/", file)).features;
      assert.equal(read.length, wanted.size);
      for (const { geometry, properties } of read) {
        const expected = wanted.get(properties.id);
        assert.deepEqual(geometry?.coordinates, expected.geometry?.coordinates, properties.id);
        for (const [key, value] of Object.entries(expected.properties)) assert.ok(same(properties[key], value), `${properties.id} ${key}: ${JSON.stringify(properties[key])} is not ${JSON.stringify(value)}`);
      }
    });

test("GDAL finds by the index of each what the server finds in the box", async () => {
  const box = [-5, 15, 1, 18];
  const located = [...(await features("places", `&bbox=${box}`)).values()].filter(({ geometry }) => geometry).map(({ id }) => id);
  assert.ok(located.length > 10, String(located.length));
  for (const name of ["fgb", "gpkg"]) {
    const file = await download("places", name);
    const read = JSON.parse(await run("ogr2ogr", "-f", "GeoJSON", "-spat", ...box.map(String), "/vsistdout/", file)).features;
    assert.deepEqual(read.map(({ properties }) => properties.id).sort(), located.sort(), name);
  }
});

test("GDAL knows the types, the title and the system of each", async () => {
  for (const [name, day] of [["fgb", "DateTime"], ["gpkg", "Date"]]) {
    const file = await download("bases", name, "&crs=http://www.opengis.net/def/crs/EPSG/0/32630");
    const summary = await run("ogrinfo", "-ro", "-so", "-al", file);
    for (const line of ["Layer name: bases", "Geometry: Point", "Feature Count: 13", `closed_earliest: ${day} (0.0)`, "accuracy_m: Integer64 (0.0)", "documented: Integer(Boolean) (0.0)"])
      assert.ok(summary.includes(line), `${name}: ${line} is not in ${summary}`);
    assert.match(summary, /^ {4}ID\["EPSG",32630\]\]$/m);
    // Easting first: Mali's bases lie in the zone's west and east, all of them far north of the equator.
    const extent = /^Extent: \(([-\d.]+), ([-\d.]+)\) - \(([-\d.]+), ([-\d.]+)\)$/m.exec(summary)?.slice(1).map(Number);
    assert.ok(extent && extent[1] > 1_300_000 && extent[3] < 2_300_000 && extent[2] < 1_200_000, String(extent));
  }
});

test("a page of items can be any of them, and says where the next one is", async () => {
  for (const [name, media] of [["fgb", "application/flatgeobuf"], ["parquet", "application/vnd.apache.parquet"], ["gpkg", "application/geopackage+sqlite3"]]) {
    const response = await fetch(`${server.base}/collections/places/items?limit=100`, { headers: { accept: media } });
    assert.equal(response.headers.get("content-type"), media);
    assert.match(response.headers.get("link") ?? "", new RegExp(`<[^>]*cursor=[^>]*>; rel="?next`));
    const file = join(folder, `page.${name}`);
    await writeFile(file, new Uint8Array(await response.arrayBuffer()));
    if (name !== "parquet") assert.match(await run("ogrinfo", "-ro", "-so", "-al", file), /^Feature Count: 100$/m);
  }
});

/** A GeoParquet file as Arrow reads it. @param {string[]} args */
async function arrow(...args) {
  const python = join(target, "python", "bin", "python3");
  assert.ok(existsSync(python), `${python} is not there: tests/run installs it`);
  return JSON.parse(await run(python, new URL("parquet.py", import.meta.url).pathname, ...args));
}

for (const collection of COLLECTIONS)
  test(`Arrow reads ${collection} as GeoParquet`, async () => {
    const wanted = await features(collection);
    const { geo, types, rows } = await arrow(await download(collection, "parquet"));
    assert.equal(rows.length, wanted.size);
    assert.equal(types.id, "string");
    assert.equal(geo?.version, collection === "sources" ? undefined : "1.1.0");
    for (const { id, bbox, ...values } of rows) {
      const expected = wanted.get(id);
      if (geo) {
        assert.deepEqual(values.geometry, expected.geometry?.coordinates.slice(0, 2) ?? null, id);
        assert.equal(bbox?.xmin, values.geometry?.[0], id);
      }
      for (const [key, value] of Object.entries(expected.properties)) assert.ok(same(values[key], value), `${id} ${key}: ${JSON.stringify(values[key])} is not ${JSON.stringify(value)}`);
    }
  });

test("Arrow finds by the boxes of a GeoParquet what the server finds", async () => {
  const box = [-5, 15, 1, 18];
  const located = [...(await features("places", `&bbox=${box}`)).values()].filter(({ geometry }) => geometry).map(({ id }) => id);
  const { rows } = await arrow(await download("places", "parquet"), ...box.map(String));
  assert.deepEqual(rows.map((/** @type {any} */ { id }) => id).sort(), located.sort());
});

test("a GeoParquet has dates as dates, lists as lists, and its system as PROJJSON", async () => {
  const { geo, types, text } = await arrow(await download("bases", "parquet", "&crs=http://www.opengis.net/def/crs/EPSG/0/32630"));
  for (const [name, type] of Object.entries({ closed_earliest: "date32[day]", accuracy_m: "int64", documented: "bool", match_score: "double", contingents: "list<element: string not null>" }))
    assert.equal(types[name], type, name);
  assert.deepEqual(geo.columns.geometry.crs.id, { authority: "EPSG", code: 32630 });
  assert.equal(geo.columns.geometry.crs.type, "ProjectedCRS");
  assert.ok(text.title && text.licence, JSON.stringify(Object.keys(text)));
});
