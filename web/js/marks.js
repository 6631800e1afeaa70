// The marks: a state is told by shape and fill as well as by colour, here and in the legend, the list and the map.

import { svg } from "./dom.js";
import { compact } from "./words.js";

/** Paths in a box of 16 × 16, by class: `f` filled with the state's colour, `o` an outline, `c` cut out of the fill. */
/** @type {Record<string, [string, string][]>} */
const SHAPES = {
  open: [["f o", "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2z"]],
  closing_planned: [["f o", "M8 .8 15.2 8 8 15.2.8 8z"], ["c", "M8 5v6"]],
  uncertain: [["b o", "M8 2a6 6 0 1 1 0 12A6 6 0 1 1 8 2z"], ["f", "M8 2a6 6 0 1 1 0 12z"]],
  in_liquidation: [["f o", "M8 1.6 15 14.2H1z"], ["c", "M6.2 11h3.6"]],
  closed: [["f o", "M2.2 2.2h11.6v11.6H2.2z"], ["c", "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2"]],
  event: [["f o", "M8 1.5 10 6l4.6.5-3.4 3.2.9 4.6L8 12l-4.1 2.3.9-4.6L1.4 6.5 6 6z"]],
  plain: [["f o", "M8 3a5 5 0 1 1 0 10A5 5 0 1 1 8 3z"]],
};

/** The marks of plain layers, each layer its own; they come again where there are more layers. */
/** @type {[string, string][][]} */
const PLAIN = [
  SHAPES.plain,
  [["f o", "M3.4 3.4h9.2v9.2H3.4z"]],
  [["f o", "M8 1.8 14.2 8 8 14.2 1.8 8z"]],
  [["f o", "M8 2.4 14 13H2z"]],
  [["f o", "M2 3h12L8 13.6z"]],
  [["f o", "M5 2.6h6L14 8l-3 5.4H5L2 8z"]],
];
export const HUES = PLAIN.length;

/** The class that gives a layer's colour. @param {number} [hue] */
export const hueClass = (hue = 0) => `h${hue % HUES}`;

/** @param {Item} item @param {number} [size] px */
export const markOf = (item, size) => mark(item.state, size, item.layer.hue);

/** @param {string} state @param {number} [size] px @param {number} [hue] of a plain layer */
export function mark(state, size = 16, hue = 0) {
  const shapes = state === "plain" ? PLAIN[hue % HUES] : (SHAPES[state] ?? SHAPES.plain);
  return svg(
    "svg",
    { class: `mark s-${state} ${state === "plain" ? hueClass(hue) : ""}`.trim(), viewBox: "0 0 16 16", width: size, height: size, "aria-hidden": "true", focusable: "false" },
    ...shapes.map(([kind, d]) => svg("path", { class: kind, d })),
  );
}

/**
 * The mark of many features that the server has counted: how many, on a disc whose area tells them apart.
 * @param {string} n @param {number} r radius, px @param {number} [hue] of the layer
 */
export function countMark(n, r, hue) {
  const size = 2 * r;
  return svg("svg", { class: `mark counted s-plain ${hueClass(hue)}`, viewBox: `0 0 ${size} ${size}`, width: size, height: size, "aria-hidden": "true", focusable: "false" },
    svg("circle.core", { cx: r, cy: r, r: r - 1 }),
    svg("text", { x: r, y: r, class: "n" }, n),
  );
}

/**
 * The mark of several features: how many, in a ring that shows their states by share.
 * @param {string[]} states @param {number} [hue] of the layer
 */
export function clusterMark(states, hue) {
  const r = 13;
  const whole = 2 * Math.PI * r;
  let start = 0;
  const ring = [...new Set(states)].sort().map((state) => {
    const part = (states.filter((s) => s === state).length / states.length) * whole;
    const arc = svg("circle", { class: `ring s-${state} ${state === "plain" ? hueClass(hue) : ""}`.trim(), cx: 16, cy: 16, r, "stroke-dasharray": `${part} ${whole - part}`, "stroke-dashoffset": -start });
    start += part;
    return arc;
  });
  const n = svg("text", { x: 16, y: 16, class: "n" }, compact(states.length));
  return svg("svg.mark.cluster", { viewBox: "0 0 32 32", width: 32, height: 32, "aria-hidden": "true", focusable: "false" },
    svg("circle.core", { cx: 16, cy: 16, r: 15.5 }),
    ...ring,
    n,
  );
}
