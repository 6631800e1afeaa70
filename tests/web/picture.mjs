// README's picture, tests/web/map.png: taken anew by `tests/run --picture`, and only by it, so that it changes when somebody wants it to.

import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { visitMap } from "./browser.mjs";

test("the picture of the map", async (t) => {
  // Half of the bases closed, half of them open, and the base whose sources differ chosen.
  const page = await visitMap(t, "#day=2023-10-22&on=bases/ogossagou");
  await page.locator(".claim").first().waitFor();
  await page.waitForLoadState("networkidle");
  await page.screenshot({ path: fileURLToPath(new URL("map.png", import.meta.url)) });
});
