// Layers too large to be read whole: counts in place of features, by view and by day, down to the single feature.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DESKTOP, PHONE, accessible, shot, visit } from "./browser.mjs";
import { startServer, target } from "./server.mjs";

/** As many wells as make the page ask the server to count, by a fixed rule: a crowd about each of a hundred towns. */
const WELLS = 6000;
const well = (/** @type {number} */ i) => {
  const [town, spread] = [i % 100, (i * 7919) % 1000];
  const day = new Date(Date.UTC(2010, 0, 1 + (i % 3650))).toISOString();
  return {
    type: "Feature",
    id: `w${i}`,
    geometry: { type: "Point", coordinates: [-20 + (town % 10) * 4 + spread / 5000, 2 + Math.floor(town / 10) * 3 + ((spread * 31) % 1000) / 5000] },
    properties: { name: `Well ${i}`, dug: day.slice(0, 10), tested: day, deep: i % 2 === 0, kind: ["farm", "école", "l'eau"][i % 3], depth_m: i / 10, website: `https://wells.example/${i}`, users: ["farm", "school", "clinic", "market"].slice(0, 1 + (i % 4)) },
  };
};
/** Squares on a grid, one in ten with a line through it. */
const plot = (/** @type {number} */ i) => {
  const [x, y, s] = [(i % 60) / 10, 10 + Math.floor(i / 60) / 10, 0.06];
  const geometry = i % 10 ? { type: "Polygon", coordinates: [[[x, y], [x + s, y], [x + s, y + s], [x, y + s], [x, y]]] } : { type: "LineString", coordinates: [[x, y], [x + s, y + s]] };
  return { type: "Feature", id: i, geometry, properties: { title: `Plot ${i}` } };
};

/** A folder that says by what its wells can be filtered. */
const FILTERED = `[map]
time = { start = "2010-01-01", end = "2019-12-31", initial = "2019-12-31" }
[[collection]]
id = "wells"
title = "Wells"
files = ["wells.geojsonl"]
time = "dug"
[collection.map]
list = true
filters = ["deep", "kind", "depth_m"]
`;

/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
/** @type {Awaited<ReturnType<typeof startServer>>} */
let withFilters;
before(async () => {
  const folder = join(target, "tmp", "large");
  mkdirSync(folder, { recursive: true });
  const lines = (/** @type {(i: number) => unknown} */ of, /** @type {number} */ n) => Array.from({ length: n }, (_, i) => JSON.stringify(of(i))).join("\n");
  writeFileSync(join(folder, "wells.geojsonl"), lines(well, WELLS));
  writeFileSync(join(folder, "plots.geojsonl"), lines(plot, 3600));
  // The same with filters: what a folder says is in its harmattan.toml.
  const filtered = join(target, "tmp", "large-filtered");
  mkdirSync(filtered, { recursive: true });
  writeFileSync(join(filtered, "wells.geojsonl"), lines(well, WELLS));
  writeFileSync(join(filtered, "harmattan.toml"), FILTERED);
  server = await startServer({ args: [join(folder, "wells.geojsonl"), join(folder, "plots.geojsonl")] });
  withFilters = await startServer({ args: [filtered] });
});
after(async () => {
  await server?.stop();
  await withFilters?.stop();
});

/** @param {import("node:test").TestContext} t @param {string} state @param {Parameters<typeof visit>[2]} [options] */
async function open(t, state, options) {
  const page = await visit(t, `/${state}`, { at: server.base, ...options });
  await page.locator("#list h2", { hasText: /Wells.*(in view|visible)/ }).waitFor({ state: "attached" });
  return page;
}

/** The marks of a layer that stand for several features. @param {import("playwright-core").Page} page */
const counted = (page, layer = "wells") => page.locator(`#map [data-pin^="${layer} "]`);

/** How many wells the map shows, and how many the list says are in view. @param {import("playwright-core").Page} page */
const shown = (page) =>
  page.evaluate(() => {
    const number = (/** @type {string | null | undefined} */ text) => Number((text ?? "").replace(/[^\d]/g, ""));
    const marks = [...document.querySelectorAll("#map [data-pin]")].filter((pin) => /^wells[ /]/.test(pin.getAttribute("data-pin") ?? ""));
    const told = marks.map((pin) => /([\d,]+) (?:here|together|to be exact)(?!.*exact)/.exec(pin.getAttribute("aria-label") ?? "")?.[1]);
    return { marked: told.reduce((sum, n) => sum + (n ? number(n) : 1), 0), said: number(document.querySelector("#list h2 b")?.textContent) };
  });

/** Waits until the page has paused, asked and been answered. @param {import("playwright-core").Page} page */
async function answered(page) {
  await page.waitForTimeout(400);
  await page.waitForLoadState("networkidle");
}

/** Waits for the map to show as many as the list says. @param {import("playwright-core").Page} page */
async function settled(page) {
  await answered(page);
  const { marked, said } = await shown(page);
  assert.equal(marked, said, "every feature in view is in one mark");
  return said;
}

/** @param {string} query */
const matched = async (query) => (await (await fetch(`${server.base}/collections/wells/items?limit=1&${query}`)).json()).numberMatched;

test("many features are counted, and what is in view is drawn one by one where it is few enough", async (t) => {
  const page = await open(t, "");
  assert.equal(await settled(page), WELLS);
  assert.ok((await counted(page).count()) > 20 && (await counted(page).count()) < 200, "not one for each town, and not one for all");
  await page.getByText(/^The first 50 of 6,000 in view/).waitFor();
  assert.equal(await page.locator('#list .line[data-key^="wells/"]').count(), 50);
  await shot(page, "large");

  // Into a town: by a mark, as often as it takes.
  for (let i = 0; i < 12 && (await counted(page).count()); i++) {
    const was = page.url();
    // Marks that were drawn for the view before are gone once this one's are here.
    if (!(await counted(page).first().focus({ timeout: 2000 }).then(() => true, () => false))) continue;
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.href !== was);
    await answered(page);
  }
  assert.equal(await counted(page).count(), 0);
  const few = await settled(page);
  assert.ok(few > 0 && few <= 2000, String(few));
  await shot(page, "large-near");
});

test("a feature opens with its schema's words, by its list and by its address", async (t) => {
  const page = await open(t, "#map=9/2.1/-19.9");
  await page.locator('#list .line[data-key^="wells/"]').first().click();
  await page.locator("#drawer").getByText("Depth m").waitFor();
  await page.goto(`${server.base}/#on=wells/w${WELLS - 1}`);
  await page.reload();
  await page.getByRole("heading", { level: 2, name: `Well ${WELLS - 1}` }).waitFor();
  const panel = page.locator("#drawer");
  await panel.getByText("Depth m").waitFor();
  const text = await panel.innerText();
  for (const words of [/on 7 June 2016/, /Tested\s+7 June 2016 at 00:00:00 UTC/, /Deep\s+no/, /Depth m\s+599.9/]) assert.match(text, words);
  assert.equal(await panel.getByRole("link", { name: `https://wells.example/${WELLS - 1}` }).count(), 1);
  assert.equal(await panel.locator("dd li").count(), 4, "a long list is one");
  await page.locator(`#map [data-pin="wells/w${WELLS - 1}"]`).waitFor();
  await shot(page, "large-feature");
});

test("counts follow the chosen day and the searched area, all in the address", async (t) => {
  const page = await open(t, "#day=2012-06-30&off=plots");
  const day = await matched("datetime=../2012-06-30");
  assert.ok(day > 0 && day < WELLS);
  assert.equal(await settled(page), day);
  assert.match((await page.getByRole("slider").getAttribute("aria-valuetext")) ?? "", new RegExp(`^30 June 2012: ${day.toLocaleString("en-GB")} in view$`));
  await page.getByRole("slider").press("Home");
  await page.locator("#list h2", { hasText: /^Wells 2 in view/ }).waitFor();
  assert.equal(await settled(page), await matched("datetime=../2010-01-01"));

  await page.goto(`${server.base}/#day=2015-01-01&area=-21,1,-7,12`);
  await page.reload();
  await page.locator("#list h2", { hasText: /Wells.*in view/ }).waitFor();
  assert.equal(await settled(page), await matched("bbox=-21,1,-7,12&datetime=../2015-01-01"));
  await page.getByRole("button", { name: "Use this data" }).click();
  const address = (await page.locator("dialog pre a").first().getAttribute("href")) ?? "";
  const given = await (await fetch(address)).json();
  assert.equal(given.numberMatched, await matched("bbox=-21,1,-7,12&datetime=../2015-01-01"), address);
});

test("only the last view is asked for, and an answer that comes late draws nothing", async (t) => {
  const page = await open(t, "");
  const asked = /** @type {string[]} */ ([]);
  page.on("request", (request) => request.url().includes("/wells/clusters") && asked.push(request.url()));
  // The first of two views is answered late.
  let held = 0;
  await page.route(/wells\/clusters/, async (route) => {
    if (!held++) await new Promise((done) => setTimeout(done, 900));
    await route.continue().catch(() => {});
  });
  await page.getByRole("button", { name: "Zoom in", exact: true }).evaluate((button) => [1, 2, 3].forEach(() => /** @type {HTMLElement} */ (button).click()));
  await page.waitForTimeout(400);
  assert.equal(asked.length, 1, "three moves in quick succession are one question");
  await page.getByRole("button", { name: "Show everything" }).click();
  await page.waitForTimeout(1600);
  assert.equal(await settled(page), WELLS);
});

test("what fails says so, and may be tried again", async (t) => {
  const page = await open(t, "", { expected: [/500/] });
  await page.route(/wells\/clusters/, (route) => route.fulfill({ status: 500, contentType: "application/problem+json", body: '{"title":"Internal Server Error","detail":"the disk is on fire"}' }), { times: 1 });
  await page.getByRole("button", { name: "Zoom in", exact: true }).click();
  await page.getByRole("alert").getByText("the disk is on fire").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("alert").waitFor({ state: "detached" });
  assert.ok((await settled(page)) > 0);
});

test("lines and polygons are counted from afar and drawn nearby", async (t) => {
  const page = await open(t, "#off=wells&map=6/13/3");
  await counted(page, "plots").first().waitFor();
  assert.equal(await counted(page).count(), 0, "a layer that is off is not drawn");
  await page.goto(`${server.base}/#off=wells&map=10/12.5/2.5`);
  await page.locator("#map path.shape").first().waitFor();
  await counted(page, "plots").first().waitFor({ state: "detached" });
  await shot(page, "large-plots");
});

test("across the antimeridian the view is one box", async (t) => {
  const page = await open(t, "#map=3/10/179");
  const asked = page.waitForRequest(/wells\/clusters\?bbox=1\d\d[^&]*/);
  await page.getByRole("button", { name: "Zoom in", exact: true }).click();
  const [west, , east] = (new URL((await asked).url()).searchParams.get("bbox") ?? "").split(",").map(Number);
  assert.ok(west > 0 && east < 0 && west > east, `${west} ${east}`);
});

test("filters are the server's: counts, marks, picture of time and addresses follow them", async (t) => {
  const matched = async (/** @type {string} */ query) => (await (await fetch(`${withFilters.base}/collections/wells/items?limit=1&${query}`)).json()).numberMatched;
  const page = await visit(t, "/", { at: withFilters.base });
  await page.locator("#list h2", { hasText: /Wells.*in view/ }).waitFor();
  assert.equal(await settled(page), WELLS);
  const bars = () => page.locator("#time rect.s-plain.bar").evaluateAll((all) => all.map((bar) => Number(bar.getAttribute("height"))));
  const whole = await bars();
  assert.equal(whole.length, 120);
  assert.ok(whole.every((height) => height > 0), "wells were dug all the time");
  const filters = page.locator(".filters");
  await filters.locator("summary").click();
  const chip = (/** @type {RegExp} */ name) => filters.getByRole("button", { name });
  await chip(/^true 3000$/).waitFor();
  assert.equal(await filters.locator('[data-key^="depth_m="]').count(), 0, "a number of too many values is none to choose from");

  await chip(/^l'eau 2000$/).click();
  await page.locator("#list h2", { hasText: /^Wells 2,000 in view/ }).waitFor();
  assert.equal(await settled(page), await matched("filter=kind%3D%27l%27%27eau%27"));
  await chip(/^true 1000$/).click();
  await page.locator("#list h2", { hasText: /^Wells 1,000 in view/ }).waitFor();
  assert.equal(await settled(page), await matched("filter=kind%3D%27l%27%27eau%27%20AND%20deep%3Dtrue"));
  assert.equal(await chip(/^farm 1000$/).count(), 1, "a field's own choice is left aside where it is counted");
  assert.match(page.url(), /#.*f\.kind=l'eau|#.*f\.kind=l%27eau/);
  assert.notDeepEqual(await bars(), whole);
  await shot(page, "large-filtered");

  await page.getByRole("button", { name: "Use this data" }).click();
  const address = (await page.locator("dialog pre a").first().getAttribute("href")) ?? "";
  assert.equal((await (await fetch(address)).json()).numberMatched, 1000, address);
  await page.keyboard.press("Escape");
  await page.reload();
  await page.locator("#list h2", { hasText: /^Wells 1,000 in view/ }).waitFor();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await page.locator("#list h2", { hasText: /^Wells 6,000 in view/ }).waitFor();
});

test("the slider's picture counts large layers, and does not move with the map", async (t) => {
  const page = await visit(t, "/", { at: withFilters.base });
  await page.locator("#time rect.s-plain.bar").first().waitFor();
  const asked = /** @type {string[]} */ ([]);
  page.on("request", (request) => /counts\?.*bins/.test(request.url()) && asked.push(request.url()));
  const bars = await page.locator("#time rect.s-plain.bar").count();
  await page.getByRole("button", { name: "Zoom in", exact: true }).click();
  await answered(page);
  assert.equal(await page.locator("#time rect.s-plain.bar").count(), bars);
  assert.deepEqual(asked, [], "it is asked for once");
});

test("each plain layer has a colour and a mark of its own, on the map and in the list", async (t) => {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const page = await open(t, "#map=5/13/3", { colorScheme });
    await counted(page, "plots").first().waitFor();
    const fill = (/** @type {string} */ selector) => page.locator(selector).first().evaluate((node) => getComputedStyle(node).fill);
    const [wells, plots] = [await fill('#map [data-pin^="wells "] .core'), await fill('#map [data-pin^="plots "] .core')];
    assert.notEqual(wells, plots);
    const legend = await page.locator("#list h2 .mark .f").evaluateAll((marks) => marks.map((mark) => [getComputedStyle(mark).fill, mark.getAttribute("d")]));
    assert.deepEqual(legend.map(([color]) => color), [wells, plots]);
    assert.notEqual(legend[0][1], legend[1][1]);
    await shot(page, `large-colours-${colorScheme}`);
  }
});

for (const colorScheme of /** @type {const} */ (["light", "dark"]))
  for (const [name, viewport] of /** @type {const} */ ([["desktop", DESKTOP], ["phone", PHONE]]))
    test(`axe-core finds nothing: ${colorScheme}, ${name}`, async (t) => {
      const page = await open(t, "?lang=fr", { colorScheme, viewport });
      await counted(page).first().waitFor();
      await shot(page, `large-${colorScheme}-${name}`);
      await accessible(page, "counts");
    });
