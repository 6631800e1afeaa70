// Layers too large to be read whole: what the map shows of them is asked for view by view.

import { address, json, once } from "./api.js";
import { facetWishes } from "./wish.js";

/** Most features that a layer is drawn of one by one; beyond it the server counts them. */
export const MOST = 2000;
/** How many are listed by name while the map shows counts. */
const LISTED = 50;
/** Most values of a filter that are offered; those that are chosen are offered whatever they are. */
const VALUES = 30;
/** Most clusters of one view. */
const CLUSTERS = 1000;
/** Stretches of time that features are counted in. */
export const BINS = 120;
/** Pause after the last move before the server is asked, ms. */
const PAUSE = 180;

/** @param {Layer} layer */
export const isLarge = (layer) => (layer.count ?? 0) > MOST;

/**
 * The values of a layer's filters with their counts, and how many features there were when.
 * @param {Layer} layer @param {Wish} wish @param {AbortSignal} signal @returns {Promise<Pick<LayerData, "facets" | "times">>}
 */
async function count(layer, { query, filters, whole, span }, signal) {
  const path = `collections/${encodeURIComponent(layer.collection)}/counts`;
  const ask = (/** @type {Record<string, any>} */ more) => json(address(path, { ...query, ...more }), signal);
  const asked = facetWishes(layer, filters).map((wish) => ask(wish));
  // What the picture of time shows does not follow the map: it is asked for once.
  const picture = layer.time && span ? address(path, { ...whole, datetime: span, bins: BINS }) : null;
  const [answers, times] = await Promise.all([Promise.all(asked), picture && once(picture.href, () => json(picture))]);
  const values = Object.assign({}, ...answers.map(({ values }) => values));
  const offered = (/** @type {string} */ field) => {
    const all = values[field].counts.map((/** @type {[any, number]} */ [value, n]) => [String(value), n]);
    return all.filter((/** @type {[string, number]} */ [value], /** @type {number} */ i) => i < VALUES || filters[field]?.includes(value));
  };
  const facets = (layer.filters ?? []).filter((field) => values[field]).map((field) => ({ field, values: offered(field) }));
  return { facets, times: times?.time?.counts };
}

/** @param {Layer} layer @param {Wish} wish @param {number} zoom @param {AbortSignal} signal @returns {Promise<LayerData>} */
async function read(layer, wish, zoom, signal) {
  const [shown, counts] = await Promise.all([features(layer, wish.query, zoom, signal), count(layer, wish, signal)]);
  return { ...shown, ...counts };
}

/** @param {Layer} layer @param {Record<string, any>} query @param {number} zoom @param {AbortSignal} signal @returns {Promise<LayerData>} */
async function features(layer, query, zoom, signal) {
  const path = `collections/${encodeURIComponent(layer.collection)}`;
  const items = (/** @type {number} */ limit) => json(address(`${path}/items`, { ...query, limit }), signal);
  const [counted, named] = await Promise.all([json(address(`${path}/clusters`, { ...query, zoom, limit: CLUSTERS }), signal), items(LISTED)]);
  const matched = counted.numberMatched;
  if (matched <= MOST) return { layer, matched, features: matched > LISTED ? (await items(MOST)).features : named.features };
  const clusters = counted.features.map((/** @type {any} */ f) => ({ at: f.geometry.coordinates, count: f.properties.count, bbox: f.bbox, only: f.id === undefined ? null : f }));
  return { layer, matched, features: named.features, clusters };
}

/**
 * Keeps what is in view of the large layers. `changed` is called when another answer has come; an older question is given up.
 * @param {Layer[]} layers @param {() => void} changed
 */
export function createInView(layers, changed) {
  /** @type {Map<string, LayerData>} */
  const latest = new Map(layers.map((layer) => [layer.collection, { layer, features: [], matched: 0, waiting: true }]));
  let asked = "";
  let asking = new AbortController();
  let timer = 0;

  return {
    /** What is known of a layer. @param {Layer} layer @returns {LayerData} */
    of: (layer) => /** @type {LayerData} */ (latest.get(layer.collection)),
    /**
     * Asks for the features that `wish` names of each layer, unless that has been asked already.
     * @param {(layer: Layer) => Wish} wish @param {number} zoom
     */
    ask(wish, zoom) {
      const queries = layers.map((layer) => /** @type {[Layer, Wish]} */ ([layer, wish(layer)]));
      const key = JSON.stringify([zoom, queries.map(([, q]) => q)]);
      if (!layers.length || key === asked) return;
      const first = !asked;
      asked = key;
      asking.abort();
      clearTimeout(timer);
      const mine = (asking = new AbortController());
      const one = async (/** @type {[Layer, Wish]} */ [layer, q]) => {
        try {
          latest.set(layer.collection, await read(layer, q, zoom, mine.signal));
        } catch (e) {
          if (mine.signal.aborted) return;
          // The pictures beside the map stay, so that it keeps its size.
          const { facets, times } = latest.get(layer.collection) ?? {};
          latest.set(layer.collection, { layer, features: [], matched: 0, failed: e, facets, times });
        }
        if (!mine.signal.aborted) changed();
      };
      timer = setTimeout(() => queries.forEach(one), first ? 0 : PAUSE);
    },
    /** Lets what has failed be asked for again; only the reader says so, else a server in trouble would get no rest. */
    retry() {
      asked = "";
    },
    /** Asks and draws no more. */
    end() {
      asking.abort();
      clearTimeout(timer);
    },
  };
}
