// Requests: every address is relative to the page, and a failure carries the address that failed.

/** The service's root, above which nothing is asked; a path prefix is kept. */
export const root = new URL("../../", import.meta.url);

/** @param {string} path @param {Record<string, any>} [query] */
export function address(path, query = {}, base = root) {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) if (value !== null && value !== undefined) url.searchParams.set(name, value);
  return url;
}

/** @param {string} collection @param {string} id */
export const itemPath = (collection, id) => (collection === "places" ? `places/${encodeURIComponent(id)}` : `collections/${encodeURIComponent(collection)}/items/${encodeURIComponent(id)}`);

export class Failed extends Error {
  /** @param {URL} url @param {number} status of the answer, 0 where none came @param {string} [detail] what the server says of it, in English */
  constructor(url, status, detail = "") {
    super(detail || String(status));
    this.url = url.href;
    this.status = status;
    this.detail = detail;
  }

  /** What kind of failure it is, as the page's words have it (`failed.…`). */
  get kind() {
    if (this.status < 400) return this.status ? "unreadable" : "offline";
    if (this.status === 404 || this.status === 410) return "gone";
    return [429, 502, 503, 504].includes(this.status) ? "busy" : this.status < 500 ? "asked" : "server";
  }
}

/** @param {string | URL} where @param {AbortSignal} [signal] @returns {Promise<any>} */
export async function json(where, signal) {
  const url = new URL(where, root);
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, { signal, headers: { accept: "application/geo+json, application/schema+json, application/json" } });
  } catch (e) {
    if (signal?.aborted) throw e;
    throw new Failed(url, 0);
  }
  const body = await response.json().catch((e) => {
    if (signal?.aborted) throw e;
  });
  if (response.ok && body !== undefined) return body;
  throw new Failed(url, response.status, body?.detail);
}

/** Most features that one layer of the page holds; beyond it the page says so. */
const MOST = 5000;

/**
 * Features of a collection, following `next` up to `MOST`. Only the query of `next` is used: behind a proxy the
 * public address may be another origin than the page's.
 * @param {string} collection
 * @param {Record<string, any>} [query]
 */
export async function items(collection, query = {}) {
  const path = `collections/${encodeURIComponent(collection)}/items`;
  /** @type {Page} */
  let page = await json(address(path, { limit: 1000, ...query }));
  const features = [...page.features];
  const matched = page.numberMatched ?? features.length;
  for (;;) {
    const next = page.links?.find((link) => link.rel === "next");
    if (!next || features.length >= MOST || !page.features.length) break;
    page = await json(new URL(path + new URL(next.href, root).search, root));
    features.push(...page.features);
  }
  return { features, matched: Math.max(matched, features.length) };
}

/** @type {Map<string, Promise<any>>} */
const kept = new Map();

/**
 * The answer of `load`, asked once for each `key` while the page is open; a failure may be tried again.
 * @template T @param {string} key @param {() => Promise<T>} load @returns {Promise<T>}
 */
export function once(key, load) {
  const known = kept.get(key);
  if (known) return known;
  const loading = load();
  kept.set(key, loading);
  loading.catch(() => kept.delete(key));
  return loading;
}
