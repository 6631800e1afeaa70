// One data set in memory and in PostGIS, and the same questions to both: equal answers. What only a database does comes after that.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startServer } from "../web/server.mjs";
import { startPostgres } from "./postgres.mjs";

/** @type {Awaited<ReturnType<typeof startServer>>} */
let memory;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let served;
/** @type {Awaited<ReturnType<typeof startPostgres>>} */
let database;
let folder = "";

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function random(/** @type {number} */ seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const chance = random(20231211);
const whole = (/** @type {number} */ low, /** @type {number} */ high) => low + Math.floor(chance() * (high - low + 1));
const between = (/** @type {number} */ low, /** @type {number} */ high, digits = 5) => Number((low + chance() * (high - low)).toFixed(digits));
/** @template T @param {readonly T[]} list @returns {T} */
const one = (list) => list[whole(0, list.length - 1)];
/** @template T @param {T} value @param {number} share */
const maybe = (value, share = 0.85) => (chance() < share ? value : null);
const day = (/** @type {number} */ number) => new Date(Date.UTC(2019, 0, 1) + number * 86_400_000).toISOString().slice(0, 10);

const NAMES = ["Ménaka", "Gao", "gao", "Kidal", "Tombouctou", "Ansongo", "Ber", "Zürich", "東京", "a_b", "50%", "O'Hara", "back\\slash", "ß", "Éloi", "eloi", "\u{10FFFF}x", "\uFFFDx"];

/** Points of every kind of value, and some without a place. */
const sites = Array.from({ length: 1200 }, (_, index) => ({
  type: "Feature",
  id: `${one(["s", "S", "é"])}${index}`,
  geometry: maybe({ type: "Point", coordinates: chance() < 0.05 ? [one([180, -180]), between(-60, 60)] : [between(-180, 180), between(-80, 80)] }, 0.95),
  properties: {
    name: maybe(`${one(NAMES)} ${whole(1, 40)}`),
    kind: maybe(one(["camp", "town", "well", "Camp"])),
    n: maybe(whole(-20, 20)),
    large: maybe(whole(-9_000_000_000_000, 9_000_000_000_000)),
    score: maybe(between(-100, 100, 3)),
    open: maybe(chance() < 0.5),
    since: maybe(day(whole(0, 2500))),
    seen: maybe(new Date(Date.UTC(2021, 0, 1) + whole(0, 90_000_000) * 1000 + whole(0, 999)).toISOString()),
    tags: maybe([one(["a", "b", "c"]), one(["d", "e"])], 0.5),
  },
}));

/** Shapes with an interval of time, open at either end. */
const zones = Array.from({ length: 300 }, (_, index) => {
  const [x, y, w, h] = [between(-20, 20), between(0, 30), between(0.01, 3), between(0.01, 3)];
  const ring = [[x, y], [x + w, y], [x + w, y + h], [x + w / 3, y + h * 1.2], [x, y]];
  const start = whole(0, 2000);
  return {
    type: "Feature",
    id: index + 1,
    geometry: maybe(one([
      { type: "Polygon", coordinates: [ring] },
      { type: "MultiPolygon", coordinates: [[ring]] },
      { type: "LineString", coordinates: ring.slice(0, 3) },
      { type: "Point", coordinates: ring[0] },
      { type: "MultiPoint", coordinates: ring.slice(0, 2) },
    ]), 0.95),
    properties: { title: maybe(`${one(NAMES)} zone`), level: whole(1, 4), start: maybe(day(start)), end: maybe(day(start + whole(-5, 400))) },
  };
});

/** Uncertain times, which are texts to a database. */
const events = Array.from({ length: 200 }, (_, index) => ({
  type: "Feature",
  id: `e${index}`,
  geometry: maybe({ type: "Point", coordinates: [between(-20, 20), between(0, 30)] }),
  properties: {
    what: one(NAMES),
    happened: maybe(one([day(whole(0, 2000)), "2021-07", "2021-07-XX", "2020", `${day(whole(0, 900))}/${day(whole(900, 2000))}`, `[${day(whole(0, 900))}..]`, `[..${day(whole(900, 2000))}]`, "2022-21", "2023?"])),
  },
}));

const SQL = (/** @type {unknown} */ data) => `$json$${JSON.stringify(data)}$json$`;
const rows = (/** @type {{ id: string | number, geometry: unknown, properties: object }[]} */ features) =>
  SQL(features.map(({ id, geometry, properties }) => ({ key: id, geometry, ...properties })));

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "postgis-"));
  const collection = (/** @type {unknown[]} */ features) => JSON.stringify({ type: "FeatureCollection", features });
  await writeFile(join(folder, "sites.geojson"), collection(sites));
  await writeFile(join(folder, "zones.geojson"), collection(zones));
  database = await startPostgres();
  await database.psql(`
    CREATE TABLE sites (key text PRIMARY KEY, name text, kind varchar(20), n int, large int8, score float8, open boolean, since date, seen timestamptz, tags text[],
      geom geometry(Point, 4326));
    INSERT INTO sites SELECT key, name, kind, n, large, score, open, since, seen, tags, ST_GeomFromGeoJSON(geometry::text)
      FROM json_to_recordset(${rows(sites)}) AS x(key text, name text, kind text, n int, large int8, score float8, open boolean, since date, seen timestamptz, tags text[], geometry json);
    CREATE INDEX ON sites USING gist (geom);
    CREATE TABLE zones (key int PRIMARY KEY, title text, level int2, start date, "end" date, shape geometry(Geometry, 4326));
    INSERT INTO zones SELECT key, title, level, start, "end", ST_GeomFromGeoJSON(geometry::text)
      FROM json_to_recordset(${rows(zones)}) AS x(key int, title text, level int2, start date, "end" date, geometry json);
    CREATE INDEX ON zones USING gist (shape);
    CREATE TABLE projected AS SELECT key, title, level, start, "end", ST_Transform(shape, 3857)::geometry(Geometry, 3857) AS shape FROM zones;
    ALTER TABLE projected ADD PRIMARY KEY (key);
    CREATE INDEX ON projected USING gist (shape);
    COMMENT ON TABLE projected IS 'What was seen where.';
    COMMENT ON COLUMN projected.level IS 'How it was rated [%]';
    CREATE TABLE happenings (number serial PRIMARY KEY, code text NOT NULL, what text, happened text, place geometry(Point, 4326));
    INSERT INTO happenings (code, what, happened, place) SELECT key, what, happened, ST_GeomFromGeoJSON(geometry::text)
      FROM json_to_recordset(${rows(events)}) AS x(key text, what text, happened text, geometry json);
    ALTER TABLE happenings DROP COLUMN number;
    ANALYZE;`);
  // The one by the command line, the other by a configuration: the tables of the second are what it says.
  await writeFile(join(folder, "harmattan.toml"), `database = "${database.address}"
[map]
title = "Both"
[[collection]]
id = "sites"
table = "sites"
[[collection]]
id = "zones"
table = "public.zones"
[[collection]]
id = "projected"
table = "projected"
[[collection]]
id = "events"
table = "happenings"
id_column = "code"
time = "happened"
description = "What happened."
[[collection.property]]
name = "what"
title = "What"
`);
  await writeFile(join(folder, "events.geojson"), collection(events));
  [memory, served] = await Promise.all([
    startServer({ args: ["sites", "zones", "events"].map((name) => join(folder, `${name}.geojson`)) }),
    startServer({ args: [join(folder, "harmattan.toml")] }),
  ]);
});
after(async () => {
  await memory?.stop();
  await served?.stop();
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
});

const query = (/** @type {Record<string, string | number>} */ params) =>
  Object.entries(params).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");

/** An answer in JSON, which there must be. @param {string} url */
async function json(url) {
  const response = await fetch(url);
  const text = await response.text();
  assert.equal(response.status, 200, `${decodeURIComponent(url)}: ${text.slice(0, 500)}`);
  return JSON.parse(text);
}

const byId = (/** @type {{ id: string }[]} */ features) => [...features].sort((a, b) => (a.id < b.id ? -1 : 1));

/** Asks both, and compares the features and their number. @param {string} id @param {Record<string, string | number>} params */
async function same(id, params, of = id) {
  const ask = (/** @type {string} */ base, /** @type {string} */ id) => json(`${base}/collections/${id}/items?${query({ limit: 10000, ...params })}`);
  const [expected, found] = await Promise.all([ask(memory.base, of), ask(served.base, id)]);
  const said = `${id} ${JSON.stringify(params)}`;
  assert.equal(found.numberMatched, expected.numberMatched, said);
  assert.equal(found.numberReturned, expected.numberReturned, said);
  if ("sortby" in params) assert.deepEqual(found.features, expected.features, said);
  else assert.deepEqual(byId(found.features), byId(expected.features), said);
  return found.numberMatched;
}

const box = () => {
  const [w, s] = [between(-180, 175), between(-85, 80)];
  const [e, n] = [between(w, 180), between(s, 85)];
  return chance() < 0.15 ? [e, s, w, n] : [w, s, e, n];
};
const small = () => {
  const [w, s] = [between(-20, 20), between(0, 30)];
  return [w, s, between(w, w + 4), between(s, s + 4)];
};
const time = () => {
  const from = whole(0, 2400);
  const to = day(from + whole(0, 300));
  return one([day(from), `${day(from)}/${to}`, `../${to}`, `${day(from)}/..`, `${day(from)}T06:30:00Z/${to}T00:00:00Z`, `${day(from)}T12:00:00.250Z`]);
};

const comparison = () => one(["=", "<>", "<", "<=", ">", ">="]);
const quoted = (/** @type {string} */ text) => `'${text.replaceAll("'", "''")}'`;
/** A condition that is asked of the sites: what SQL says as we do, and what it does not. @returns {string} */
const simple = () =>
  one([
    () => `n ${comparison()} ${one([whole(-20, 20), 2.5, -0.5])}`,
    () => `large ${comparison()} ${whole(-9_000_000_000_000, 9_000_000_000_000)}`,
    () => `score ${comparison()} ${one([between(-100, 100, 3), whole(-100, 100)])}`,
    () => `${whole(-20, 20)} ${comparison()} n`,
    () => `name ${comparison()} ${quoted(`${one(NAMES)} ${whole(1, 40)}`)}`,
    () => `kind ${comparison()} ${quoted(one(["camp", "Camp", "town", ""]))}`,
    () => `id ${comparison()} ${quoted(one(sites).id)}`,
    () => `open = ${one(["true", "false"])}`,
    () => "open",
    () => `since ${comparison()} DATE('${day(whole(0, 2500))}')`,
    () => `since ${comparison()} TIMESTAMP('${day(whole(0, 2500))}T12:00:00Z')`,
    () => `seen ${comparison()} TIMESTAMP('${one(sites).properties.seen ?? "2022-01-01T00:00:00Z"}')`,
    () => `seen ${comparison()} DATE('${day(whole(700, 1800))}')`,
    () => `since_day ${comparison()} DATE('${day(whole(700, 1800))}')`.replace("since_day", "since"),
    () => `name LIKE ${quoted(one(["Gao%", "%o%", "_a%", "50\\%%", "a\\_b%", "%\\\\%", "%1_", "東%", ""]))}`,
    () => `CASEI(name) LIKE CASEI(${quoted(one(["GAO%", "%É%", "%SS%"]))})`,
    () => `ACCENTI(name) = ACCENTI(${quoted(`${one(["Eloi", "Menaka"])} ${whole(1, 40)}`)})`,
    () => `n BETWEEN ${whole(-20, 0)} AND ${whole(0, 20)}`,
    () => `since BETWEEN DATE('${day(whole(0, 1000))}') AND DATE('${day(whole(1000, 2500))}')`,
    () => `kind IN ('camp', ${quoted(one(["town", "Camp", "none"]))})`,
    () => `n IN (${whole(-20, 20)}, ${whole(-20, 20)}, 0.5)`,
    () => `${one(["name", "n", "score", "open", "since", "seen", "geometry", "tags"])} IS ${one(["", "NOT "])}NULL`,
    () => `n + 1 ${comparison()} ${whole(-20, 20)}`,
    () => `n * score ${comparison()} ${whole(-200, 200)}`,
    () => `length(name) ${comparison()} ${whole(5, 12)}`,
    () => `n ${comparison()} large`,
    () => `kind ${comparison()} name`,
    () => `A_CONTAINS(tags, ('${one(["a", "b"])}', '${one(["d", "e"])}'))`,
    () => `T_${one(["AFTER", "BEFORE", "DURING", "INTERSECTS"])}(since, INTERVAL('${day(whole(0, 1000))}', '${day(whole(1000, 2500))}'))`,
    () => `T_AFTER(seen, TIMESTAMP('${day(whole(700, 1800))}T00:00:00Z'))`,
    () => `${one(["S_INTERSECTS", "S_DISJOINT", "S_WITHIN"])}(geometry, BBOX(${box().join(",")}))`,
    () => `S_WITHIN(geometry, POLYGON((-100 -50, 100 -40, 90 60, -20 ${whole(0, 60)}, -100 -50)))`,
  ])();
/** @returns {string} */
const condition = (depth = 2) => {
  if (depth === 0 || chance() < 0.3) return simple();
  const [a, b] = [condition(depth - 1), condition(depth - 1)];
  return one([`(${a} AND ${b})`, `(${a} OR ${b})`, `NOT (${a})`, `(NOT (${a}) OR ${b})`]);
};
const KEYS = ["name", "kind", "n", "large", "score", "open", "since", "seen"];
const order = () => [one(KEYS), one(KEYS)].filter((key, at, all) => all.indexOf(key) === at).map((key) => one(["", "-"]) + key).concat("id").join(",");

test("collections, schemas and queryables are described alike", async () => {
  for (const id of ["sites", "zones", "events"]) {
    for (const path of ["queryables", "sortables", "schema"]) {
      const ask = async (/** @type {string} */ base) => {
        return (await json(`${base}/collections/${id}/${path}?f=json`)).properties;
      };
      assert.deepEqual(await ask(served.base), await ask(memory.base), `${id} ${path}`);
    }
  }
  const ask = (/** @type {string} */ base) => json(`${base}/collections/zones?f=json`);
  const [expected, found] = await Promise.all([ask(memory.base), ask(served.base)]);
  assert.deepEqual(found.extent, expected.extent);
  const described = await json(`${served.base}/collections/projected?f=json`);
  assert.equal(described.description, "What was seen where.");
  const { properties } = await json(`${served.base}/collections/projected/schema?f=json`);
  assert.equal(properties.level["x-ogc-unit"], "%");
  assert.equal(properties.level.description, "How it was rated");
});

test("boxes and times find the same", async () => {
  let found = 0;
  for (let index = 0; index < 40; index++) {
    found += await same("sites", { bbox: box().join(",") });
    found += await same("zones", { bbox: small().join(",") });
    found += await same("projected", { bbox: small().join(","), properties: "title,level" }, "zones");
    found += await same("sites", { datetime: time(), bbox: box().join(",") });
    found += await same("zones", { datetime: time(), certainty: one(["possible", "certain"]) });
  }
  assert.ok(found > 1000);
  // On the antimeridian, points and lines, all round, and in another system.
  for (const bbox of ["180,-90,180,90", "-180,-90,-180,90", "170,-60,-170,60", "-180,-90,180,90", "10,10,10,10", "-20,5,20,5"]) {
    await same("sites", { bbox });
    await same("zones", { bbox });
  }
  await same("sites", { bbox: "500000,1000000,3000000,4000000", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/3857" });
  await same("zones", { bbox: "300000,1000000,700000,2000000", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/32630" });
});

test("uncertain times are found the same", async () => {
  for (let index = 0; index < 30; index++) await same("events", { datetime: time(), certainty: one(["possible", "certain"]), limit: 1000 });
  for (const relation of ["AFTER", "BEFORE", "CONTAINS", "DISJOINT", "DURING", "EQUALS", "FINISHES", "INTERSECTS", "MEETS", "OVERLAPS", "STARTS"]) {
    await same("events", { filter: `T_${relation}(happened, INTERVAL('${day(whole(0, 1000))}', '${day(whole(1000, 2000))}'))` });
  }
  for (const filter of ["happened > DATE('2021-07-01')", "happened = '2021-07'", "happened IS NULL", "certainly_before(time, DATE('2021-07-01'))", "happened_earliest < DATE('2021-01-01')", "what = 'Gao' OR happened LIKE '[%'"]) {
    await same("events", { filter });
  }
  await same("events", { sortby: "-what,id", limit: 30 });
  const counts = async (/** @type {string} */ base) => ({ ...(await json(`${base}/collections/events/counts?by=what,happened&bins=9&datetime=2020-01-01/2022-01-01`)), links: [] });
  assert.deepEqual(await counts(served.base), await counts(memory.base));
  const clusters = await json(`${served.base}/collections/events/clusters?datetime=2021-07-03`);
  assert.equal(clusters.numberMatched, (await json(`${memory.base}/collections/events/clusters?datetime=2021-07-03`)).numberMatched);
  const refused = await fetch(`${served.base}/collections/events/items?sortby=happened_earliest`);
  assert.equal(refused.status, 400);
  const { title } = await json(`${served.base}/?f=json`);
  assert.equal(title, "Both");
});

test("filters find the same", async () => {
  let found = 0;
  for (let index = 0; index < 220; index++) {
    found += await same("sites", { filter: condition(), ...(chance() < 0.3 ? { bbox: box().join(",") } : {}) });
  }
  assert.ok(found > 10_000, `${found}`);
  for (let index = 0; index < 40; index++) {
    const [w, s, e, n] = small();
    const shape = one([`BBOX(${w},${s},${e},${n})`, `POLYGON((${w} ${s},${e} ${s},${e} ${n},${w} ${s}))`, `LINESTRING(${w} ${s},${e} ${n})`, `POINT(${w} ${s})`]);
    const relation = one(["INTERSECTS", "DISJOINT", "WITHIN", "CONTAINS", "CROSSES", "TOUCHES", "OVERLAPS", "EQUALS"]);
    const filter = `${one(["", "NOT "])}S_${relation}(geometry, ${shape})`;
    await same("zones", { filter });
    await same("projected", { filter: `S_INTERSECTS(geometry, ${shape})`, properties: "title" }, "zones");
  }
  for (const [name, value] of [["kind", "camp"], ["n", "3"], ["open", "true"], ["since", "2020-02-03"], ["tags", "a,d"], ["name", "O'Hara 7"], ["id", "s1"]]) {
    await same("sites", { [name]: value });
  }
  for (const q of ["gao", "menaka", "eloi,kidal", "O'Hara 7", "zürich 1"]) await same("sites", { q });
});

test("orders and pages are the same", async () => {
  for (let index = 0; index < 40; index++) {
    await same("sites", { sortby: order(), limit: whole(1, 60), offset: whole(0, 1300), ...(chance() < 0.5 ? { filter: simple() } : {}) });
  }
  const walk = async (/** @type {string} */ base, /** @type {string} */ address) => {
    const ids = [];
    /** @type {string | undefined} */
    let next = `${base}${address}`;
    for (let pages = 0; next; pages++) {
      assert.ok(pages < 200);
      const page = await json(next);
      ids.push(...page.features.map((/** @type {{ id: string }} */ feature) => feature.id));
      next = page.links.find((/** @type {{ rel: string }} */ link) => link.rel === "next")?.href;
    }
    return ids;
  };
  for (let index = 0; index < 12; index++) {
    const params = { sortby: order(), limit: whole(30, 200), ...(index % 2 ? { filter: one(["n > -5", "CASEI(kind) = 'camp'", "q"]) } : {}) };
    if (params.filter === "q") Object.assign(params, { q: "gao", filter: "n < 15" });
    const address = `/collections/sites/items?${query(params)}`;
    assert.deepEqual(await walk(served.base, address), await walk(memory.base, address), address);
  }
  const all = await walk(served.base, "/collections/sites/items?limit=97");
  assert.equal(new Set(all).size, sites.length);
  assert.equal(all.length, sites.length);
});

test("members, systems and single features are the same", async () => {
  for (const params of [{ properties: "name,since" }, { "exclude-properties": "geometry,tags" }, { "zoom-level": 3 }, { crs: "http://www.opengis.net/def/crs/EPSG/0/3857" }, { crs: "http://www.opengis.net/def/crs/EPSG/0/4326" }]) {
    await same("zones", "name,since" === params.properties ? { properties: "title,start" } : params.properties ? params : { ...params, "exclude-properties": "level" });
  }
  await same("sites", { crs: "http://www.opengis.net/def/crs/EPSG/0/4326", bbox: "-80,-180,80,180", "bbox-crs": "http://www.opengis.net/def/crs/EPSG/0/4326" });
  for (const { id } of sites.slice(0, 12)) {
    const ask = async (/** @type {string} */ base) => ({ ...(await json(`${base}/collections/sites/items/${encodeURIComponent(id)}`)), links: [] });
    assert.deepEqual(await ask(served.base), await ask(memory.base));
  }
  for (const id of ["no", "01", "+1", "9".repeat(30), "' OR true --", "%00"]) {
    for (const collection of ["sites", "zones"]) {
      const response = await fetch(`${served.base}/collections/${collection}/items/${id === "%00" ? id : encodeURIComponent(id)}`);
      assert.equal(response.status, 404, `${collection} ${id}`);
    }
  }
  const { numberMatched, features } = await json(`${served.base}/collections/sites/items?resultType=hits&filter=n%3E0`);
  assert.equal(numberMatched, sites.filter(({ properties }) => (properties.n ?? 0) > 0).length);
  assert.equal(features.length, 0);
});

test("every form of a page and of a download is the same", async () => {
  const body = async (/** @type {string} */ base, /** @type {string} */ address) => {
    const response = await fetch(`${base}${address}`);
    assert.equal(response.status, 200, address);
    return Buffer.from(await response.arrayBuffer()).toString("latin1").replaceAll(base, "").replace(/"timeStamp":"[^"]*"/, "");
  };
  for (const f of ["csv", "ndjson", "geojsonseq", "kml", "fgb", "parquet"]) {
    for (const address of [`/collections/sites/items?f=${f}&sortby=name,id&limit=200`, `/collections/zones/items?f=${f}&sortby=title,id&limit=200`]) {
      assert.equal(await body(served.base, address), await body(memory.base, address), address);
    }
  }
  for (const f of ["json", "csv", "ndjson", "geojsonseq", "kml", "jsonfg", "fgb", "parquet"]) {
    for (const question of ["", "&filter=n%3E3", "&filter=n%2B1%3E3"]) {
      const address = `/collections/sites/download?f=${f}&sortby=name,id${question}`;
      assert.equal(await body(served.base, address), await body(memory.base, address), address);
    }
  }
  for (const f of ["html", "gpkg", "jsonfg"]) {
    assert.equal((await fetch(`${served.base}/collections/sites/items?f=${f}&limit=20`)).status, 200, f);
  }
  const head = await fetch(`${served.base}/collections/sites/download?f=json`, { method: "HEAD" });
  assert.equal(head.status, 200);
  assert.equal(head.headers.get("etag"), null);
});

test("clusters, counts and tiles are the same", async () => {
  const cells = async (/** @type {string} */ base, /** @type {string} */ address) => {
    const { numberMatched, numberLocated, level, features } = await json(`${base}${address}`);
    const cell = (/** @type {any} */ { id, bbox, properties }) => JSON.stringify([id, bbox, properties]);
    return { numberMatched, numberLocated, level, cells: features.map(cell).sort() };
  };
  for (let index = 0; index < 30; index++) {
    const id = one(["sites", "sites", "zones"]);
    const params = { ...(chance() < 0.8 ? { bbox: (id === "sites" ? box() : small()).join(",") } : {}), zoom: whole(0, 8), limit: one([50, 1000]) };
    if (chance() < 0.4) Object.assign(params, { filter: id === "sites" ? one(["n > 0", "CASEI(kind) = 'camp'"]) : "level > 1" });
    const address = `/collections/${id}/clusters?${query(params)}`;
    assert.deepEqual(await cells(served.base, address), await cells(memory.base, address), address);
  }
  for (const params of [{ by: "kind,n,open,since" }, { by: "kind", filter: "n > 3" }, { by: "name,score" }, { bins: 40 }, { bins: 7, datetime: "2020-01-01/2020-03-01", by: "kind" }, { by: "kind", filter: "n + 1 > 3" }]) {
    const ask = async (/** @type {string} */ base) => ({ ...(await json(`${base}/collections/sites/counts?${query(params)}`)), links: [] });
    assert.deepEqual(await ask(served.base), await ask(memory.base), JSON.stringify(params));
  }
  for (const params of [{ bins: 12 }, { bins: 5, datetime: "2020-01-01/2020-03-01" }, { by: "level", bins: 3, filter: "level < 4" }]) {
    const ask = async (/** @type {string} */ base) => ({ ...(await json(`${base}/collections/zones/counts?${query(params)}`)), links: [] });
    assert.deepEqual(await ask(served.base), await ask(memory.base), JSON.stringify(params));
  }
  for (const address of ["0/0/0", "1/0/1", "3/3/4", "4/7/8", "5/14/16", "6/29/32"]) {
    for (const path of [`/collections/zones/tiles/WebMercatorQuad/${address}`, `/collections/sites/tiles/WebMercatorQuad/${address}`, `/tiles/WebMercatorQuad/${address}?collections=sites,zones&datetime=2020-01-01/..`]) {
      const ask = async (/** @type {string} */ base) => {
        const response = await fetch(`${base}${path}`);
        return response.status === 404 ? "204 " : `${response.status} ${Buffer.from(await response.arrayBuffer()).toString("hex")}`;
      };
      assert.equal(await ask(served.base), await ask(memory.base), path);
    }
  }
});
