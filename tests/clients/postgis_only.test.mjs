// What only a database does: it changes, fails, comes back, holds what no file holds, and is larger than memory.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { startServer, target } from "../web/server.mjs";
import { startPostgres } from "./postgres.mjs";

/** @type {Awaited<ReturnType<typeof startServer>>} */
let served;
/** @type {Awaited<ReturnType<typeof startPostgres>>} */
let database;
let folder = "";

const MANY = 12_000;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "postgis-only-"));
  database = await startPostgres();
  await database.psql(`
    CREATE TABLE plain (id int PRIMARY KEY, name text, geom geometry(Point, 4326));
    INSERT INTO plain SELECT i, 'n' || i, ST_SetSRID(ST_MakePoint(i % 20, i % 10), 4326) FROM generate_series(1, 40) i;
    CREATE TABLE many AS SELECT i AS gid, i % 7 AS kind, date '2020-01-01' + i % 900 AS day, ST_SetSRID(ST_MakePoint((i * 0.731)::numeric % 360 - 180, (i * 0.317)::numeric % 160 - 80), 4326) AS geom
      FROM generate_series(1, ${MANY}) i;
    CREATE SCHEMA "odd ""schema";
    CREATE TABLE "odd ""schema"."we""ird; DROP TABLE plain --" ("the ""id'" int PRIMARY KEY, "na'me ""x" text, "select" int, "id" text, "ge""om" geometry(Point, 4326));
    INSERT INTO "odd ""schema"."we""ird; DROP TABLE plain --" VALUES (1, 'a''b', 3, 'mine', 'SRID=4326;POINT(1 2)'), (2, NULL, 4, 'yours', NULL);
    CREATE TYPE mood AS ENUM ('sad', 'glad');
    CREATE DOMAIN metres AS numeric(8, 2);
    CREATE TABLE kinds (k uuid PRIMARY KEY, m mood, len metres, d date, t timestamp, z timestamptz, r daterange, zr tstzrange, j jsonb, a int[], w text[][], f4 float4, c char(5), b bytea, i interval, geom geometry);
    INSERT INTO kinds VALUES
      ('00000000-0000-0000-0000-000000000001', 'glad', 12.5, 'infinity', '2023-08-25 12:00:00.1239', '2023-08-25 12:00+02', '[2023-01-01,2023-02-01)', '[2023-01-01 00:00+00,2023-02-01 00:00+00)', '{"b": [1, null], "a": "x"}', '{1,NULL,3}', '{{a,b},{c,d}}', 0.5, 'ab', '\\x00', '1 day', 'SRID=4326;POINT ZM (1 2 3 4)'),
      ('00000000-0000-0000-0000-000000000002', 'sad', 'NaN', '2023-08-25', '-infinity', 'infinity', '(,2022-01-01)', 'empty', 'null', NULL, NULL, 'NaN', NULL, NULL, NULL, 'SRID=4326;CURVEPOLYGON(CIRCULARSTRING(0 0, 4 0, 4 4, 0 4, 0 0))'),
      ('00000000-0000-0000-0000-000000000003', NULL, NULL, '12000-01-01', NULL, NULL, NULL, NULL, '[1]', '{}', '{}', 'Infinity', '', NULL, NULL, 'SRID=4326;GEOMETRYCOLLECTION(POINT(9 9), LINESTRING(8 8, 9 9))'),
      ('00000000-0000-0000-0000-000000000004', NULL, NULL, '0044-03-15 BC', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'SRID=4326;POLYGON EMPTY');
    CREATE TABLE globe (id bigint PRIMARY KEY, geog geography(Point));
    INSERT INTO globe VALUES (9007199254740993, 'POINT(10 10)'), (-1, 'POINT(-10 -10)');
    CREATE TABLE nosrid (id int PRIMARY KEY, geom geometry);
    INSERT INTO nosrid VALUES (1, 'POINT(3 4)');
    CREATE TABLE metric (id int PRIMARY KEY, geom geometry(Point, 32631));
    INSERT INTO metric SELECT i, ST_Transform(ST_SetSRID(ST_MakePoint(i * 0.1, 10 + i * 0.1), 4326), 32631) FROM generate_series(1, 50) i;
    CREATE INDEX ON metric USING gist (geom);
    CREATE VIEW seen AS SELECT id, name, geom FROM plain WHERE id <= 5;
    CREATE VIEW twice AS SELECT 1 AS id, geom FROM plain;
    CREATE TABLE nokey (a int, geom geometry(Point, 4326));
    CREATE SEQUENCE counter;
    CREATE FUNCTION write() RETURNS int LANGUAGE sql STABLE AS $$ SELECT nextval('counter')::int $$;
    CREATE FUNCTION nap() RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN PERFORM pg_sleep(0.5); RETURN 'nap'; END $$;
    CREATE VIEW broken AS SELECT id, geom, 1 / (random() * 0)::int AS zero FROM plain;
    CREATE VIEW writes AS SELECT id, write() AS secret_column, geom FROM plain;
    CREATE VIEW slow AS SELECT id, nap() AS nap, geom FROM plain;
    CREATE ROLE guarded LOGIN PASSWORD 's3cret';
    ANALYZE;`);
  served = await startServer({ args: [database.socket, "--query-timeout", "2", "--pg-connections", "3", "--pg-refresh", "0"] });
});
after(async () => {
  await served?.stop();
  await database?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** An answer with its status. @param {string} path @param {RequestInit} [init] */
async function ask(path, init) {
  const response = await fetch(`${served.base}${path}`, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
}

/** Runs the server, which ends by itself. @param {string[]} args @param {Record<string, string>} env */
const run = (args, env = {}) => say([...args, "--listen", "127.0.0.1:0"], env);

/** Runs the program to its end. @param {string[]} args @param {Record<string, string>} env */
const say = (args, env = {}) =>
  new Promise((/** @type {(ended: { code: number | string, text: string }) => void} */ done) => {
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("HARMATTAN_")));
    execFile(resolve(target, "debug", "harmattan"), args, { env: { ...environment, ...env }, timeout: 20_000 }, (error, out, err) => {
      done({ code: error ? (error.code ?? "killed") : 0, text: out + err });
    });
  });

test("every table with a key is a collection, and what is left out is said", async () => {
  const { collections } = (await ask("/collections")).json();
  const ids = collections.map((/** @type {{ id: string }} */ { id }) => id);
  assert.deepEqual(ids, ["we-ird-drop-table-plain", "globe", "kinds", "many", "metric", "nosrid", "plain", "seen", "slow", "writes", "places"].sort((a, b) => ids.indexOf(a) - ids.indexOf(b)));
  const log = served.log.join("\n");
  for (const said of ["public.nokey is left out: it has no key", "public.twice is left out", "public.broken is left out: division by zero", '"b" of type bytea is left out']) assert.ok(log.includes(said), `${said}\n${log}`);
});

test("names are names, whatever stands in them", async () => {
  const base = "/collections/we-ird-drop-table-plain";
  const { features } = (await ask(`${base}/items`)).json();
  assert.deepEqual(features.map((/** @type {any} */ { id, properties }) => [id, properties]), [
    ["1", { "na'me \"x": "a'b", "select": 3, "id_2": "mine" }],
    ["2", { "na'me \"x": null, "select": 4, "id_2": "yours" }],
  ]);
  const filter = encodeURIComponent(`"na'me ""x" = 'a''b' AND "select" < 4 OR "id_2" = '''; DROP TABLE plain; --'`);
  const found = (await ask(`${base}/items?filter=${filter}&sortby=${encodeURIComponent("-na'me \"x")}`)).json();
  assert.equal(found.numberMatched, 1);
  assert.equal((await ask(`${base}/items?select=4`)).json().numberMatched, 1);
  assert.equal((await ask(`${base}/items/${encodeURIComponent("1; DROP TABLE plain")}`)).status, 404);
  assert.equal((await ask("/collections/plain/items?resultType=hits")).json().numberMatched, 40);
});

test("values of every type are read, and asked as they are read", async () => {
  const { features } = (await ask("/collections/kinds/items")).json();
  const [one, two, three, four] = features;
  assert.equal(one.id, "00000000-0000-0000-0000-000000000001");
  assert.deepEqual(one.geometry, { type: "Point", coordinates: [1, 2, 3] });
  const { properties } = one;
  assert.deepEqual([properties.m, properties.len, properties.d, properties.t, properties.z], ["glad", 12.5, null, "2023-08-25T12:00:00.123Z", "2023-08-25T10:00:00Z"]);
  assert.deepEqual([properties.r_start, properties.r_end, properties.zr_start, properties.zr_end], ["2023-01-01", "2023-01-31", "2023-01-01T00:00:00Z", "2023-01-31T23:59:59.999Z"]);
  assert.deepEqual([properties.j, properties.a, properties.f4, properties.c, properties.i], [{ b: [1, null], a: "x" }, [1, null, 3], 0.5, "ab   ".trimEnd(), "P1D"]);
  assert.equal(two.geometry.type, "Polygon");
  assert.deepEqual([two.properties.len, two.properties.f4, two.properties.t, two.properties.z, two.properties.d, two.properties.j], [null, null, null, null, "2023-08-25", null]);
  assert.deepEqual([two.properties.r_start, two.properties.r_end, two.properties.zr_start], [null, "2021-12-31", null]);
  assert.equal(three.geometry.type, "GeometryCollection");
  assert.equal(three.properties.d, null);
  assert.equal(four.geometry, null);
  for (const [filter, expected] of /** @type {[string, number][]} */ ([
    ["d IS NULL", 2], ["NOT (d > DATE('2000-01-01'))", 1], ["d > DATE('2000-01-01')", 1], ["len IS NULL", 3], ["NOT (len > 3)", 0], ["f4 > 0", 1], ["f4 IS NULL", 3], ["t IS NULL", 3], ["t = TIMESTAMP('2023-08-25T12:00:00.123Z')", 1], ["t > TIMESTAMP('2023-08-25T12:00:00.123Z')", 0], ["NOT (t <= TIMESTAMP('2023-08-25T12:00:00.122Z'))", 1],
    ["m = 'glad'", 1], ["m > 'a'", 2], ["c = 'ab'", 1], ["j IS NULL", -1], ["geometry IS NULL", 1], ["NOT S_INTERSECTS(geometry, POINT(9 9))", 2], ["S_TOUCHES(geometry, POINT(8 8))", -2],
    ["r_start = DATE('2023-01-01')", 1], ["zr_end < TIMESTAMP('2023-02-01T00:00:00Z')", 1], ["id = '00000000-0000-0000-0000-000000000002'", 1],
  ])) {
    const answer = await ask(`/collections/kinds/items?filter=${encodeURIComponent(filter)}`);
    if (expected === -1) assert.equal(answer.status, 400, filter);
    else assert.equal(answer.status, 200, `${filter}: ${answer.text}`);
    if (expected >= 0) assert.equal(answer.json().numberMatched, expected, filter);
  }
  assert.equal((await ask("/collections/kinds/items?bbox=0,0,5,5")).json().numberMatched, 2);
  assert.equal((await ask("/collections/kinds/items?bbox=0,0,4,5,5,9")).json().numberMatched, 1);
  assert.equal((await ask("/collections/kinds/items?bbox=0,0,3,5,5,9")).json().numberMatched, 2);
  const globe = (await ask("/collections/globe/items?bbox=5,5,15,15")).json();
  assert.deepEqual(globe.features.map((/** @type {any} */ { id, geometry }) => [id, geometry.coordinates]), [["9007199254740993", [10, 10]]]);
  assert.equal((await ask("/collections/nosrid/items?bbox=3,4,3,4")).json().numberMatched, 1);
  const metric = (await ask("/collections/metric/items?bbox=0.95,10.95,2.05,12.05")).json();
  assert.deepEqual(metric.features.map((/** @type {any} */ { id }) => Number(id)), [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
  assert.equal((await ask("/collections/metric/items?bbox=-180,-90,180,90")).json().numberMatched, 50);
});

test("views are served, and an entity tag never outlives what it names", async () => {
  const first = await ask("/collections/seen/items");
  assert.equal(first.json().numberMatched, 5);
  const tag = first.headers.get("etag") ?? "";
  assert.equal(first.headers.get("last-modified"), null);
  assert.equal((await ask("/collections/seen/items", { headers: { "If-None-Match": tag } })).status, 304);
  const tile = await ask("/collections/seen/tiles/WebMercatorQuad/0/0/0");
  const item = await ask("/collections/seen/items/3");
  await database.psql("UPDATE plain SET name = 'changed' WHERE id = 3");
  const second = await ask("/collections/seen/items", { headers: { "If-None-Match": tag } });
  assert.equal(second.status, 200);
  assert.ok(second.text.includes("changed"));
  assert.equal((await ask("/collections/seen/items/3", { headers: { "If-None-Match": item.headers.get("etag") ?? "" } })).status, 200);
  assert.equal((await ask("/collections/seen/tiles/WebMercatorQuad/0/0/0", { headers: { "If-None-Match": tile.headers.get("etag") ?? "" } })).status, 200);
});

test("pages go on after the key, whatever was added and taken away", async () => {
  const { links, features } = (await ask("/collections/plain/items?limit=10")).json();
  assert.equal(features[9].id, "10");
  await database.psql("DELETE FROM plain WHERE id IN (10, 11); INSERT INTO plain VALUES (0, 'first', NULL)");
  const next = links.find((/** @type {{ rel: string }} */ { rel }) => rel === "next").href;
  assert.equal((await (await fetch(next)).json()).features[0].id, "12");
  await database.psql("DELETE FROM plain WHERE id = 0; INSERT INTO plain SELECT i, 'n' || i, ST_SetSRID(ST_MakePoint(i, i), 4326) FROM generate_series(10, 11) i");
  // Moments within one millisecond are one to us, and yet each is on one page.
  await database.psql("CREATE TABLE ticks AS SELECT i AS id, timestamptz '2024-01-01 00:00+00' + (i / 10 || ' milliseconds')::interval + ((97 * i) % 1000 || ' microseconds')::interval AS at, NULL::geometry(Point, 4326) AS geom FROM generate_series(1, 100) i");
  const text = "x".repeat(300);
  await database.psql(`UPDATE plain SET name = '${text}' || id WHERE id > 30`);
  let [address, seen] = ["/collections/plain/items?sortby=-name&limit=3", /** @type {string[]} */ ([])];
  while (address) {
    const page = (await ask(address)).json();
    seen.push(...page.features.map((/** @type {any} */ { id }) => id));
    address = page.links.find((/** @type {{ rel: string }} */ { rel }) => rel === "next")?.href.slice(served.base.length) ?? "";
  }
  assert.equal(seen.length, 40);
  assert.equal(new Set(seen).size, 40);
  const ticks = await startServer({ args: [database.address, "--pg-table", "ticks"] });
  try {
    [address, seen] = [`${ticks.base}/collections/ticks/items?sortby=-at&limit=7`, []];
    while (address) {
      const page = await (await fetch(address)).json();
      seen.push(...page.features.map((/** @type {any} */ { id }) => id));
      address = page.links.find((/** @type {{ rel: string }} */ { rel }) => rel === "next")?.href ?? "";
    }
    assert.equal(seen.length, 100);
    assert.equal(new Set(seen).size, 100);
  } finally {
    await ticks.stop();
  }
});

test("nothing is written, nothing takes too long, and no inside word gets out", async () => {
  const writes = await ask("/collections/writes/items?limit=1");
  assert.equal(writes.status, 500);
  assert.match(writes.headers.get("content-type") ?? "", /problem\+json/);
  assert.ok(!/read-only|INSERT|SELECT|secret/.test(writes.text), writes.text);
  assert.ok(served.log.join("\n").includes("read-only transaction"));
  assert.equal((await database.psql("SELECT is_called FROM counter")).trim(), "f");
  const slow = await ask("/collections/slow/items");
  assert.equal(slow.status, 400);
  assert.ok(!/cancel|SELECT/.test(slow.text), slow.text);
  assert.match(slow.json().hint, /query-timeout/);
  // More at the same time than there are connections.
  const all = await Promise.all(Array.from({ length: 40 }, (_, index) => ask(`/collections/plain/items?limit=1&offset=${index}`)));
  assert.deepEqual(new Set(all.map(({ status }) => status)), new Set([200]));
  // What is there is listed with a place, and a place is known without it.
  const { features: found } = (await ask("/places/search?q=Accra&limit=1")).json();
  assert.equal((await ask(`/places/${found[0].id}?f=html`)).status, 200);
  const explain = await ask("/collections/plain/items?explain=true");
  assert.equal(explain.status, 400);
  assert.ok(explain.json().detail.includes("explain"));
});

test("a large table is counted on tiles, and leaves whole in a download", async () => {
  const tile = await ask("/collections/many/tiles/WebMercatorQuad/0/0/0");
  assert.equal(tile.status, 200);
  assert.ok(tile.text.includes("count"));
  const clusters = (await ask("/collections/many/clusters?zoom=2")).json();
  assert.equal(clusters.numberMatched, MANY);
  assert.equal(clusters.features.reduce((/** @type {number} */ sum, /** @type {any} */ { properties }) => sum + properties.count, 0), MANY);
  for (const { bbox, geometry } of clusters.features) {
    const [[w, s, e, n], [x, y]] = [bbox, geometry.coordinates];
    assert.ok(w <= x && x <= e && s <= y && y <= n);
  }
  const { features, numberMatched, numberReturned } = (await ask("/collections/many/download?f=json")).json();
  assert.deepEqual([features.length, numberMatched, numberReturned], [MANY, MANY, MANY]);
  const lines = (await ask("/collections/many/download?f=ndjson&filter=kind%3D3")).text.trim().split("\n");
  assert.equal(lines.length, Array.from({ length: MANY }, (_, index) => (index + 1) % 7).filter((kind) => kind === 3).length);
  const csv = (await ask("/collections/many/download?f=csv")).text.trim().split("\r\n");
  assert.equal(csv.length, MANY + 1);
  assert.equal(csv.filter((line) => line.startsWith("id,")).length, 1);
  const counts = (await ask("/collections/many/counts?by=kind,day&bins=10")).json();
  assert.equal(counts.values.kind.counts.length, 7);
  assert.equal(counts.values.day, null);
});

test("tables that are made or changed are served after SIGHUP", async () => {
  await database.psql("CREATE TABLE later (id int PRIMARY KEY, geom geometry(Point, 4326)); INSERT INTO later VALUES (1, 'SRID=4326;POINT(0 0)')");
  assert.equal((await ask("/collections/later")).status, 404);
  process.kill(/** @type {number} */ (served.pid), "SIGHUP");
  for (let tries = 0; (await ask("/collections/later")).status !== 200; tries++) {
    assert.ok(tries < 100, served.log.slice(-5).join("\n"));
    await new Promise((done) => setTimeout(done, 100));
  }
  assert.equal((await ask("/collections/later/items")).json().numberMatched, 1);
  // Dropped under us: an error, and no word of its inside.
  await database.psql("DROP TABLE later");
  const gone = await ask("/collections/later/items");
  assert.equal(gone.status, 500);
  assert.ok(!/relation|later"/.test(gone.text), gone.text);
});

test("a database that goes away is said, and found again", async () => {
  assert.equal((await ask("/readyz")).status, 200);
  await database.end();
  for (const path of ["/collections/plain/items", "/collections/plain/items/1", "/collections/plain/clusters", "/collections/plain/counts?by=name", "/collections/plain/download?f=csv", "/tiles/WebMercatorQuad/0/0/0", "/readyz"]) {
    const { status, headers, text } = await ask(path);
    assert.equal(status, 503, `${path} ${text}`);
    assert.match(headers.get("content-type") ?? "", /problem\+json/);
    assert.ok(headers.get("retry-after"));
    assert.ok(!/refused|socket|postgres/i.test(text), text);
  }
  assert.equal((await ask("/healthz")).status, 200);
  assert.equal((await ask("/collections")).status, 200);
  assert.equal((await ask("/collections/places")).status, 200);
  const { features: found } = (await ask("/places/search?q=Accra&limit=1")).json();
  assert.equal((await ask(`/places/${found[0].id}?f=html`)).status, 200);
  await database.start();
  assert.equal((await ask("/readyz")).status, 200);
  assert.equal((await ask("/collections/plain/items")).json().numberMatched, 40);
});

test("what cannot be served is said at the start, without the password", async () => {
  const { port } = database;
  const at = (/** @type {string} */ rest) => `postgresql://maps:s3cret@127.0.0.1:${port}/${rest}`;
  await writeFile(join(folder, "some.geojson"), '{"type":"FeatureCollection","features":[]}');
  await writeFile(join(folder, "passfile"), `127.0.0.1:${port}:*:guarded:s3cret\n`);
  for (const [args, said] of /** @type {[string[], RegExp][]} */ ([
    [["postgresql://maps:s3cret@127.0.0.1:9/maps"], /database "maps" on 127\.0\.0\.1, port 9/],
    [[at("nowhere")], new RegExp(`database "nowhere" on 127\\.0\\.0\\.1, port ${port}: .*nowhere`)],
    [[at("postgres")], /has no PostGIS/],
    [[at("maps?sslmode=require")], /does not support TLS/],
    [[at("maps?sslmode=always")], /sslmode=always: it is disable, allow/],
    [[at("maps"), "--pg-table", "missing"], /there is no table or view "missing"/],
    [[at("maps"), "--pg-schema", "nothing"], /no table or view with a geometry/],
    [[at("maps"), join(folder, "some.geojson")], /a database is served alone/],
    [["postgresql://maps:s3cret@127.0.0.1:port/maps"], /postgresql:\/\/user@host/],
  ])) {
    const { code, text } = await run(args);
    assert.notEqual(code, 0, text);
    assert.match(text, said);
    assert.ok(!text.includes("s3cret") && !text.includes("panicked"), text);
  }
  const toml = join(folder, "harmattan.toml");
  const written = async (/** @type {string} */ text) => (await writeFile(toml, text), (await run([toml])).text);
  const head = `database = "${at("maps")}"\n[[collection]]\nid = "x"\n`;
  for (const [rest, said] of /** @type {[string, RegExp[]][]} */ ([
    ['table = "plain"\ntime = "nme"\n[collection.map]\nlabel = "nam"\n', [/toml:\d+: .*nme.*did you mean/, /toml:\d+: .*nam.*did you mean.*name/s]],
    ['table = "plain"\nid_column = "nope"\n', [/no column "nope"/]],
    ['table = "plain"\nid_column = "geom"\n', [/no column "geom"/]],
    ['table = "missing"\n', [/there is no table or view "missing"/]],
    ['file = "some.geojson"\n', [/table: is missing/, /file: says the same as table/]],
    ['table = "plain"\ntable_name = "x"\n', [/table_name/]],
    ['table = "nokey"\n', [/public.nokey cannot be served: it has no key/]],
  ])) {
    const text = await written(head + rest);
    for (const one of said) assert.match(text, one);
    assert.ok(!text.includes("s3cret") && !text.includes("panicked"), text);
  }
  assert.match(await written('[[collection]]\nid = "x"\ntable = "plain"\n'), /table: needs `database = /);
  for (const args of [["build", at("maps"), "--output", join(folder, "x.harmattan")], ["export", at("maps"), "--output", join(folder, "x.pmtiles")], ["check", at("maps")]]) {
    const { code, text } = await say(args);
    assert.notEqual(code, 0, text);
    assert.match(text, /a database can only be served/);
    assert.ok(!text.includes("s3cret"), text);
  }
  const help = await say(["--help"], { HARMATTAN_PATH: at("maps") });
  assert.match(help.text, /HARMATTAN_PATH/);
  assert.ok(!help.text.includes("s3cret"), help.text);
});

test("what is sent is encrypted, and the certificate is what was asked of it", async () => {
  const made = (/** @type {string[]} */ ...args) => promisify(execFile)("openssl", args, { cwd: folder });
  const key = ["-newkey", "rsa:2048", "-nodes", "-days", "2"];
  await made("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=a root of the tests");
  await made("req", "-x509", ...key, "-keyout", "other.key", "-out", "other.pem", "-subj", "/CN=another root");
  for (const [name, host] of [["here", "IP:127.0.0.1"], ["there", "DNS:db.example"], ["client", "DNS:client"]]) {
    await made("req", ...key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", name === "client" ? "/CN=maps" : "/CN=a database");
    await writeFile(join(folder, `${name}.ext`), `subjectAltName=${host}\nbasicConstraints=CA:FALSE\n`);
    await made("x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", `${name}.ext`, "-out", `${name}.pem`);
  }
  const file = (/** @type {string} */ name) => encodeURIComponent(join(folder, name));
  for (const name of ["here", "there"]) {
    const secure = await startPostgres({ tls: { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`), roots: join(folder, "ca.pem") } });
    try {
      await secure.psql("CREATE TABLE one (id int PRIMARY KEY, geom geometry(Point, 4326)); INSERT INTO one VALUES (1, 'SRID=4326;POINT(1 2)')");
      // The server says of each session whether it is encrypted.
      const serves = async (/** @type {string} */ how, isEncrypted = true) => {
        const server = await startServer({ args: [`${secure.address}?${how}`] });
        try {
          const items = await fetch(`${server.base}/collections/one/items`);
          assert.equal((await items.json()).numberMatched, 1, how);
          const said = await secure.psql("SELECT DISTINCT s.ssl FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid) WHERE a.application_name = 'harmattan'");
          assert.equal(said.trim(), isEncrypted ? "t" : "f", how);
        } finally {
          await server.stop();
        }
      };
      const refuses = async (/** @type {string} */ how, /** @type {RegExp} */ why) => {
        const { code, text } = await run([`${secure.address}?${how}`]);
        assert.notEqual(code, 0, text);
        assert.match(text, why);
      };
      await serves(`sslmode=verify-ca&sslrootcert=${file("ca.pem")}`);
      if (name === "here") {
        await serves("");
        await serves("sslmode=disable", false);
        await serves("sslmode=require");
        await serves(`sslmode=verify-full&sslrootcert=${file("ca.pem")}&sslcert=${file("client.pem")}&sslkey=${file("client.key")}`);
        await refuses(`sslmode=require&sslrootcert=${file("other.pem")}`, /UnknownIssuer/);
        await refuses(`sslmode=verify-ca&sslrootcert=${file("other.pem")}`, /UnknownIssuer/);
        await secure.psql("ALTER SYSTEM SET ssl_min_protocol_version = 'TLSv1.2'; ALTER SYSTEM SET ssl_max_protocol_version = 'TLSv1.2'; SELECT pg_reload_conf()");
        await serves(`sslmode=verify-full&sslrootcert=${file("ca.pem")}`);
      } else {
        await refuses(`sslmode=verify-full&sslrootcert=${file("ca.pem")}`, /not valid for name|NotValidForName/i);
      }
    } finally {
      await secure.stop();
    }
  }
});
