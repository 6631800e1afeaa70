// What a publisher may configure: raster tiles under the map, the map in a frame, a path prefix behind a proxy.

import assert from "node:assert/strict";
import http from "node:http";
import { after, test } from "node:test";
import { drawn, shot, visit } from "./browser.mjs";
import { startServer } from "./server.mjs";

/** Ends what the tests have started; last of all, so that no page asks a server that is gone. @type {(() => unknown)[]} */
const ends = [];
after(() => Promise.all(ends.map((end) => end())));

/** A server with settings of its own. @param {string[]} args */
async function serverWith(...args) {
  const server = await startServer({ args });
  ends.push(server.stop);
  return server.base;
}

/** A small web server on a free port; gives its origin. @param {http.RequestListener} answer */
async function otherSite(answer) {
  const site = http.createServer(answer).listen(0, "127.0.0.1");
  await new Promise((done) => site.once("listening", done));
  ends.push(() => (site.closeAllConnections(), site.close()));
  return `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (site.address()).port}`;
}

/** One grey pixel. */
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==", "base64");

test("raster tiles come from the configured place alone, and are credited", async (t) => {
  const asked = /** @type {string[]} */ ([]);
  const tiles = await otherSite(({ url }, response) => {
    asked.push(String(url));
    response.writeHead(200, { "content-type": "image/png" }).end(PIXEL);
  });
  const at = await serverWith("--tiles", `${tiles}/{z}/{x}/{y}.png`, "--tiles-attribution", "Tiles by <b>Example</b>");
  const page = await visit(t, "/", { at, allowed: [tiles] });
  await drawn(page);
  await page.locator("#map img.leaflet-tile-loaded").first().waitFor();
  assert.ok(asked.length > 0 && asked.every((url) => /^\/\d+\/\d+\/\d+\.png$/.test(url)), asked.join());
  await page.getByText("Tiles by <b>Example</b>").waitFor();
  assert.equal(await page.locator("#map path.bm-land").count(), 0, "the built-in base map is not drawn");
});

test("another site frames the map only where the publisher allows it", async (t) => {
  let framed = "";
  const site = await otherSite((_, response) => response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>news</title><iframe title="map" width="600" height="400" src="${framed}"></iframe>`));
  framed = `${await serverWith("--frame-ancestor", site)}/embed#day=2023-10-22&on=bases/gao`;
  const open = await visit(t, "/", { at: site, allowed: [new URL(framed).origin] });
  const map = open.frameLocator("iframe");
  await map.locator('#map [data-pin^="bases/"]').first().waitFor();
  await map.getByRole("link", { name: "Open the full map" }).waitFor();
  assert.match((await map.getByRole("link", { name: "Open the full map" }).getAttribute("href")) ?? "", /:\d+\/#.*day=2023-10-22&on=bases\/gao$/);
  await shot(open, "framed");
  // The code that the map gives for this.
  const map2 = await visit(t, "/#day=2023-10-22&on=bases/gao", { at: new URL(framed).origin });
  await map2.evaluate(() => Object.defineProperty(navigator, "clipboard", { value: { writeText: (/** @type {string} */ text) => ((/** @type {any} */ (window).copied = text), Promise.resolve()) } }));
  await map2.getByRole("button", { name: "Copy embed code" }).click();
  const code = await map2.evaluate(() => /** @type {any} */ (window).copied);
  assert.match(code, /^<iframe src="http[^"]*\/embed#day=2023-10-22&amp;on=bases\/gao" title="[^"<]+" /);

  // Nothing but the map is ever framed, and the map only where it is allowed.
  for (const path of ["/", "/collections/bases/items"]) {
    framed = new URL(path, framed).href;
    const other = await visit(t, "/", { at: site, allowed: [new URL(framed).origin], expected: [/frame/i] });
    assert.equal(await other.frameLocator("iframe").locator("main").count(), 0, path);
  }
  framed = `${await serverWith()}/embed`;
  const closed = await visit(t, "/", { at: site, allowed: [new URL(framed).origin], expected: [/frame/i] });
  assert.equal(await closed.frameLocator("iframe").locator("#map").count(), 0);
});

test("behind a proxy with a path prefix, every request and link keeps the prefix", async (t) => {
  let behind = "";
  const outside = /** @type {string[]} */ ([]);
  const proxy = await otherSite((request, response) => {
    const url = String(request.url);
    if (!url.startsWith("/geo/")) {
      outside.push(url);
      return response.writeHead(404).end();
    }
    const forwarded = { ...request.headers, connection: "close" };
    http.get(behind + url.slice("/geo".length), { headers: forwarded }, (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers)));
  });
  behind = await serverWith("--public-url", `${proxy}/geo`);
  const page = await visit(t, "/geo/", { at: proxy });
  await drawn(page);
  await page.locator('#list .line[data-key="bases/gao"]').click();
  await page.locator(".claim").first().waitFor();
  const record = page.locator("#drawer").getByRole("link", { name: "Record page" });
  assert.ok((await record.getAttribute("href"))?.startsWith(`${proxy}/geo/collections/bases/items/gao`));
  await record.click();
  await page.getByRole("heading", { level: 1, name: "Gao" }).waitFor();
  const links = await page.locator("a[href], link[href]").evaluateAll((all) => all.map((link) => /** @type {HTMLAnchorElement} */ (link).href));
  assert.deepEqual(links.filter((link) => link.startsWith(proxy) && !link.startsWith(`${proxy}/geo/`) && link !== `${proxy}/geo`), []);
  await page.getByRole("link", { name: "Map" }).first().click();
  await drawn(page);
  assert.deepEqual(outside, []);
});
