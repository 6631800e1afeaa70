// What the reader has chosen, as the server is asked for it. No DOM here.

/** A value as CQL2 has it; the address holds texts only, so the property's kind decides. @param {string} value @param {string | undefined} kind */
function literal(value, kind) {
  const text = `'${value.replaceAll("'", "''")}'`;
  if (kind === "date") return `DATE(${text})`;
  const number = kind === "number" && value.trim() !== "" && Number.isFinite(Number(value));
  return number || (kind === "boolean" && /^(true|false)$/.test(value)) ? value : text;
}

/** The filters that the server can answer: a list has no one value. @param {Layer} layer */
const fieldsOf = (layer) => (layer.filters ?? []).filter((field) => layer.kinds?.[field] !== "list");

/**
 * The condition of the chosen filters that a layer has, null where there is none; that of one field may be left aside.
 * @param {Layer} layer @param {Record<string, string[]>} filters @param {string} [aside]
 */
export function filterOf(layer, filters, aside) {
  const own = Object.entries(filters).filter(([field, values]) => field !== aside && values.length && fieldsOf(layer).includes(field));
  const parts = own.map(([field, values]) => `"${field.replaceAll('"', '""')}" IN (${values.map((value) => literal(value, layer.kinds?.[field])).join(",")})`);
  return parts.length ? parts.join(" AND ") : null;
}

/**
 * What is to be counted for the filters of a layer: each field that has a choice under the other choices, all others at once.
 * @param {Layer} layer @param {Record<string, string[]>} filters @returns {{by: string, filter: string | null}[]}
 */
export function facetWishes(layer, filters) {
  const fields = fieldsOf(layer);
  const free = fields.filter((field) => !filters[field]?.length);
  const chosen = fields.filter((field) => filters[field]?.length);
  return [
    ...(free.length ? [{ by: free.join(","), filter: filterOf(layer, filters) }] : []),
    ...chosen.map((field) => ({ by: field, filter: filterOf(layer, filters, field) })),
  ];
}
