// Pixels on the map: which marks stand in one cluster, and where a name finds room. No Leaflet, no DOM.

/** @typedef {{x: number, y: number}} Spot */

/**
 * Greedy clusters: each spot joins the first cluster whose first spot is nearer than `reach`, else it begins one.
 * A grid of cells of `reach` keeps it linear for spots that are spread out.
 * @template {Spot} S
 * @param {S[]} spots in order of importance
 * @param {number} reach px
 * @returns {S[][]}
 */
export function cluster(spots, reach) {
  const cells = /** @type {Map<string, S[][]>} */ (new Map());
  const clusters = /** @type {S[][]} */ ([]);
  for (const spot of spots) {
    const cx = Math.floor(spot.x / reach);
    const cy = Math.floor(spot.y / reach);
    /** @type {S[] | undefined} */
    let home;
    for (let x = cx - 1; x <= cx + 1 && !home; x++)
      for (let y = cy - 1; y <= cy + 1 && !home; y++)
        home = cells.get(`${x} ${y}`)?.find(([first]) => Math.hypot(first.x - spot.x, first.y - spot.y) < reach);
    if (home) home.push(spot);
    else {
      clusters.push((home = [spot]));
      const key = `${cx} ${cy}`;
      cells.set(key, [...(cells.get(key) ?? []), home]);
    }
  }
  return clusters;
}

/** Boxes already taken, as [left, top, right, bottom]. */
export class Room {
  /** @type {number[][]} */
  taken = [];

  /** @param {number[]} within the box outside of which there is no room */
  constructor(within) {
    this.within = within;
  }

  /** @param {number[]} box */
  free(box) {
    const [l, t, r, b] = this.within;
    return box[0] >= l && box[1] >= t && box[2] <= r && box[3] <= b && !this.taken.some((o) => box[0] < o[2] && o[0] < box[2] && box[1] < o[3] && o[1] < box[3]);
  }

  /** @param {number[]} box */
  take(box) {
    this.taken.push(box);
  }

  /**
   * The first side on which a name of this size finds room beside a mark; takes it.
   * @param {Spot} spot @param {number} width @param {number} height @param {number} gap from the mark's centre, px
   * @returns {"r" | "l" | "b" | "t" | null}
   */
  beside({ x, y }, width, height, gap) {
    /** @type {["r" | "l" | "b" | "t", number[]][]} */
    const sides = [
      ["r", [x + gap, y - height / 2, x + gap + width, y + height / 2]],
      ["l", [x - gap - width, y - height / 2, x - gap, y + height / 2]],
      ["b", [x - width / 2, y + gap, x + width / 2, y + gap + height]],
      ["t", [x - width / 2, y - gap - height, x + width / 2, y - gap]],
    ];
    const side = sides.find(([, box]) => this.free(box));
    if (side) this.take(side[1]);
    return side ? side[0] : null;
  }
}
