// The pages of the API's resources, and the map's page without JavaScript: whole, linked, accessible, in both languages.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { PHONE, accessible, base, json, shot, visit } from "./browser.mjs";
import { startServer } from "./server.mjs";

/** One of each kind of resource; of every collection its page, some items and one of them. */
async function resources() {
  const { collections } = await json("/collections");
  const paths = ["/collections", "/conformance", "/api"];
  for (const { id } of collections) {
    const page = await json(`/collections/${id}/items?limit=1`);
    const feature = encodeURIComponent(page.features[0].id);
    paths.push(`/collections/${id}`, `/collections/${id}/items?limit=20`, `/collections/${id}/items/${feature}`);
  }
  return [...paths, "/collections/bases/schema", "/collections/bases/items?basis=documents", "/collections/places/items?limit=20&offset=40", "/collections/bases/items/ogossagou", "/collections/bases/items?bbox=0,0,1,1", "/collections/bases/items?agreement=agreed&sortby=-name&datetime=2023-10-01/..&q=base", "/collections/bases/queryables", "/collections/bases/sortables", "/collections/places/schema/feature", "/functions", "/collections/bases/conflicts", "/collections/closures/conflicts", "/collections/bases/tiles", "/collections/bases/tiles/WebMercatorQuad?agreement=agreed", "/tiles", "/tiles/WebMercatorQuad", "/tileMatrixSets", "/tileMatrixSets/WebMercatorQuad", `/collections/bases/items?filter=${encodeURIComponent("order >= 2 AND CASEI(ACCENTI(name)) LIKE CASEI(ACCENTI('%a%')) AND closed_latest <= DATE('2023-12-31') AND region <> 'Gao'")}`, "/places/2457163", "/places/search", "/places/search?q=gao", "/places/reverse?lon=-0.04&lat=16.27"];
}

test("every resource is a page: titled, linked to its JSON, quiet, accessible in light and dark", async (t) => {
  const pages = { light: await visit(t, "/conformance"), dark: await visit(t, "/conformance", { colorScheme: "dark", viewport: PHONE, locale: "fr-FR" }) };
  for (const path of await resources())
    for (const [scheme, page] of Object.entries(pages)) {
      const response = await page.goto((await base()) + path);
      const type = response?.headers()["content-type"] ?? "";
      assert.equal(response?.status(), 200, path);
      assert.match(type, /^text\/html/, path);
      assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1, `${path} has one heading of the first level`);
      assert.notEqual(await page.title(), "", path);
      assert.equal(await page.locator("html").getAttribute("lang"), scheme === "dark" ? "fr" : "en", path);
      // A form that nothing was asked with is a page alone.
      if (!/\/search$/.test(path)) assert.ok((await page.locator('link[rel="alternate"][type*="json"], link[rel="self"][type*="json"], link[rel="service-desc"]').count()) > 0, `${path} names its JSON`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${path}, ${scheme}: nothing sticks out to the side (${wide} px)`);
      await accessible(page, `${path}, ${scheme}`);
    }
  await pages.light.goto(`${await base()}/collections/bases/items`);
  await shot(pages.light, "items");
  await pages.light.goto(`${await base()}/collections/bases/items/ogossagou`);
  await shot(pages.light, "item");
});

test("from the map's page to a record and back by links alone, without JavaScript", async (t) => {
  const page = await visit(t, "/", { javaScriptEnabled: false });
  await page.getByRole("heading", { level: 1, name: /MINUSMA/ }).waitFor();
  const rows = page.getByRole("table", { name: "Bases" }).locator("tbody tr");
  assert.equal(await rows.count(), 13);
  await rows.filter({ has: page.getByRole("link", { name: "Kidal", exact: true }) }).getByText(/31 October 2023/).waitFor();
  await rows.filter({ hasText: "Ogossagou" }).getByText("disputed").waitFor();
  await shot(page, "no-javascript");
  const bases = page.getByRole("table", { name: "Downloads" }).locator("tr").filter({ hasText: "Bases" });
  for (const name of ["GeoJSON", "CSV"]) {
    const href = await bases.getByRole("link", { name }).getAttribute("href");
    assert.equal((await fetch(new URL(href ?? "", page.url()))).status, 200, name);
  }
  await rows.getByRole("link", { name: "Ogossagou", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Ogossagou" }).waitFor();
  for (const side of ["3 August 2023", "4 August 2023"]) await page.locator("main").getByText(side, { exact: true }).first().waitFor();
  await page.getByRole("link", { name: "Map" }).first().click();
  await page.locator("#fallback").waitFor();
});

test("the map's page without JavaScript is accessible, in French and in the dark as well", async (t) => {
  for (const options of [{}, { locale: "fr-FR", colorScheme: /** @type {const} */ ("dark"), viewport: PHONE }]) {
    const page = await visit(t, "/conformance", options);
    // axe-core is a script itself: the page gets what a browser without scripts would draw.
    await page.route("**/?plain", async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(/<\/?noscript>/g, "").replace(/<script.*?<\/script>/gs, "");
      await route.fulfill({ response, body });
    });
    await page.goto(`${await base()}/?plain`);
    await page.getByRole("table").first().waitFor();
    await accessible(page, `without JavaScript, ${options.locale ?? "en"}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `nothing sticks out to the side (${wide} px)`);
  }
  const page = await visit(t, "/?lang=fr", { javaScriptEnabled: false });
  await page.getByRole("heading", { level: 1, name: /Le retrait de la MINUSMA/ }).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "fr");
  await page.locator("#fallback").getByText("31 octobre 2023").first().waitFor();
});

test("an error is an accessible page, on a desktop and a phone, light and dark", async (t) => {
  for (const options of [{}, { locale: "fr-FR", colorScheme: /** @type {const} */ ("dark"), viewport: PHONE }])
    for (const path of ["/collections/bases/items?filter=closed%20%3E&q=x", "/nowhere", "/collections/bases/items?bbox=14,-100,17,4"]) {
      const page = await visit(t, path, { ...options, expected: [/40[04]/] });
      await page.getByRole("alert").waitFor();
      await accessible(page, path);
    }
});

test("names that are markup stay names, on pages and on their maps", async (t) => {
  const hostile = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>"'&amp;`;
  const folder = mkdtempSync(join(tmpdir(), "harmattan-"));
  const properties = { name: hostile, kind: hostile, note: `</script>${hostile}` };
  const features = [1, 2].map((n) => ({ type: "Feature", id: `${hostile}${n}`, properties, geometry: { type: "Point", coordinates: [n, n] } }));
  writeFileSync(join(folder, "sites.geojson"), JSON.stringify({ type: "FeatureCollection", features }));
  const server = await startServer({ args: [join(folder, "sites.geojson")] });
  try {
    const quoted = encodeURIComponent(hostile);
    for (const path of ["/collections/sites/items", `/collections/sites/items?q=img&sortby=name&kind=${quoted}`, `/collections/sites/items/${quoted}1`, `/collections/sites/items?filter=${quoted}`, `/nowhere/${quoted}`, `/places/search?q=${quoted}`, "/embed"]) {
      const page = await visit(t, path, { at: server.base, expected: [/40[04]/] });
      if (path === "/embed") await page.locator("body.ready").waitFor();
      else if ((await page.locator(".smallmap").count()) > 0) {
        await page.locator("body[data-maps]").waitFor();
        await page.locator(".smallmap .dot").first().hover({ force: true });
      }
      assert.equal(await page.locator("img[src='x']").count(), 0, path);
      assert.doesNotMatch(await page.title(), /^taken/, path);
      await page.context().close();
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
});

test("the evidence leads to the source's own page and back, and each value says how it follows", async (t) => {
  const page = await visit(t, "/collections/bases/items/ogossagou", { javaScriptEnabled: false });
  const how = page.locator("#how-closed");
  await how.getByText(/cannot be true as well/).waitFor();
  await how.getByRole("link", { name: /^MINUSMA, 4 August 2023/ }).first().click();
  await page.waitForURL(/#claim-/);
  const claim = page.locator(".claim:target");
  await claim.getByText("low confidence").waitFor();
  await claim.locator(".from a").click();
  await page.waitForURL(/\/collections\/sources\/items\/.*#claim-/);
  await page.locator(".claim:target").getByRole("link", { name: "Ogossagou", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Ogossagou" }).waitFor();
  await page.goto(`${await base()}/collections/bases`);
  await page.getByRole("link", { name: "Where sources differ" }).first().click();
  await page.getByRole("heading", { level: 2, name: "Ogossagou" }).waitFor();
});

test("a place is found by its name, without JavaScript", async (t) => {
  const page = await visit(t, "/collections", { javaScriptEnabled: false });
  await page.getByRole("link", { name: "Places", exact: true }).first().click();
  await page.getByRole("searchbox", { name: "Name" }).fill("Tombouctou");
  await page.getByRole("button", { name: "Search" }).click();
  await page.waitForURL(/places\/search\?q=Tombouctou$/);
  await page.locator("main tbody th a").first().click();
  await page.getByRole("heading", { level: 1, name: "Timbuktu" }).waitFor();
  await page.getByRole("heading", { level: 2, name: "Records of this service here" }).waitFor();
});

test("the form filters, the headings sort, and both become the address, without JavaScript", async (t) => {
  const page = await visit(t, "/collections/bases/items", { javaScriptEnabled: false, expected: [/400/] });
  const rows = page.locator("main tbody tr");
  assert.equal(await rows.count(), 13);
  await page.getByText("Filter and sort").click();
  await page.getByRole("combobox", { name: "Agreement", exact: true }).selectOption("agreed");
  await page.getByLabel("From", { exact: true }).fill("2023-10-01");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/\?datetime=2023-10-01\/\.\.&agreement=agreed$|\?agreement=agreed&datetime=2023-10-01\/\.\.$/);
  const filtered = await rows.count();
  assert.ok(filtered > 0 && filtered < 13, `${filtered} rows`);
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await page.waitForURL(/sortby=name/);
  await page.locator('th[aria-sort="ascending"]').waitFor();
  const names = await rows.locator("th a").allInnerTexts();
  assert.deepEqual(names, [...names].sort((a, b) => (a < b ? -1 : 1)));
  await page.getByRole("columnheader", { name: "Name" }).getByRole("link").click();
  await page.waitForURL(/sortby=-name/);
  assert.equal(await page.getByRole("columnheader", { name: "Name" }).getAttribute("aria-sort"), "descending");
  assert.deepEqual(await rows.locator("th a").allInnerTexts(), [...names].reverse());
  await page.getByRole("link", { name: /Remove the filter Agreement/ }).click();
  await page.waitForURL((url) => !url.search.includes("agreement"));
  assert.ok((await rows.count()) > filtered);
  // A condition that cannot be read says why, and stands in the form to be mended.
  await page.getByLabel("Condition (CQL2 text)").fill("closed_earliest > 2");
  const [response] = await Promise.all([page.waitForResponse((answer) => answer.url().includes("filter=") && answer.status() !== 303), page.getByRole("button", { name: "Apply" }).click()]);
  assert.equal(response.status(), 400);
  await page.getByRole("alert").getByText(/compares values of one type/).waitFor();
  await page.getByLabel("Condition (CQL2 text)").fill("closed_earliest > DATE('2023-12-01')");
  await page.getByRole("button", { name: "Apply" }).click();
  await rows.first().waitFor();
  // What has an order is asked from and to, a text for what it contains; the address says so in its filter, and the form reads it back.
  await page.goto(`${await base()}/collections/bases/items`);
  await page.getByText("Filter and sort").click();
  await page.getByText("All properties").click();
  await page.getByLabel("Closed, earliest: From", { exact: true }).fill("2023-08-01");
  await page.getByLabel("Closed, earliest: To", { exact: true }).fill("2023-08-31");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL((url) => url.searchParams.get("filter") === "closed_earliest >= DATE('2023-08-01') AND closed_earliest <= DATE('2023-08-31')" && url.searchParams.size === 1);
  const august = await rows.count();
  assert.ok(august > 1 && august < 13, `${august} rows`);
  assert.equal(await page.getByLabel("Closed, earliest: From", { exact: true }).inputValue(), "2023-08-01");
  assert.equal(await page.getByLabel("Condition (CQL2 text)").inputValue(), "");
  await page.getByLabel("Condition (CQL2 text)").fill("region = 'Gao' OR region <> 'Gao'");
  await page.getByLabel("Region: contains", { exact: true }).fill("MOPTI");
  await page.getByRole("button", { name: "Apply" }).click();
  await page.waitForURL(/MOPTI/);
  assert.ok((await rows.count()) > 0 && (await rows.count()) < august);
  await shot(page, "items-bounds");
  await page.getByRole("link", { name: "Remove the filter Closed, earliest: from 1 August 2023" }).click();
  await page.getByRole("link", { name: /Remove the filter Condition/ }).click();
  await page.waitForURL((url) => url.searchParams.get("filter") === "CASEI(ACCENTI(region)) LIKE CASEI(ACCENTI('%MOPTI%')) AND closed_earliest <= DATE('2023-08-31')");
});

test("the small map shows the page's features, leads to their pages, and gives the form its area", async (t) => {
  for (const options of [{}, { colorScheme: /** @type {const} */ ("dark"), viewport: PHONE, hasTouch: true }]) {
    const page = await visit(t, "/collections/bases/items", options);
    await page.locator("body[data-maps]").waitFor();
    assert.equal(await page.locator(".smallmap .dot").count(), 13);
    assert.ok((await page.locator(".smallmap path.bm-land").count()) > 0, "on the base map that is part of the program");
    await accessible(page, "items with a map");
    await shot(page, `items-map-${options.colorScheme ?? "light"}`);
  }
  const page = await visit(t, "/collections/bases/items?agreement=disputed");
  await page.locator("body[data-maps]").waitFor();
  assert.equal(await page.locator(".smallmap .dot").count(), 1);
  await page.getByRole("button", { name: "Search this area" }).click();
  await page.waitForURL(/bbox=-?[\d.]+,-?[\d.]+,-?[\d.]+,-?[\d.]+/);
  await page.locator(".smallmap .dot").click();
  await page.getByRole("heading", { level: 1, name: "Ogossagou" }).waitFor();
});

test("long collections are read page by page", async (t) => {
  const page = await visit(t, "/collections/places/items?limit=50", { javaScriptEnabled: false });
  const first = await page.locator("main tbody tr").count();
  assert.equal(first, 50);
  const name = await page.locator("main tbody tr").first().innerText();
  await page.getByRole("link", { name: "Next page" }).first().click();
  await page.waitForURL(/cursor=|offset=/);
  assert.equal(await page.locator("main tbody tr").count(), 50);
  assert.notEqual(await page.locator("main tbody tr").first().innerText(), name);
});

test("every link of every page leads somewhere", async (t) => {
  const page = await visit(t, "/conformance", { javaScriptEnabled: false });
  const origin = await base();
  const known = new Set();
  for (const path of ["/", ...(await resources()).filter((path) => !path.endsWith("/schema"))]) {
    await page.goto(origin + path);
    const links = await page.locator("a[href], link[href]").evaluateAll((all) => all.map((link) => /** @type {HTMLAnchorElement} */ (link).href.split("#")[0]));
    for (const link of links) if (link.startsWith(`${origin}/`)) known.add(link);
  }
  assert.ok(known.size > 40, `${known.size} links`);
  const broken = [];
  for (const link of known) {
    const response = await fetch(link, { headers: { accept: "text/html, */*;q=0.5" } });
    await response.arrayBuffer();
    if (!response.ok) broken.push(`${response.status} ${link}`);
  }
  assert.deepEqual(broken, []);
});

test("every answer keeps the page to its own origin", async () => {
  for (const path of ["/", "/collections", "/collections/bases/items/kidal", "/assets/js/main.js", "/nowhere"]) {
    const { headers } = await fetch((await base()) + path, { headers: { accept: "text/html, */*;q=0.5" } });
    const policy = headers.get("content-security-policy") ?? "";
    for (const part of ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"]) assert.ok(policy.includes(part), `${path}: ${part} in ${policy}`);
    assert.doesNotMatch(policy, /unsafe/, path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
  }
});
