// Pages of the real server in Debian's Chromium. Every page is watched: it must ask no other origin and log no error.

import assert from "node:assert/strict";
import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { after } from "node:test";
import { chromium } from "playwright-core";
import { startServer, target } from "./server.mjs";

/** Keep Chromium from talking to its maker: without these it looks up hosts that no test is about. */
const FLAGS = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"];

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** The first of Chromium's usual names on the path; CHROMIUM names another. */
function findChromium() {
  const names = [process.env.CHROMIUM, "chromium", "chromium-browser", "google-chrome"].filter((name) => name !== undefined && name !== "");
  for (const name of names)
    for (const folder of name.includes("/") ? [""] : (process.env.PATH ?? "").split(delimiter)) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here: the next one.
      }
    }
  throw new Error(`no Chromium found (looked for ${names.join(", ")}): apt-get install chromium`);
}

// The sandbox needs privileges that containers and root do not give; only the project's own pages are opened.
const startBrowser = () => chromium.launch({ executablePath: findChromium(), chromiumSandbox: false, args: FLAGS });

/** @type {Promise<[Awaited<ReturnType<typeof startServer>>, import("playwright-core").Browser]> | undefined} */
let running;
const start = () => (running ??= Promise.all([startServer(), startBrowser()]));

after(async () => {
  if (!running) return;
  const [server, browser] = await running;
  await browser.close();
  assert.equal(await server.stop(), 0, "SIGTERM ends the server with status 0");
});

/** The server's address, without a trailing slash. */
export const base = async () => (await start())[0].base;

/** The JSON of a resource, asked outside of any page. @param {string} path */
export async function json(path) {
  const response = await fetch((await base()) + path, { headers: { accept: "application/json, application/geo+json" } });
  assert.equal(response.status, 200, path);
  return response.json();
}

/**
 * Opens a page that closes with the test. `expected` are patterns of console errors that the test itself provokes,
 * `allowed` further origins that it configures, `at` another server than the common one.
 * @param {import("node:test").TestContext} t
 * @param {string} path
 * @param {import("playwright-core").BrowserContextOptions & {expected?: RegExp[], allowed?: string[], at?: string}} [options]
 */
export async function visit(t, path, { expected = [], allowed = [], at, ...options } = {}) {
  const [server, browser] = await start();
  const origin = at ?? server.base;
  const context = await browser.newContext({ viewport: DESKTOP, locale: "en-GB", colorScheme: "light", reducedMotion: "reduce", ...options });
  context.setDefaultTimeout(15_000);
  const faults = /** @type {string[]} */ ([]);
  await context.route(
    (url) => url.origin !== origin && !allowed.includes(url.origin),
    (route) => {
      faults.push(`asked another origin: ${route.request().url()}`);
      return route.abort();
    },
  );
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()} (${message.location().url})`));
  page.on("pageerror", (error) => faults.push(`page: ${error.stack ?? error.message}`));
  t.after(async () => {
    await context.close();
    assert.deepEqual(faults.filter((fault) => !expected.some((pattern) => pattern.test(fault))), []);
  });
  await page.goto(origin + path);
  return page;
}

/**
 * Opens the map and waits until it is drawn.
 * @param {import("node:test").TestContext} t
 * @param {string} [state] what stands behind the slash: `#…`, `?…`
 * @param {Parameters<typeof visit>[2]} [options]
 */
export async function visitMap(t, state = "", options = {}) {
  const page = await visit(t, `/${state}`, options);
  await drawn(page);
  return page;
}

/** @param {import("playwright-core").Page} page */
export async function drawn(page) {
  await page.locator("body.ready").waitFor();
  await page.locator('#map [data-pin^="bases/"]').first().waitFor();
}

/** Keeps a picture of the page in the target folder. @param {import("playwright-core").Page} page @param {string} name */
export async function shot(page, name) {
  const folder = join(target, "screenshots");
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

/** What axe-core checks: WCAG 2.2 A and AA, and its best practices. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** No rule of axe-core is violated. @param {import("playwright-core").Page} page @param {string} what */
export async function accessible(page, what) {
  // Evaluated, not added as an element: the page's own policy forbids inline scripts.
  await page.evaluate(`${axe};0`);
  const { violations } = await page.evaluate((values) => /** @type {any} */ (window).axe.run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] }), RULES);
  // A mark stands where its base stands, however near another: such targets are excepted (WCAG 2.2, 2.5.8, "essential").
  const essential = (/** @type {string} */ rule, /** @type {{html: string}} */ node) => rule === "target-size" && node.html.includes("data-pin=");
  const told = violations.flatMap(({ id, help, nodes }) =>
    nodes.filter((node) => !essential(id, node)).slice(0, 4).map((node) => `${id}: ${help}: ${node.target.join(" ")} ${node.html.slice(0, 160)} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`),
  );
  assert.deepEqual(told, [], what);
}
