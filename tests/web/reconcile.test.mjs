// The Reconciliation Service API 0.2 on the real server: every answer against schemas written from the text of the specification, and
// what OpenRefine sends, request by request.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { startServer } from "./server.mjs";

/** @typedef {Record<string, unknown>} Schema */

const text = { type: "string", minLength: 1 };
const address = { ...text, format: "uri", pattern: "^https?://" };
/** A pattern of addresses: `{{id}}` stands for the id. */
const pattern = { ...text, pattern: "^https?://.*\\{\\{id\\}\\}" };

/** An object with these members, of which the first `must` are there, and no others. @param {Schema} properties @param {string[]} must */
const object = (properties, must) => ({ type: "object", properties, required: must, additionalProperties: false });
/** @param {Schema} items */
const list = (items) => ({ type: "array", items });
/** An object from any key to a value. @param {Schema} value */
const byKey = (value) => ({ type: "object", additionalProperties: value });

const type = object({ id: text, name: text, description: text, broader: { type: "array" } }, ["id", "name"]);
/** A type where it is said of an entity: an object, or its id alone. */
const typeOf = { anyOf: [object({ id: text, name: text }, ["id"]), text] };
const place = object({ service_url: address, service_path: { ...text, pattern: "^/" } }, ["service_url", "service_path"]);
const flying = { flyout_service_url: address, flyout_service_path: { ...text, pattern: "^/.*\\$\\{id\\}" } };
const suggest = object({ ...place.properties, ...flying }, place.required);
/** A kind of setting, and the default that it takes. @param {string} kind @param {Schema} given @param {Schema} more */
const setting = (kind, given, more = {}) =>
  object({ type: { const: kind }, default: given, label: text, name: text, help_text: text, ...more }, ["type", "label", "name", ...Object.keys(more)]);

/** Clause by clause: 3.2 manifest, 4.4 results, 5 suggestions, 7.2 proposals, 7.5 values. */
const schemas = {
  manifest: {
    type: "object",
    properties: {
      versions: { ...list(text), contains: { const: "0.2" } },
      name: text,
      identifierSpace: address,
      schemaSpace: address,
      documentation: address,
      serviceVersion: text,
      logo: address,
      view: object({ url: pattern }, ["url"]),
      feature_view: object({ url: pattern }, ["url"]),
      defaultTypes: { ...list(type), uniqueItems: true },
      suggest: object({ entity: suggest, property: suggest, type: suggest }, []),
      preview: object({ url: pattern, width: { type: "integer", minimum: 1 }, height: { type: "integer", minimum: 1 } }, ["url", "width", "height"]),
      extend: object({
        propose_properties: place,
        property_settings: list({
          oneOf: [
            setting("number", { type: "number" }),
            setting("text", { type: "string" }),
            setting("checkbox", { type: "boolean" }),
            setting("select", { type: "string" }, { choices: list(object({ value: { type: "string" }, name: text }, ["value", "name"])) }),
          ],
        }),
      }, []),
      // Named by OpenRefine and by drafts after 0.2; clients of 0.2 pass over what they do not know.
      batchSize: { type: "integer", minimum: 1 },
    },
    required: ["versions", "name", "identifierSpace", "schemaSpace"],
    additionalProperties: false,
  },
  results: byKey(object({
    result: list(object({
      id: text,
      name: text,
      description: text,
      score: { type: "number" },
      match: { type: "boolean" },
      type: list(typeOf),
      features: list(object({ id: text, value: { type: ["number", "boolean"] } }, ["id", "value"])),
    }, ["id", "name", "score"])),
  }, ["result"])),
  entities: object({ result: list(object({ id: text, name: text, description: text, notable: list(typeOf) }, ["id", "name"])) }, ["result"]),
  types: object({ result: list(type) }, ["result"]),
  properties: object({ result: list(object({ id: text, name: text, description: text }, ["id", "name"])) }, ["result"]),
  flyout: object({ id: text, html: text }, ["id", "html"]),
  proposal: object({
    type: { type: ["string", "null"] },
    limit: { type: "integer", minimum: 1 },
    properties: list(object({ id: text, name: text, description: text }, ["id", "name"])),
  }, ["properties"]),
  values: object({
    meta: list(object({ id: text, name: text, type: object({ id: text, name: text }, ["id"]), service: address }, ["id", "name"])),
    rows: byKey(byKey(list({
      oneOf: [
        object({}, []),
        object({ id: text, name: text, description: text }, ["id", "name"]),
        object({ str: { type: "string" } }, ["str"]),
        object({ float: { type: "number" } }, ["float"]),
        object({ int: { type: "integer" } }, ["int"]),
        object({ bool: { type: "boolean" } }, ["bool"]),
        object({ date: { type: "string", format: "date-time" } }, ["date"]),
      ],
    }))),
  }, ["meta", "rows"]),
};

const ajv = new Ajv({ allErrors: true, strict: false });
formats.default(ajv);
/** Asserts that a value keeps a schema; returns it. @param {keyof typeof schemas} name @param {any} value */
function keeps(name, value) {
  const validate = ajv.getSchema(name) ?? ajv.addSchema(schemas[name], name).getSchema(name);
  assert.ok(validate);
  assert.ok(validate(value), `${name}: ${JSON.stringify(validate.errors?.slice(0, 3))} in ${JSON.stringify(value).slice(0, 400)}`);
  return value;
}

/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

/** What a page of OpenRefine, which is of another origin, sends along. */
const page = { origin: "http://127.0.0.1:3333", referer: "http://127.0.0.1:3333/", accept: "application/json, text/javascript, */*; q=0.01" };

/** An answer in JSON that a page of any origin may read. @param {string} address @param {RequestInit} [how] */
async function read(address, how) {
  const response = await fetch(address.startsWith("/") ? server.base + address : address, { headers: page, ...how });
  assert.equal(response.status, 200, `${address}: ${await response.clone().text()}`);
  assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  return response.json();
}

/** A form as OpenRefine's server posts it: no Origin, its own agent. @param {string} name @param {unknown} value */
const post = (name, value) => read("/reconcile", {
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded; charset=UTF-8", "user-agent": "OpenRefine/3.8.2" },
  body: new URLSearchParams({ [name]: JSON.stringify(value) }),
});

test("schemas refuse what the specification refuses", () => {
  /** @param {keyof typeof schemas} name @param {unknown} value */
  const refused = (name, value) => assert.throws(() => keeps(name, value), { message: new RegExp(`^${name}`) });
  refused("manifest", { versions: ["0.1"], name: "x", identifierSpace: "http://a", schemaSpace: "http://a" });
  refused("manifest", { versions: ["0.2"], name: "x", schemaSpace: "http://a" });
  refused("results", { q0: {} });
  refused("results", { q0: { result: [{ id: "1", name: "x" }] } });
  refused("results", { q0: { result: [{ id: 1, name: "x", score: 1 }] } });
  refused("values", { meta: [], rows: { 1: { a: [{ str: 1 }] } } });
  refused("values", { meta: [], rows: { 1: { a: "x" } } });
  refused("types", { result: [{ id: "x" }] });
});

test("OpenRefine registers the service, guesses the type, reconciles, corrects by hand and fetches values", async () => {
  // A page reads the manifest; where the browser is let, that is all.
  const manifest = keeps("manifest", await read("/reconcile"));
  assert.ok(manifest.versions.includes("0.2") && manifest.batchSize >= 10);

  // The server sends the first ten cells to guess the type: no type, three candidates each.
  const cells = ["Gao", "Kidal", "Ménaka", "Tombouctou", "Mopti–Sévaré", "", "qzxwvkj", "Bamako ", "N'Djaména", "Sao Paulo"];
  const batch = Object.fromEntries(cells.map((query, index) => [`q${index}`, { query, limit: 3 }]));
  const guessed = keeps("results", await post("queries", batch));
  assert.deepEqual(Object.keys(guessed), Object.keys(batch));
  assert.ok(Object.values(guessed).every(({ result }) => result.length <= 3));

  // Then all cells, ten at a time, with the type chosen and the columns named as properties: text, or a cell reconciled before.
  const columns = [{ pid: "country", v: "Mali" }, { pid: "region", v: { id: "2457161", name: "Gao" } }];
  const typed = { type: "settlement", type_strict: "should" };
  const found = keeps("results", await post("queries", { q0: { query: "Gao", ...typed, properties: columns }, q1: { query: "Menaka", ...typed, properties: [columns[0]] }, q2: { query: "Kidal", ...typed } }));
  assert.deepEqual([found.q1.result[0].id, found.q1.result[0].match], ["2453514", true]);
  // OpenRefine reads `type` of every candidate, as an array.
  assert.ok(Object.values(found).flatMap(({ result }) => result).every((candidate) => Array.isArray(candidate.type)));

  // The user looks at a candidate: a page in a frame, a few lines in a box, the place itself.
  const { id } = found.q1.result[0];
  const preview = await fetch(manifest.preview.url.replace("{{id}}", encodeURIComponent(id)));
  assert.equal(preview.status, 200);
  assert.match(preview.headers.get("content-type") ?? "", /^text\/html/);
  assert.match(preview.headers.get("content-security-policy") ?? "", /frame-ancestors \*/);
  assert.equal((await fetch(manifest.view.url.replace("{{id}}", encodeURIComponent(id)))).status, 200);

  // Searching for another match, a type, a property: with the cache breaker that jQuery adds.
  const asked = { entity: ["entities", "timb"], type: ["types", "sett"], property: ["properties", "pop"] };
  for (const [what, [schema, prefix]] of Object.entries(asked)) {
    const { service_url, service_path, flyout_service_url, flyout_service_path } = manifest.suggest[what];
    const suggested = keeps(/** @type {keyof typeof schemas} */ (schema), await read(`${service_url}${service_path}?prefix=${prefix}&type=settlement&type_strict=should&_=1700000000000`));
    assert.ok(suggested.result.length > 0, what);
    const fly = flyout_service_path.replace("${id}", encodeURIComponent(suggested.result[0].id));
    keeps("flyout", await read(flyout_service_url + fly));
  }

  // Adding columns: the properties proposed for the type, then values, with settings as its dialog gives them, text or number.
  const { service_url, service_path } = manifest.extend.propose_properties;
  const proposed = keeps("proposal", await read(`${service_url}${service_path}?type=settlement&limit=50`));
  const wanted = proposed.properties.map(({ id }, index) => ({ id, settings: index % 2 ? { limit: "2" } : {} }));
  const values = keeps("values", await post("extend", { ids: [id, "2457163", "nowhere"], properties: wanted }));
  assert.deepEqual(Object.keys(values.rows), [id, "2457163", "nowhere"]);
  assert.deepEqual(values.meta.map(({ id }) => id), wanted.map(({ id }) => id));
  assert.ok(values.rows.nowhere.name.length === 0 && values.rows[id].country[0].str === "ML");
});

test("browsers ask whether they may, and pages from before that get a script", async () => {
  const asked = { origin: page.origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" };
  const response = await fetch(`${server.base}/reconcile`, { method: "OPTIONS", headers: asked });
  assert.ok(response.ok);
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.match(response.headers.get("access-control-allow-methods") ?? "", /POST/);
  assert.match(response.headers.get("access-control-allow-headers") ?? "", /content-type|\*/i);

  const script = await (await fetch(`${server.base}/reconcile?callback=jQuery36004_1700000000000&_=1700000000001`)).text();
  /** @type {unknown[]} */
  const given = [];
  new Function("jQuery36004_1700000000000", script)((/** @type {unknown} */ value) => given.push(value));
  keeps("manifest", given[0]);
});
