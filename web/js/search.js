// Search by name as you type: the map's own features first, then places of the world, those where the map's features lie first.

import { address, json } from "./api.js";
import { h } from "./dom.js";
import { dateOf } from "./list.js";
import { mark, markOf } from "./marks.js";
import { boundsOf } from "./scene.js";
import { lang, t } from "./words.js";

/** Pause after the last letter before the gazetteer is asked, and after which an answer is late, ms. */
const PAUSE = 160;
const LATE = 500;

/** Places that are shown, and the longest name that the gazetteer takes. */
const SHOWN = 6;
const LONGEST = 256;

/** Letters only: case, accents, apostrophes, hyphens and spaces apart. @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** How a whole name is found; two places found so are namesakes. */
const WHOLE = ["name", "folded", "alias"];

/** The box of all features, with a degree around it: west, south, east, north. @param {Scene | undefined} scene */
function home(scene) {
  const boxes = (scene?.layers ?? []).flatMap(({ items }) => items.map(({ geometry }) => boundsOf(geometry)).filter((b) => b !== null && b !== undefined));
  if (!boxes.length) return null;
  const edge = (/** @type {number} */ at) => boxes.map((b) => b[at]);
  const [w, s, e, n] = [Math.min(...edge(0)), Math.min(...edge(1)), Math.max(...edge(2)), Math.max(...edge(3))];
  return [Math.max(w - 1, -180), Math.max(s - 1, -90), Math.min(e + 1, 180), Math.min(n + 1, 90)].map((x) => x.toFixed(2)).join();
}

/** @param {HTMLElement} root @param {() => Scene | undefined} scene @param {(key: string, box?: number[]) => void} choose */
export function createSearch(root, scene, choose) {
  const input = h("input", { id: "search", type: "search", role: "combobox", autocomplete: "off", spellcheck: "false", maxlength: LONGEST, placeholder: t("search.label"), "aria-label": t("search.label"), "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list" });
  const list = h("ul", { id: "found", role: "listbox", "aria-label": t("search.results"), hidden: true });
  const note = h("p.hidden", { role: "status" });
  root.append(h("div.search", { role: "search" }, input, h("kbd", { "aria-hidden": "true" }, "/"), list, note));
  let asked = new AbortController();
  let timer = 0;
  let active = -1;
  /** Whether the answer is out, and whether Enter was pressed meanwhile. */
  let waits = false;
  let entered = false;
  /** @type {{act: () => void, el: HTMLElement}[]} */
  let found = [];

  function option(/** @type {Node} */ icon, /** @type {string} */ name, /** @type {string} */ more, /** @type {() => void} */ act) {
    const el = h("li", { role: "option", id: `found-${found.length}`, "aria-selected": "false", onclick: act }, icon, h("span.who", name), h("span.at", more));
    found.push({ act, el });
    return el;
  }

  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const pickOne = (/** @type {string} */ key, /** @type {number[]} */ box) => {
    close();
    input.value = "";
    choose(key, box);
  };

  /** A line that cannot be chosen. @param {string} text */
  const line = (text) => h("li.quiet", { role: "presentation" }, text);

  function look() {
    const q = input.value.trim();
    asked.abort();
    clearTimeout(timer);
    found = [];
    active = -1;
    waits = entered = false;
    input.removeAttribute("aria-activedescendant");
    if (!q) return close();
    const wanted = fold(q);
    const own = (scene()?.layers ?? [])
      .flatMap(({ items }) => items)
      .filter(({ name, p }) => [name, p.name_fr, ...(p.other_names ?? [])].some((n) => wanted && n && fold(String(n)).includes(wanted)))
      .slice(0, SHOWN);
    list.replaceChildren(...own.map((i) => option(markOf(i, 14), i.name, dateOf(i), () => pickOne(i.key, []))));
    show(found.length ? t("search.found", { n: found.length }) : "");
    const mine = (asked = new AbortController());
    waits = true;
    timer = window.setTimeout(() => ask(q, mine.signal), PAUSE);
  }

  /** Adds what the gazetteer suggests. @param {string} q @param {AbortSignal} signal */
  async function ask(q, signal) {
    const late = line(t("search.waiting"));
    const timer = setTimeout(() => (list.append(late), show(t("search.waiting"))), LATE);
    let said = "";
    let namesakes = 0;
    try {
      // One more than is shown, to know whether there are more of that name.
      const { features } = await json(address("places/suggest", { q, limit: SHOWN + 1, bbox: home(scene()), lang: lang() }), signal);
      namesakes = features.filter((/** @type {Feature} */ { properties: p }) => WHOLE.includes(p.match)).length;
      if (namesakes > 1) list.append(line((said = namesakes > SHOWN ? t("search.ambiguous_many", { n: SHOWN }) : t("search.ambiguous", { n: namesakes }))));
      for (const { id, properties: p, geometry } of features.slice(0, SHOWN)) {
        const [lon, lat] = geometry?.coordinates ?? [];
        // Homonyms are told apart by where they are.
        const country = p.level !== "country" && /^[A-Z]{2}$/.test(p.country) ? new Intl.DisplayNames(lang(), { type: "region" }).of(p.country) : "";
        const level = p.level === "settlement" ? p.region : t(`level.${p.level}`);
        const more = [level, country].filter(Boolean).join(", ") || `${lat?.toFixed(1)}, ${lon?.toFixed(1)}`;
        const name = fold(p.matched_name ?? "") === fold(p.name) ? p.name : `${p.name} (${p.matched_name})`;
        list.append(option(mark("plain", 14), name, more, () => pickOne(`places/${id}`, [lon, lat, lon, lat])));
      }
      if (!found.length) list.append(line((said = t("search.none", { q }))));
    } catch (e) {
      if (!signal.aborted) list.append(line((said = t("search.failed"))));
    }
    clearTimeout(timer);
    late.remove();
    if (signal.aborted) return;
    waits = false;
    show([said, found.length ? t("search.found", { n: found.length }) : ""].filter(Boolean).join(" "));
    // Who pressed Enter before there was anything means the first, unless others bear the name as well.
    if (entered && namesakes < 2) found[0]?.act();
  }

  /** @param {string} said to those who do not see the list */
  function show(said) {
    list.hidden = !list.children.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    note.textContent = said;
  }

  input.addEventListener("input", look);
  input.addEventListener("focus", look);
  // Later, so that a click on a hit still finds it; and only if the focus has not come back meanwhile.
  root.addEventListener("focusout", () => setTimeout(() => root.contains(document.activeElement) || close(), 150));
  input.addEventListener("keydown", (e) => {
    if (e.key === "Escape" && !list.hidden) {
      e.stopPropagation();
      close();
    } else if (e.isComposing) {
      // Enter and the arrows belong to the input method.
    } else if (e.key === "Enter") {
      entered = waits && !found.length;
      found[Math.max(0, active)]?.act();
    } else if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      active = (active + (e.key === "ArrowDown" ? 1 : -1) + found.length) % (found.length || 1);
      found.forEach(({ el }, i) => el.setAttribute("aria-selected", String(i === active)));
      found[active]?.el.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", `found-${active}`);
    }
  });
  return { focus: () => input.focus() };
}
