// The map for everyone: by keyboard alone, on a phone, in the dark, with a screen reader.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DESKTOP, PHONE, accessible, shot, visitMap } from "./browser.mjs";

/** What has the focus. @param {import("playwright-core").Page} page */
const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("data-key") ?? document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "");

test("everything by keyboard alone", async (t) => {
  const page = await visitMap(t);
  const { keyboard } = page;
  // The first stop is the way past everything else.
  await keyboard.press("Tab");
  assert.equal(await focused(page), "Skip to the list");
  await keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "list");
  // One stop for the list, arrows inside, Enter opens, the heading has the focus, Escape goes back.
  await keyboard.press("Tab");
  const first = await focused(page);
  assert.match(first, /^bases\//);
  await keyboard.press("ArrowDown");
  const second = await focused(page);
  assert.match(second, /^bases\//);
  assert.notEqual(second, first);
  await keyboard.press("End");
  await keyboard.press("Home");
  assert.equal(await focused(page), first);
  await keyboard.press("ArrowDown");
  await keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "chosen");
  await keyboard.press("Escape");
  await page.locator("#chosen").waitFor({ state: "detached" });
  assert.equal(await focused(page), second);
  // Search from anywhere.
  await keyboard.press("/");
  assert.equal(await focused(page), "Search places");
  await keyboard.type("ansongo");
  await page.getByRole("option").first().waitFor();
  await keyboard.press("ArrowDown");
  assert.equal(await page.getByRole("option", { selected: true }).count(), 1);
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: "Ansongo" }).waitFor();
  await page.waitForFunction(() => document.activeElement?.id === "chosen");
  await keyboard.press("Escape");
  assert.equal(await focused(page), "Search places", "back where it came from");
  // The keys themselves; in a text field, where the focus now is, a question mark is one.
  await page.getByRole("slider").focus();
  await keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  // The day.
  const slider = page.getByRole("slider");
  await slider.focus();
  const day = async () => ((await slider.getAttribute("aria-valuetext")) ?? "").split(":")[0];
  for (const [key, expected] of [["Home", "16 June 2023"], ["ArrowRight", "17 June 2023"], ["ArrowLeft", "16 June 2023"], ["PageDown", "16 June 2023"], ["PageUp", "16 July 2023"], ["End", "30 November 2024"]]) {
    await keyboard.press(key);
    assert.equal(await day(), expected, key);
  }
  // A mark of the map.
  await page.locator('#map [data-pin="bases/kidal"]').focus();
  await keyboard.press("Enter");
  await page.getByRole("heading", { level: 2, name: "Kidal" }).waitFor();
});

test("every stop of the keyboard shows where it is, and none is a trap", async (t) => {
  const page = await visitMap(t, "#on=bases/gao");
  await page.locator(".claim").first().waitFor();
  const stops = new Set();
  for (let i = 0; i < 140; i++) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const el = document.activeElement;
      if (!el || el === document.body) return null;
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(el);
      const box = el.getBoundingClientRect();
      const path = [];
      for (let e = /** @type {Element | null} */ (el); e; e = e.parentElement) path.unshift(e.parentElement ? [...e.parentElement.children].indexOf(e) : 0);
      return { id: path.join(), html: el.outerHTML.slice(0, 120), visible: box.width > 0 && box.height > 0, ring: (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none" };
    });
    if (!stop || stops.has(stop.id)) break;
    stops.add(stop.id);
    assert.ok(stop.visible, `has a size: ${stop.html}`);
    assert.ok(stop.ring, `shows the focus: ${stop.html}`);
  }
  assert.ok(stops.size > 20 && stops.size < 140, `${stops.size} stops, then round again`);
});

test("the chosen day and its counts are announced once, politely", async (t) => {
  const page = await visitMap(t);
  await page.getByRole("slider").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("PageUp");
  await page.waitForFunction(() => [...document.querySelectorAll('[role="status"]')].some((el) => /^16 July 2023: \d/.test(el.textContent ?? "")));
});

test("on a phone: the map above, one sheet of three heights below", async (t) => {
  const page = await visitMap(t, "", { viewport: PHONE, hasTouch: true, isMobile: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= PHONE.width, `nothing sticks out to the side: ${wide}`);
  const pins = await page.locator('#map [data-pin^="bases/"]').evaluateAll((all) => all.map((pin) => pin.getBoundingClientRect().toJSON()));
  for (const { left, right } of pins) assert.ok(left >= 0 && right <= PHONE.width, "all marks are in view");
  await shot(page, "phone");
  const sheet = page.locator("#sheet");
  const height = async () => PHONE.height - ((await sheet.boundingBox())?.y ?? 0);
  const low = await height();
  await page.getByRole("button", { name: "Raise the list" }).tap();
  await page.waitForFunction((was) => innerHeight - document.getElementById("sheet").getBoundingClientRect().top > was + 100, low);
  const half = await height();
  await page.locator('#list .line[data-key="bases/ogossagou"]').tap();
  await page.getByRole("heading", { level: 2, name: "Ogossagou" }).waitFor();
  await page.locator(".claim").first().waitFor({ state: "attached" });
  await shot(page, "phone-base");
  await page.getByRole("button", { name: "Raise the list" }).tap();
  await page.waitForFunction((was) => innerHeight - document.getElementById("sheet").getBoundingClientRect().top > was + 100, half);
  await page.getByRole("button", { name: "Close", exact: true }).tap();
  await page.locator("#chosen").waitFor({ state: "detached" });
});

for (const colorScheme of /** @type {const} */ (["light", "dark"]))
  for (const [name, viewport] of /** @type {const} */ ([["desktop", DESKTOP], ["phone", PHONE]]))
    test(`axe-core finds nothing: ${colorScheme}, ${name}`, async (t) => {
      const page = await visitMap(t, "", { colorScheme, viewport });
      await accessible(page, "start");
      await page.goto(`${page.url().split("#")[0]}#day=2023-10-15&on=bases/ogossagou`);
      await page.locator(".claim").first().waitFor({ state: "attached" });
      await shot(page, `${colorScheme}-${name}`);
      await accessible(page, "a disputed base in the drawer");
      await page.goto(`${page.url().split("#")[0]}#day=2023-12-12&on=bases/gao&view=documents`);
      await page.locator(".switch").getByText(/not in them/).waitFor({ state: "attached" });
      await page.locator(".claim").first().waitFor({ state: "attached" });
      await page.locator("#drawer details summary, .filters summary").evaluateAll((all) => all.forEach((summary) => summary.parentElement?.setAttribute("open", "")));
      await accessible(page, "five reports, everything unfolded");
      await page.getByRole("button", { name: "Use this data" }).click();
      await accessible(page, "use this data");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await page.getByRole("dialog", { name: "Keys" }).waitFor();
      await accessible(page, "keys");
    });
