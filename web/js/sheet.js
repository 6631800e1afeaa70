// The bottom sheet of narrow screens: three heights, by its handle's drag or press.

import { h } from "./dom.js";
import { t } from "./words.js";

/** Shares of the window's height; the first is only a strip. */
const HEIGHTS = [0.13, 0.5, 0.92];

/** @param {HTMLElement} root @param {number} at which of the heights */
export function createSheet(root, at) {
  const handle = h("button.handle");
  const to = (/** @type {number} */ next) => {
    at = Math.max(0, Math.min(HEIGHTS.length - 1, next));
    document.body.dataset.sheet = String(at);
    handle.setAttribute("aria-label", t(at === 2 ? "sheet.less" : "sheet.more"));
    handle.setAttribute("aria-expanded", String(at > 0));
  };
  handle.addEventListener("click", () => to(at === 2 ? 0 : at + 1));
  handle.addEventListener("pointerdown", (e) => {
    const from = e.clientY;
    handle.setPointerCapture(e.pointerId);
    const move = (/** @type {PointerEvent} */ m) => {
      if (Math.abs(m.clientY - from) < 24) return;
      const share = 1 - m.clientY / innerHeight;
      to(HEIGHTS.map((s, i) => [Math.abs(s - share), i]).sort((a, b) => a[0] - b[0])[0][1]);
      handle.addEventListener("click", (c) => c.stopImmediatePropagation(), { capture: true, once: true });
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", () => handle.removeEventListener("pointermove", move), { once: true });
  });
  root.prepend(handle);
  to(at);
  return { to, atLeast: (/** @type {number} */ n) => to(Math.max(at, n)) };
}
