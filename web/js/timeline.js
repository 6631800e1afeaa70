// The timeline: a picture of all rows over time, and the slider that chooses the day.

import { addMonths, toDay, toIso } from "./days.js";
import { h, svg } from "./dom.js";
import { when, dayWords } from "./edtf.js";
import { BINS, isLarge } from "./inview.js";
import { hueClass } from "./marks.js";
import { set } from "./state.js";
import { STATES, stateAt } from "./stateat.js";
import { locale, t } from "./words.js";

/** Above this many rows a row would be thinner than its name: then a count over time is drawn. */
const MOST_ROWS = 40;
/** Days a second while playing, and the pause between months where motion is unwelcome, in ms. */
const PACE = 32;
const STEP = 900;

/** The day in words with the count of each state: for the headline and for screen readers. @param {Scene} scene */
export function dayAndCounts(scene) {
  const counts = STATES.filter((state) => scene.states[state]).map((state) => t(`count.${state}`, { n: scene.states[state] }));
  const large = scene.layers.filter(({ layer, data, on }) => on && isLarge(layer) && !data.waiting && !data.failed);
  if (large.length) counts.push(t("count.in_view", { n: large.reduce((n, { data }) => n + data.matched, 0) }));
  return [scene.day && dayWords(scene.day), counts.join(", ")].filter(Boolean).join(`${t("colon")} `);
}

/** @param {HTMLElement} root @param {Config} config @param {(key: string) => void} choose */
export function createTimeline(root, config, choose) {
  // A single day needs no slider.
  root.hidden = !config.time || config.time.start >= config.time.end;
  if (!config.time || root.hidden) return { draw() {} };
  const start = toDay(config.time.start);
  const end = toDay(config.time.end);
  const play = h("button.play", { onclick: toggle });
  const pill = h("span.pill");
  const slider = h("div.slider", { role: "slider", tabindex: "0", "aria-label": t("time.label"), "aria-valuemin": start, "aria-valuemax": end, onkeydown: key }, pill);
  const picture = svg("svg.rows", { "aria-hidden": "true" });
  const track = h("div.track", picture, slider);
  root.append(play, track);

  /** @type {Scene} */
  let scene;
  let [left, width, shown, playing] = [0, 0, "", 0];
  // Tells how wide names are; nothing is drawn with it.
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  const x = (/** @type {number} */ day) => left + (width * (Math.max(start, Math.min(end, day)) - start)) / (end - start || 1);
  const at = (/** @type {Iso | null | undefined} */ iso, otherwise = end) => x(iso ? toDay(iso) : otherwise);
  const today = () => toDay(scene.day ?? toIso(start));
  const go = (/** @type {number} */ day) => set({ day: toIso(Math.round(Math.max(start, Math.min(end, day)))) }, "burst");

  function key(/** @type {KeyboardEvent} */ e) {
    const d = today();
    const to = { ArrowRight: d + 1, ArrowUp: d + 1, ArrowLeft: d - 1, ArrowDown: d - 1, PageUp: addMonths(d, 1), PageDown: addMonths(d, -1), Home: start, End: end }[e.key];
    if (e.key === " ") toggle();
    else if (to === undefined) return;
    else go(to);
    e.preventDefault();
  }

  track.addEventListener("pointerdown", (e) => {
    const hit = /** @type {Element} */ (e.target).closest("[data-key]");
    const px = e.clientX - track.getBoundingClientRect().left;
    if (hit) choose(hit.getAttribute("data-key") ?? "");
    if (hit || px < left - 8 || e.button) return;
    stop();
    track.setPointerCapture(e.pointerId);
    const drag = (/** @type {PointerEvent} */ m) => go(start + ((m.clientX - track.getBoundingClientRect().left - left) / width) * (end - start));
    drag(e);
    track.addEventListener("pointermove", drag);
    const over = () => track.removeEventListener("pointermove", drag);
    for (const name of /** @type {const} */ (["pointerup", "pointercancel"])) track.addEventListener(name, over, { once: true });
    slider.focus({ preventScroll: true });
    e.preventDefault();
  });

  function stop() {
    playing = 0;
    play.textContent = "▶";
    play.setAttribute("aria-label", t("time.play"));
  }

  function toggle() {
    if (playing) return stop();
    const run = (playing = performance.now());
    play.textContent = "❚❚";
    play.setAttribute("aria-label", t("time.pause"));
    const first = today() >= end ? start : today();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const step = (/** @type {number} */ now) => {
      if (playing !== run) return;
      const past = Math.max(0, now - run);
      const day = still ? addMonths(first, Math.floor(past / STEP)) : first + (past / 1000) * PACE;
      go(day);
      if (day >= end) stop();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  function paint() {
    const narrow = track.clientWidth < 600;
    const rows = scene.layers.filter(({ layer, on }) => layer.time && on && !layer.timeline && !isLarge(layer)).flatMap(({ items }) => items);
    const ticks = scene.layers.filter(({ layer, on }) => layer.timeline && on).flatMap(({ items }) => items.filter((i) => i.from));
    // Large layers have their room before they are counted: the map keeps its size.
    const timed = scene.layers.filter(({ on, layer }) => on && layer.time && isLarge(layer));
    const large = timed.flatMap(({ data }) => (data.times ? [data.times] : []));
    const many = rows.length > MOST_ROWS || timed.length > 0;
    const line = innerHeight < 760 || narrow ? 11 : 12;
    // Below the ticks, and the names below the button.
    const top = 22 + (ticks.length || !many ? 15 : 0);
    const bottom = top + (many ? 70 : rows.length * line);
    // As wide as the longest name, bold as it is when it is chosen; the longest of all are cut, and whole in their titles.
    pen.font = `700 11px ${getComputedStyle(document.body).fontFamily}`;
    const longest = Math.max(0, ...rows.slice(0, MOST_ROWS).map(({ name }) => pen.measureText(name).width));
    left = many ? 40 : Math.ceil(Math.max(40, Math.min(longest + 14, narrow ? 120 : 180)));
    width = track.clientWidth - left - 16;
    const hatch = svg("pattern", { id: "hatch", width: 4, height: 4, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" }, svg("rect.gap", { width: 4, height: 4 }), svg("rect.ink", { width: 2, height: 4 }));
    picture.replaceChildren(hatch, axis(bottom, narrow));
    for (const item of ticks) {
      const path = svg("path", { class: `tick${item.pass ? "" : " out"}${item.key === scene.view.on ? " on" : ""}`, d: `M${at(item.from) - 4} 23h8l-4 9z`, "data-key": item.key });
      path.append(svg("title", `${item.name} – ${when(item.p[item.layer.time?.edtf ?? ""])}`));
      picture.append(path);
    }
    if (many) picture.append(counted(rows, large, top, bottom));
    else rows.forEach((item, i) => picture.append(row(item, top + i * line, line)));
    picture.setAttribute("height", String(bottom + 18));
    slider.style.setProperty("height", `${bottom}px`);
  }

  /** Months, named where there is room; the year under each January and at the start. @param {number} bottom @param {boolean} narrow */
  function axis(bottom, narrow) {
    const g = svg("g.axis");
    const every = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200].find((n) => ((width * 30.4) / (end - start)) * n > (narrow ? 30 : 34)) ?? 1200;
    const first = new Date(start * 864e5);
    for (let month = addMonths(start - first.getUTCDate() + 1, 0), i = first.getUTCFullYear() * 12 + first.getUTCMonth(); month <= end; month = addMonths(month, 1), i++) {
      if (month < start || i % every) continue;
      const date = new Date(month * 864e5);
      const january = i % 12 === 0;
      g.append(svg("line", { x1: x(month), x2: x(month), y1: 20, y2: bottom + 4, class: january ? "year" : "" }));
      const text = january ? String(date.getUTCFullYear()) : date.toLocaleDateString(locale(), { month: "short", timeZone: "UTC" });
      // What would be cut at the end is left out.
      if (x(month) + (january ? 32 : 24) < track.clientWidth) g.append(svg("text", { x: x(month) + 3, y: bottom + 13, class: january ? "year" : "" }, text));
    }
    return g;
  }

  /** A text, cut where it takes more room. @param {string} text @param {number} room pixels */
  function fitting(text, room) {
    if (pen.measureText(text).width <= room) return text;
    const letters = [...text];
    while (letters.length > 1 && pen.measureText(`${letters.join("")}…`).width > room) letters.pop();
    return `${letters.join("").trimEnd()}…`;
  }

  /** Bar while open, solid end where the day is certain, fading over possible days, hatched for a dispute, hollow for a plan. */
  function row(/** @type {Item} */ item, /** @type {number} */ y, /** @type {number} */ line) {
    const { p, key, state } = item;
    const bar = line - 5;
    const g = svg("g", { class: `row${item.pass ? "" : " out"}${key === scene.view.on ? " on" : ""}` });
    const mid = y + line / 2;
    const name = fitting(item.name, left - 14);
    g.append(
      svg("line.rest", { x1: left, x2: left + width, y1: mid, y2: mid }),
      svg("text", { x: left - 8, y: mid, class: "who", "data-key": key }, name, ...(name === item.name ? [] : [svg("title", item.name)])),
    );
    const box = (/** @type {string} */ name, /** @type {number} */ from, /** @type {number} */ to, more = {}) =>
      svg("rect", { class: name, x: from, y: y + 2.5, width: Math.max(0, to - from), height: bar, ...more });
    if (state === "plain" || state === "event") {
      if (item.from || item.to) g.append(box(`s-plain ${hueClass(item.layer.hue)} bar`, at(item.from, start), Math.max(at(item.to), at(item.from, start) + 4)));
      return g;
    }
    const [first, last] = [p.closed_earliest, p.closed_latest];
    const faded = (first || last) && first !== last;
    const id = `fade-${y}`;
    // Over the possible days the bar fades; what it fades over is the same for all its states, so one mask does.
    const fade = { gradientUnits: "userSpaceOnUse", x1: at(first, start), x2: Math.max(at(last), at(first, start) + 6) };
    if (faded)
      g.append(
        svg("linearGradient", { id, ...fade }, svg("stop", { offset: 0, "stop-color": "#fff" }), svg("stop", { offset: 1, "stop-color": "#fff", "stop-opacity": 0.08 })),
        svg("mask", { id: `m${id}`, maskUnits: "userSpaceOnUse", x: 0, y, width: left + width, height: line }, box("", left, Math.max(at(last), fade.x2), { fill: `url(#${id})` })),
      );
    const stops = [toIso(start), p.planned_since, p.liquidation_from].filter((d) => d && (!last || d < last) && toDay(d) >= start && toDay(d) <= end).sort();
    const bars = stops.map((d, i) => {
      const state = stateAt({ ...p, closed_earliest: null, closed_latest: null }, d);
      return box(`s-${state} bar`, at(d), Math.max(at(stops[i + 1] ?? last), at(d)) + (faded && !stops[i + 1] && fade.x2 > at(last) ? 6 : 0));
    });
    g.append(svg("g", faded ? { mask: `url(#m${id})` } : null, ...bars));
    if (p.planned_earliest) {
      const to = p.planned_latest ? at(p.planned_latest) : 0;
      const from = at(p.planned_earliest);
      const r = bar / 2 + 0.5;
      g.append(to - from > 8 ? box("plan", from, to, { rx: 3 }) : svg("path.plan", { d: `M${from} ${mid - r}l${r} ${r}-${r} ${r}-${r}-${r}z` }));
    }
    if (p.agreement === "disputed") g.append(box("dispute", at(first, start) - 2, Math.max(at(last) + 2, at(first) + 6)));
    else if (first && first === last) g.append(svg("line.end", { x1: at(first), x2: at(first), y1: y + 1, y2: y + line - 1 }));
    g.append(svg("title", `${item.name}${t("colon")} ${when(p.closed) || t("closed.none")}`));
    return g;
  }

  /** How many features each stretch of time holds. @param {Item[]} rows @param {number[][]} large what the server has counted @param {number} top @param {number} bottom */
  function counted(rows, large, top, bottom) {
    const bins = large.length ? BINS : Math.max(10, Math.floor(width / 12));
    // The server divides whole days, the last one to its end.
    const per = (end - start + (large.length ? 1 : 0)) / bins;
    const sums = Array.from({ length: bins }, (_, i) => large.reduce((sum, counts) => sum + counts[i], 0));
    for (const { from, to, pass } of rows)
      if (pass && from) for (let i = Math.max(0, Math.floor((toDay(from) - start) / per)); i < bins && start + i * per <= toDay(to ?? from); i++) sums[i]++;
    const most = Math.max(1, ...sums);
    const tall = (bottom - top - 4) / most;
    return svg("g", ...sums.map((n, i) => svg("rect.s-plain.bar", { x: x(start + i * per), y: bottom - n * tall, width: Math.max(1, width / bins - (width / bins > 4 ? 1 : 0.3)), height: n * tall })));
  }

  stop();
  const draw = (/** @type {Scene} */ next) => {
    scene = next;
    const signature = [track.clientWidth, innerHeight < 760, scene.view.on, ...scene.layers.flatMap(({ on, data, items }) => [on, data.times, ...items.map((i) => i.name + i.pass + i.p.closed)])].join();
    if (signature !== shown) paint();
    shown = signature;
    const px = at(scene.day);
    slider.style.setProperty("left", `${px}px`);
    slider.setAttribute("aria-valuenow", String(today()));
    slider.setAttribute("aria-valuetext", dayAndCounts(scene));
    pill.textContent = when(scene.day, true);
    const half = pill.offsetWidth / 2;
    pill.style.setProperty("left", `${Math.max(4 - px, Math.min(-half, track.clientWidth - px - 2 * half - 4))}px`);
  };
  // A track that has left the page has no width.
  new ResizeObserver(() => scene && track.isConnected && draw(scene)).observe(track);
  return { draw };
}
