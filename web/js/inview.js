// Layers too large to be read whole: what the map shows of them is asked for view by view.

import { address, json } from "./api.js";

/** Most features that a layer is drawn of one by one; beyond it the server counts them. */
export const MOST = 2000;
/** How many are listed by name while the map shows counts. */
const LISTED = 50;
/** Most clusters of one view. */
const CLUSTERS = 1000;
/** Pause after the last move before the server is asked, ms. */
const PAUSE = 180;

/** @param {Layer} layer */
export const isLarge = (layer) => (layer.count ?? 0) > MOST;

/** @param {Layer} layer @param {Record<string, any>} query @param {number} zoom @param {AbortSignal} signal @returns {Promise<LayerData>} */
async function read(layer, query, zoom, signal) {
  const path = `collections/${encodeURIComponent(layer.collection)}`;
  const features = (/** @type {number} */ limit) => json(address(`${path}/items`, { ...query, limit }), signal);
  const [counted, named] = await Promise.all([json(address(`${path}/clusters`, { ...query, zoom, limit: CLUSTERS }), signal), features(LISTED)]);
  const matched = counted.numberMatched;
  if (matched <= MOST) return { layer, matched, features: matched > LISTED ? (await features(MOST)).features : named.features };
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
     * Asks for the features that `query` names of each layer, unless that has been asked already.
     * @param {(layer: Layer) => Record<string, any>} query @param {number} zoom
     */
    ask(query, zoom) {
      const queries = layers.map((layer) => /** @type {[Layer, Record<string, any>]} */ ([layer, query(layer)]));
      const key = JSON.stringify([zoom, queries.map(([, q]) => q)]);
      if (!layers.length || key === asked) return;
      const first = !asked;
      asked = key;
      asking.abort();
      clearTimeout(timer);
      const mine = (asking = new AbortController());
      const one = async (/** @type {[Layer, Record<string, any>]} */ [layer, q]) => {
        try {
          latest.set(layer.collection, await read(layer, q, zoom, mine.signal));
        } catch (e) {
          if (mine.signal.aborted) return;
          latest.set(layer.collection, { layer, features: [], matched: 0, failed: e });
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
