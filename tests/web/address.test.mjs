// The whole view is in the address: it reopens, goes back and forward, and survives what it does not know.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, PHONE, accessible, base, drawn, shot, visit, visitMap } from "./browser.mjs";

const STATE = "#map=6.5/16.400/-1.500&day=2023-08-25&on=bases/menaka&f.region=M%C3%A9naka&f.state=closed";

/** What a reader sees of the view. @param {import("playwright-core").Page} page */
const seen = (page) =>
  page.evaluate(() => ({
    day: document.querySelector(".slider")?.getAttribute("aria-valuetext"),
    chosen: document.getElementById("chosen")?.textContent ?? null,
    list: [...document.querySelectorAll("#list .line")].map((line) => line.textContent),
    pressed: [...document.querySelectorAll('.filters [aria-pressed="true"]')].map((button) => button.textContent),
    switched: /** @type {HTMLInputElement | null} */ (document.getElementById("basis"))?.checked,
  }));

test("an address reopens what its sender saw, on a phone as well", async (t) => {
  const first = await visitMap(t, "#day=2023-10-01");
  await first.locator('#list .line[data-key="bases/menaka"]').click();
  await first.locator("#chosen").waitFor();
  await first.locator(".filters").getByRole("button", { name: /^Closed/ }).click();
  await first.getByRole("switch").click();
  await first.locator(".switch").getByText(/not in them/).waitFor();
  await first.getByRole("button", { name: "Zoom in" }).click();
  await first.waitForURL(/map=/);
  const address = new URL(first.url());
  const before = await seen(first);
  assert.equal(before.chosen, "Ménaka");

  const second = await visitMap(t, address.hash);
  await second.locator(".switch").getByText(/not in them/).waitFor();
  assert.deepEqual(await seen(second), before);
  await second.reload();
  await drawn(second);
  assert.deepEqual(await seen(second), before);
  assert.equal(new URL(second.url()).hash, address.hash, "opening does not change it");

  const phone = await visitMap(t, address.hash, { viewport: PHONE, hasTouch: true, isMobile: true });
  await phone.locator("#chosen").waitFor({ state: "attached" });
  assert.deepEqual(await seen(phone), before);
});

test("another size of the map is no move of the reader's: the address stays", async (t) => {
  const page = await visitMap(t, "#map=6.25/17.692/-3.748&day=2023-10-01");
  const { hash } = new URL(page.url());
  const [width, height] = [DESKTOP.width, DESKTOP.height];
  for (const size of [{ width: width - 101, height: height - 75 }, { width: width - 31, height }, { width, height }]) {
    await page.setViewportSize(size);
    await page.waitForFunction((wide) => document.getElementById("map")?.closest("body")?.clientWidth === wide, size.width);
    // The address is written late: longer than that after the last move, which is drawn in a frame of its own.
    await page.waitForTimeout(600);
    assert.equal(new URL(page.url()).hash, hash);
  }
  await page.getByRole("button", { name: "Zoom in" }).click();
  await page.waitForURL(/map=7\/17\.\d{3}\/-3\.\d{3}&/);
});

test("back and forward go through what was chosen", async (t) => {
  const page = await visitMap(t);
  const heading = page.locator("#chosen");
  await page.locator('#list .line[data-key="bases/gao"]').click();
  await heading.getByText("Gao", { exact: true }).waitFor();
  await page.locator('#list .line[data-key="bases/kidal"]').click();
  await heading.getByText("Kidal", { exact: true }).waitFor();
  await page.goBack();
  await heading.getByText("Gao", { exact: true }).waitFor();
  await page.goBack();
  await heading.waitFor({ state: "detached" });
  await page.goForward();
  await heading.getByText("Gao", { exact: true }).waitFor();
});

test("an address with parts that are wrong or unknown opens all the same", async (t) => {
  for (const state of ["#day=2023-13-45&map=x/y&on=bases/nowhere&f.colour=red&area=1,2", "#%E0%A4%A&day=2023-09-01", "?utm_source=letter&fbclid=1#day=2023-09-01", "#day=1999-01-01"]) {
    const page = await visitMap(t, state, { expected: [/404/] });
    assert.equal(await page.locator("#time .row").count(), 13, state);
    await page.close();
  }
});

test("the map in French, by button, address and the browser's language", async (t) => {
  const chosen = await visitMap(t, STATE);
  await chosen.getByRole("button", { name: "FR", exact: true }).click();
  await chosen.getByRole("heading", { level: 1, name: /Le retrait de la MINUSMA/ }).waitFor();
  assert.match(chosen.url(), /lang=fr/);
  for (const page of [chosen, await visitMap(t, `${STATE}&lang=fr`), await visitMap(t, `?lang=fr${STATE}`), await visitMap(t, STATE, { locale: "fr-FR" })]) {
    await page.getByRole("heading", { level: 1, name: /Le retrait de la MINUSMA/ }).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "fr");
    await page.getByRole("complementary", { name: "Détails" }).getByText("25 août 2023").first().waitFor();
    await page.getByRole("switch", { name: /cinq/ }).waitFor();
    const shown = await page.locator("body").innerText();
    assert.doesNotMatch(shown, /\b(Who says so|How sure|Timeline|Search places|reported)\b/, "no English word is left");
  }
  await shot(chosen, "french");
});

test("embedded, the page is the map with a way to the whole, which shows the same", async (t) => {
  for (const options of [{ viewport: { width: 600, height: 400 } }, { viewport: PHONE, colorScheme: /** @type {const} */ ("dark") }]) {
    const page = await visitMap(t, "embed#day=2023-10-01", options);
    const full = page.getByRole("link", { name: "Open the full map" });
    await full.waitFor();
    assert.equal(await full.getAttribute("href"), `${await base()}/#day=2023-10-01`);
    assert.equal(await page.getByRole("searchbox").count(), 0);
    await accessible(page, "embedded");
    await shot(page, `embedded-${options.colorScheme ?? "light"}`);
    // By keyboard alone: the day, a mark, its evidence, and back.
    await page.getByRole("slider").focus();
    await page.keyboard.press("End");
    assert.match((await full.getAttribute("href")) ?? "", /#day=2024-11-30$/);
    await page.locator('#map [data-pin="bases/kidal"]').focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 2, name: "Kidal" }).waitFor();
    assert.match(page.url(), /\/embed#.*on=bases\/kidal/);
    await accessible(page, "embedded, with a base");
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { level: 2, name: "Kidal" }).waitFor({ state: "detached" });
  }
  const french = await visitMap(t, "embed?lang=fr");
  await french.getByRole("link", { name: "Ouvrir la carte complète" }).waitFor();
  // The older spelling of the same.
  const older = await visitMap(t, "?embed=1");
  await older.getByRole("link", { name: "Open the full map" }).waitFor();
});

test("link previews and other programs find title, description and the API", async (t) => {
  const page = await visit(t, "/");
  const meta = (/** @type {string} */ name) => page.locator(`meta[property="${name}"], meta[name="${name}"]`).first().getAttribute("content");
  assert.match((await meta("og:title")) ?? "", /MINUSMA/);
  assert.notEqual(await meta("og:description"), "");
  assert.match((await meta("og:url")) ?? "", /^http/);
  assert.notEqual(await meta("description"), "");
  for (const rel of ["service-desc", "conformance", "data", "canonical", "icon"]) assert.ok((await page.locator(`link[rel~="${rel}"]`).count()) > 0, rel);
});
