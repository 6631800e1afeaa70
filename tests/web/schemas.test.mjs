// Answers against the schemas that the standards publish: OpenAPI's own of 3.0 (2021-09-28), JSON Schema's of 2020-12, GeoJSON's of
// geojson.org; on the embedded data and on the awkward snapshot that `cargo test` leaves.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Validator } from "@seriousme/openapi-schema-validator";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { startServer, target } from "./server.mjs";

const awkward = resolve(target, "tmp", "awkward.harmattan");

/** @type {Record<string, Awaited<ReturnType<typeof startServer>>>} */
const servers = {};
before(async () => {
  assert.ok(existsSync(awkward), `${awkward} is made by cargo test`);
  servers.embedded = await startServer();
  servers.awkward = await startServer({ args: [awkward] });
});
after(() => Promise.all(Object.values(servers).map((server) => server.stop())));

/** The published schemas of GeoJSON. */
const geojson = (() => {
  const folder = dirname(fileURLToPath(import.meta.resolve("geojson-schema/package.json")));
  const files = readdirSync(folder).filter((name) => /^[A-Z].*\.json$/.test(name));
  return files.map((name) => JSON.parse(readFileSync(resolve(folder, name), "utf8")));
})();
const draft7 = new Ajv({ allErrors: true });
geojson.forEach((schema) => draft7.addSchema(schema));

/** What breaks a schema, none where it is kept. @param {string} name @param {unknown} value */
function broken(name, value) {
  const validate = draft7.getSchema(`https://geojson.org/schema/${name}.json`);
  assert.ok(validate, name);
  return validate(value) ? [] : validate.errors?.slice(0, 3);
}

/** JSON of a path, which must be there. @param {string} base @param {string} path */
async function json(base, path) {
  const response = await fetch(base + path);
  assert.equal(response.status, 200, path);
  return response.json();
}

/** The paths of all collections. @param {string} base */
const collections = async (base) => (await json(base, "/collections")).collections.map(({ id }) => `/collections/${encodeURIComponent(id)}`);

for (const data of ["embedded", "awkward"]) {
  test(`${data}: the description of the interface is valid OpenAPI 3.0`, async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(await json(servers[data].base, "/api?f=json"));
    assert.ok(valid, JSON.stringify(errors, null, 1));
    assert.equal(validator.version, "3.0");
  });

  test(`${data}: what is called GeoJSON is GeoJSON`, async () => {
    const { base } = servers[data];
    let features = 0;
    for (const path of await collections(base)) {
      for (const query of ["limit=10000", "limit=3&crs=http://www.opengis.net/def/crs/EPSG/0/3857", "exclude-properties=geometry&limit=3", "resultType=hits", "limit=100&zoom-level=5&sortby=-id"]) {
        const page = await json(base, `${path}/items?${query}`);
        assert.deepEqual(broken("FeatureCollection", page), [], `${path}?${query}`);
        features += page.features.length;
      }
      const [first] = (await json(base, `${path}/items?limit=1`)).features;
      if (first) assert.deepEqual(broken("Feature", await json(base, `${path}/items/${encodeURIComponent(first.id)}`)), [], path);
      assert.deepEqual(broken("FeatureCollection", await json(base, `${path}/clusters?zoom=3`)), [], `clusters of ${path}`);
    }
    assert.ok(features > 5000, `${features} features`);
    const found = await json(base, "/places/search?q=Gao");
    for (const path of ["/places/search?q=Gao", "/places/suggest?q=Ga", "/places/reverse?lon=0&lat=16"]) assert.deepEqual(broken("FeatureCollection", await json(base, path)), [], path);
    assert.deepEqual(broken("Feature", await json(base, `/places/${encodeURIComponent(found.features[0].id)}`)), []);
  });

  test(`${data}: schemas are JSON Schema 2020-12, and features keep them`, async () => {
    const { base } = servers[data];
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    // The formats of OGC API – Common Part 3 say what a client makes of a value; those of dates are checked.
    for (const name of ["edtf", "interval-array", "geometry-point", "geometry-any"]) ajv.addFormat(name, true);
    geojson.forEach((schema) => ajv.addSchema({ ...schema, $schema: undefined }));
    for (const path of await collections(base)) {
      for (const name of ["schema", "queryables", "sortables"]) {
        const schema = await json(base, `${path}/${name}`);
        assert.ok(ajv.validateSchema(schema), `${path}/${name}: ${JSON.stringify(ajv.errors)}`);
      }
      const schema = await json(base, `${path}/schema/feature`);
      const validate = ajv.compile(schema);
      // Values that are not known are null, which OGC's schemas leave unsaid: they are left out, as absent ones.
      const known = (feature) => ({ ...feature, properties: Object.fromEntries(Object.entries(feature.properties).filter(([, value]) => value !== null)) });
      for (const feature of (await json(base, `${path}/items?limit=2000`)).features) assert.ok(validate(known(feature)), `${path} ${feature.id}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
    }
  });
}
