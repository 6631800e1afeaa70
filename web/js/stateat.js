// The state of a base on a day: the same rule as the server's.

/** From the first to the last; also the order of the legend and the list. */
export const STATES = ["closed", "uncertain", "in_liquidation", "closing_planned", "open"];

/**
 * Closed once it certainly is; between the first and the last possible day uncertain, but for a base that is
 * already being liquidated. A value with a last day and no first one was possible from the beginning.
 * @param {Record<string, any>} p properties: `closed_earliest`, `closed_latest`, `liquidation_from`, `planned_since`
 * @param {Iso} day
 */
export function stateAt(p, day) {
  const { closed_earliest: first, closed_latest: last } = p;
  if (last && last <= day) return "closed";
  if (p.liquidation_from && p.liquidation_from <= day) return "in_liquidation";
  if (first ? first <= day : last) return "uncertain";
  return p.planned_since && p.planned_since <= day ? "closing_planned" : "open";
}
