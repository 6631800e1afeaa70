// What a reader of the map does: look, move the day, open a base, switch the sources, search, filter, take the data along.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { DESKTOP, PHONE, base, drawn, json, shot, visit, visitMap } from "./browser.mjs";
import { startServer } from "./server.mjs";

/** How many bases the map shows, clusters counted by what they say they hold. @param {import("playwright-core").Page} page */
const marked = (page) =>
  page.locator('#map [data-pin^="bases/"]').evaluateAll((pins) => pins.reduce((sum, pin) => sum + Number(/^(\d+) together/.exec(pin.getAttribute("aria-label") ?? "")?.[1] ?? 1), 0));

/** The rows of the list of bases as text. @param {import("playwright-core").Page} page */
const rows = (page) => page.locator('#list .line[data-key^="bases/"]');
/** @param {import("playwright-core").Page} page @param {string} id */
const row = (page, id) => page.locator(`#list .line[data-key="bases/${id}"]`);
/** @param {import("playwright-core").Page} page */
const drawer = (page) => page.getByRole("complementary", { name: "Details" });
/** @param {import("playwright-core").Page} page */
const slider = (page) => page.getByRole("slider", { name: "Day shown" });
/** Waits until the drawer has read the claims. @param {import("playwright-core").Page} page */
const evidence = (page) => drawer(page).getByRole("heading", { name: /Who says so/ }).waitFor();

test("the map is drawn: thirteen bases on land, in the list and on the timeline", async (t) => {
  const page = await visitMap(t);
  assert.match(await page.title(), /MINUSMA/);
  await page.locator("#map path.bm-land").first().waitFor({ state: "attached" });
  await page.locator("#map .bm-name").first().waitFor({ state: "attached" });
  assert.equal(await marked(page), 13);
  assert.equal(await rows(page).count(), 13);
  assert.equal(await page.locator("#time .row").count(), 13);
  assert.match((await slider(page).getAttribute("aria-valuetext")) ?? "", /^30 November 2024: 13 closed$/);
  // All marks are in view at the start.
  for (const box of await page.locator('#map [data-pin^="bases/"]').evaluateAll((pins) => pins.map((pin) => pin.getBoundingClientRect().toJSON())))
    assert.ok(box.left >= 0 && box.top >= 0 && box.right <= 1280 && box.bottom <= 800, JSON.stringify(box));
  await shot(page, "start");
});

test("long names find room in the list and on the timeline", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "harmattan-"));
  const names = ["The house of the long name that nobody can read in full", "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "Well"];
  const lines = names.map((name, i) => `${name},2020-0${i + 1}-01,2021-05-0${i + 1},${i},${i}`);
  writeFileSync(join(folder, "sites.csv"), `name,opened,closed,lon,lat\n${lines.join("\n")}\n`);
  const server = await startServer({ args: [join(folder, "sites.csv")] });
  try {
    for (const viewport of [DESKTOP, PHONE]) {
      const page = await visit(t, "/", { at: server.base, viewport });
      await page.locator("#time .row").nth(2).waitFor();
      const edges = await page.locator("#time .row text, #list .line span, #column").evaluateAll((all) => all.map((one) => ({ what: `${one.id}${one.className}${one.textContent}`, ...one.getBoundingClientRect().toJSON() })));
      const column = edges.find(({ what }) => what.startsWith("column"));
      assert.ok(column);
      for (const { what, left, right } of edges) assert.ok(left >= 0 && right <= viewport.width, `${what}: ${left} to ${right}`);
      for (const { what, right } of edges.filter(({ what }) => /^(who|at)/.test(what))) assert.ok(right <= column.right, `${what}: ${right}, the column ends at ${column.right}`);
      // Whole in the list; on the timeline cut, but whole in the title; and none below the button.
      assert.deepEqual(await page.locator("#list .who").allTextContents(), names);
      assert.deepEqual(await page.locator("#time .row title").evaluateAll((all) => all.map((one) => one.textContent).slice(0, 2)), names.slice(0, 2));
      const button = await page.locator("#time button").first().boundingBox();
      const first = await page.locator("#time .row text").first().boundingBox();
      assert.ok(button && first && first.y >= button.y + button.height - 2, JSON.stringify({ button, first }));
      await page.context().close();
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
});

test("moving the day changes the states, and never says more than the sources", async (t) => {
  const page = await visitMap(t);
  const { features } = await json("/collections/bases/items");
  const closedOn = (/** @type {string} */ day) => features.filter(({ properties: { closed_latest: last } }) => last && last <= day).length;
  for (const day of ["2023-06-16", "2023-08-03", "2023-08-04", "2023-08-24", "2023-08-25", "2023-10-31", "2023-12-31", "2024-07-15"]) {
    await page.goto(`${await base()}/#day=${day}`);
    const group = page.locator("#list").getByRole("heading", { name: /^Closed \d+$/ });
    const n = closedOn(day);
    if (n) await group.getByText(String(n), { exact: true }).waitFor();
    else await group.waitFor({ state: "detached" });
    assert.equal(await marked(page), 13, `all bases stay on the map on ${day}`);
  }
  // A day inside a possible range is said to be one.
  await page.goto(`${await base()}/#day=2023-08-03&on=bases/ogossagou`);
  await drawer(page).getByText("3 August 2023: uncertain").waitFor();
  await page.goto(`${await base()}/#day=2023-08-25&on=bases/menaka`);
  await drawer(page).getByText("25 August 2023: closed").waitFor();
});

test("the slider moves by drag, and plays", async (t) => {
  const page = await visitMap(t, "#day=2023-06-16");
  const words = () => slider(page).getAttribute("aria-valuetext");
  const before = await words();
  const track = await page.locator("#time .track").boundingBox();
  assert.ok(track);
  await page.mouse.move(track.x + track.width * 0.3, track.y + track.height / 2);
  await page.mouse.down();
  await page.mouse.move(track.x + track.width * 0.6, track.y + track.height / 2, { steps: 4 });
  await page.mouse.up();
  const dragged = await words();
  assert.notEqual(dragged, before);
  assert.match(page.url(), /#.*day=202[34]-\d\d-\d\d/);
  await page.getByRole("button", { name: "Play" }).click();
  await page.waitForFunction((was) => document.querySelector(".slider")?.getAttribute("aria-valuetext") !== was, dragged);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Play" }).waitFor();
});

test("a mark opens its base: when, how sure, who says so, how it was placed, the record", async (t) => {
  const page = await visitMap(t);
  const pin = page.locator('#map [data-pin="bases/kidal"]');
  assert.match((await pin.getAttribute("aria-label")) ?? "", /Kidal/);
  await pin.click();
  await drawer(page).getByRole("heading", { level: 2, name: "Kidal" }).waitFor();
  await evidence(page);
  assert.match(page.url(), /on=bases\/kidal/);
  await drawer(page).getByText(/on 31 October 2023/).first().waitFor();
  const { features } = await json("/collections/claims/items?limit=10000");
  const claims = features.filter(({ properties }) => properties.subject === "kidal");
  assert.ok(claims.length > 1);
  assert.equal(await drawer(page).locator(".claim").count(), claims.length, "every claim is shown");
  const sources = await drawer(page).locator(".claim .from a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  const known = claims.flatMap(({ properties: p }) => [`collections/sources/items/${p.source}`, ...(p.source_address ? [p.source_address] : [])]);
  assert.deepEqual(new Set(sources), new Set(known), "each source's page, and its own address where it is known");
  await drawer(page).getByRole("heading", { name: "How it was placed" }).waitFor();
  await drawer(page).getByText(/within 5 km/).waitFor();
  // The circle of the accuracy radius is on the map, and the drawer does not cover the mark.
  assert.equal(await page.locator("#map path.accuracy").count(), 1);
  const [mark, panel] = await Promise.all([pin.boundingBox(), drawer(page).boundingBox()]);
  assert.ok(mark && panel && mark.x + mark.width <= panel.x, "the drawer leaves the mark in view");
  const href = await drawer(page).getByRole("link", { name: "GeoJSON" }).getAttribute("href");
  const record = await (await fetch(/** @type {string} */ (href))).json();
  assert.equal(record.id, "kidal");
  await shot(page, "base");
  await drawer(page).getByRole("button", { name: "Close" }).click();
  await drawer(page).waitFor({ state: "hidden" });
});

test("a disputed date shows both sides and the rule", async (t) => {
  const page = await visitMap(t);
  await row(page, "ogossagou").getByText("disputed").waitFor();
  await row(page, "ogossagou").click();
  await evidence(page);
  await drawer(page).getByText("on 3 or 4 August 2023").first().waitFor();
  const sides = drawer(page).locator(".sides > div");
  assert.deepEqual(await sides.locator("b").allTextContents(), ["on 3 August 2023", "on 4 August 2023"]);
  for (const publishers of await sides.locator("span").allTextContents()) assert.notEqual(publishers, "", "each side names who says so");
  await drawer(page).getByText(/Shown first: on 3 August 2023/).waitFor();
  await shot(page, "disputed");
});

test("what the five reports alone say changes map, list and drawer together", async (t) => {
  const page = await visitMap(t);
  await row(page, "kidal").getByText(/31 Oct 2023/).waitFor();
  await page.getByRole("switch", { name: "What the five reports alone say" }).click();
  await page.locator(".switch").getByText(/not in them/).waitFor();
  assert.match(page.url(), /view=documents/);
  const { features } = await json("/collections/bases/items?basis=documents");
  assert.equal(await rows(page).count(), features.length);
  assert.equal(await marked(page), features.length);
  for (const [id, date] of [["ansongo", "18 Nov 2023"], ["ogossagou", "3 Aug 2023"], ["menaka", "25–31 Aug 2023"], ["sevare", "4–10 Dec 2023"]])
    await row(page, id).getByText(date, { exact: true }).waitFor();
  assert.doesNotMatch(await row(page, "kidal").innerText(), /Oct|Nov/, "the five reports do not say when Kidal closed");
  await row(page, "kidal").click();
  await drawer(page).getByRole("heading", { level: 2, name: "Kidal" }).waitFor();
  const claims = (await json("/collections/claims/items?basis=documents&limit=10000")).features.filter(({ properties }) => properties.subject === "kidal");
  await drawer(page).locator(".claim").nth(claims.length - 1).waitFor({ state: "attached" });
  assert.equal(await drawer(page).locator(".claim").count(), claims.length);
  await shot(page, "five-reports");
  await page.getByRole("switch").click();
  await row(page, "kidal").getByText(/31 Oct 2023/).waitFor();
});

test("search finds places in any spelling", async (t) => {
  const page = await visitMap(t);
  const search = page.getByRole("combobox", { name: "Search places" });
  const found = page.getByRole("listbox", { name: "Places found" });
  for (const [typed, name, id] of [["Menaka", "Ménaka", "menaka"], ["Tombouctou", "Timbuktu", "timbuktu"], ["sevare", "Mopti–Sévaré", "sevare"]]) {
    await search.fill(typed);
    await found.getByRole("option").first().getByText(name, { exact: true }).waitFor();
    await search.press("Enter");
    await drawer(page).getByRole("heading", { level: 2, name, exact: true }).waitFor();
    assert.match(page.url(), new RegExp(`on=bases/${id}`));
  }
  // A place of the gazetteer that is no base.
  await search.fill("Koulikoro");
  await found.getByRole("option").filter({ hasText: "Koulikoro" }).first().click();
  await drawer(page).getByRole("heading", { level: 2, name: /Koulikoro/ }).waitFor();
  assert.match(page.url(), /on=places\//);
  await search.fill("Xyzzyx");
  await found.getByText("Nothing is called “Xyzzyx”.").waitFor();
});

test("search says what it waits for, and means what was typed", async (t) => {
  const page = await visitMap(t, "", { expected: [/status of 503/] });
  const search = page.getByRole("combobox", { name: "Search places" });
  const found = page.getByRole("listbox", { name: "Places found" });
  const status = page.locator(".search [role=status]");
  // There are dozens, six are shown; no name is broken in two.
  await search.fill("Springfield");
  await found.getByText("More than 6 places bear this name: region and country tell them apart.").waitFor();
  assert.equal(await found.getByRole("option").count(), 6);
  assert.match((await status.textContent()) ?? "", /^More than 6 .*6 results$/);
  const heights = await found.locator(".who").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  assert.ok(Math.max(...heights) < 30, `${heights}`);
  // What was chosen with the arrows is no longer once another letter is typed.
  await search.press("ArrowDown");
  assert.equal(await search.getAttribute("aria-activedescendant"), "found-0");
  await search.press("x");
  assert.equal(await search.getAttribute("aria-activedescendant"), null);
  // No letters are no name, and longer ones than the gazetteer takes cannot be typed.
  await search.fill("***");
  await found.getByText("Nothing is called “***”.").waitFor();
  assert.equal(await found.getByRole("option").count(), 0);
  assert.equal(await search.getAttribute("maxlength"), "256");
  // Enter before the answer is there: it goes to the first, when it comes, but does not choose among namesakes.
  const late = async (/** @type {import("playwright-core").Route} */ route) => {
    await new Promise((done) => setTimeout(done, 1200));
    await route.continue();
  };
  await page.route("**/places/suggest?*", late);
  await search.fill("Nairobi");
  await search.press("Enter");
  await found.getByText("Searching…").waitFor();
  assert.equal(await status.textContent(), "Searching…");
  await drawer(page).getByRole("heading", { level: 2, name: /Nairobi/ }).waitFor();
  await search.fill("Springfield");
  await search.press("Enter");
  await found.getByText(/^More than 6 places/).waitFor();
  assert.equal(await found.getByText("Searching…").count(), 0);
  await page.unroute("**/places/suggest?*", late);
  await page.route("**/places/suggest?*", (route) => route.fulfill({ status: 503, body: "busy" }));
  await search.fill("Lagos");
  await found.getByText("The gazetteer did not answer.").waitFor();
});

test("filters and the searched area narrow map and list alike", async (t) => {
  const page = await visitMap(t, "#day=2023-10-15");
  const { features } = await json("/collections/bases/items");
  const filters = page.locator(".filters");
  await filters.getByRole("button", { name: /^Closed/ }).click();
  const closed = features.filter(({ properties }) => properties.closed_latest && properties.closed_latest <= "2023-10-15").length;
  await page.waitForFunction((n) => document.querySelectorAll('#list .line[data-key^="bases/"]').length === n, closed);
  assert.equal(await marked(page), closed);
  await filters.getByRole("button", { name: "Clear the filters" }).click();
  await filters.getByText(/^Filter by/).click();
  await filters.getByRole("group", { name: "Region" }).getByRole("button", { name: /^Kidal/ }).click();
  const north = features.filter(({ properties }) => properties.region === "Kidal").length;
  await page.waitForFunction((n) => document.querySelectorAll('#list .line[data-key^="bases/"]').length === n, north);
  assert.match(decodeURIComponent(page.url()), /f\.region=Kidal/);

  await page.goto(`${await base()}/#map=7/16.5/-1`);
  await page.getByRole("button", { name: "Search this area" }).click();
  await page.waitForURL(/area=/);
  const area = new URLSearchParams(new URL(page.url()).hash.slice(1)).get("area");
  const inside = (await json(`/collections/bases/items?bbox=${area}`)).features.length;
  assert.ok(inside > 0 && inside < 13, `${inside} bases in ${area}`);
  await page.waitForFunction((n) => document.querySelectorAll('#list .line[data-key^="bases/"]').length === n, inside);
  await page.getByRole("button", { name: /^Leave the area/ }).click();
  await page.waitForFunction(() => document.querySelectorAll('#list .line[data-key^="bases/"]').length === 13);
});

test("“use this data” gives addresses that answer for exactly the view", async (t) => {
  const page = await visitMap(t, "#view=documents&area=-5,14,2,18");
  await page.getByRole("button", { name: "Use this data" }).click();
  const dialog = page.getByRole("dialog", { name: "Use this data" });
  const line = (/** @type {string} */ name) => dialog.getByRole("group", { name, exact: true }).innerText();
  assert.equal((await line("QGIS")).trim(), `${await base()}/`);
  const geojson = (await line("GeoJSON")).trim();
  const page1 = await (await fetch(geojson)).json();
  const listed = await rows(page).evaluateAll((lines) => lines.map((l) => l.getAttribute("data-key")?.slice("bases/".length)));
  assert.deepEqual(page1.features.map(({ id }) => id).sort(), listed.sort());
  const csv = await (await fetch((await line("CSV")).trim())).text();
  assert.equal(csv.trim().split("\r\n").length, listed.length + 1, "a header and a row for each base");
  for (const name of ["curl", "ogr2ogr", "Python", "R"]) assert.ok((await line(name)).includes(geojson), name);
  assert.match(await line("How to cite"), /CC BY 4\.0/);
  await shot(page, "use-this-data");
});

test("names and notes reach the page as text", async (t) => {
  const evil = '<img src="x" onerror="document.title=1"><b>Kidal</b>';
  const page = await visit(t, "/collections?f=html");
  await page.route("**/collections/bases/items*", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    for (const { properties } of body.features) Object.assign(properties, { name: `${evil} ${properties.name}`, region: evil, other_names: [evil] });
    await route.fulfill({ response, json: body });
  });
  await page.route("**/collections/claims/items*", async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    for (const { properties } of body.features) Object.assign(properties, { note: evil, anchor: evil, source_title: evil, publisher: evil, counted: evil });
    await route.fulfill({ response, json: body });
  });
  await page.goto(`${await base()}/#on=bases/kidal`);
  await drawn(page);
  await evidence(page);
  await drawer(page).getByText(evil).first().waitFor();
  assert.equal(await page.locator("img[src='x']").count(), 0);
  assert.match(await page.title(), /^<img/);
});

test("what was loaded goes on working offline, and what fails says so", async (t) => {
  const page = await visitMap(t, "", { expected: [/Failed to load resource/] });
  await row(page, "gao").click();
  await evidence(page);
  await page.context().setOffline(true);
  await row(page, "kidal").click();
  await drawer(page).getByRole("heading", { level: 2, name: "Kidal" }).waitFor();
  await evidence(page);
  await slider(page).press("Home");
  await page.locator("#list").getByRole("heading", { name: /^Open/ }).waitFor();
  await page.getByRole("switch").click();
  const alert = page.getByRole("alert").first();
  await alert.getByText("This could not be loaded:").waitFor();
  await alert.getByRole("link", { name: /collections\/.*basis=documents/ }).waitFor();
  assert.equal(await page.locator(".switch").getByText(/not in them/).count(), 0, "nothing is said of what could not be read");
  await page.context().setOffline(false);
  await alert.getByRole("button", { name: "Try again" }).click();
  await page.locator(".switch").getByText(/not in them/).waitFor();
  await alert.waitFor({ state: "detached" });
});
