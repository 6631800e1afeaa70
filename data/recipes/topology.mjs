// Reads a TopoJSON file and cuts its layers to a rectangle. Coordinates are [longitude, latitude] in degrees.

import { readFileSync } from 'node:fs'

/**
 * A TopoJSON file with its arcs decoded from the quantized deltas.
 * @param {string} path
 */
export function readTopology(path) {
  const file = JSON.parse(readFileSync(path, 'utf8'))
  const { scale, translate } = file.transform
  const arcs = file.arcs.map((deltas) => {
    let x = 0
    let y = 0
    return deltas.map(([dx, dy]) => {
      x += dx
      y += dy
      return [x * scale[0] + translate[0], y * scale[1] + translate[1]]
    })
  })
  return { arcs, objects: file.objects }
}

/** One line or ring from arc numbers; ~n is arc n backwards, and shared end points are kept once. */
export function join(topology, numbers) {
  const points = []
  for (const number of numbers) {
    const arc = number < 0 ? topology.arcs[~number].toReversed() : topology.arcs[number]
    points.push(...(points.length ? arc.slice(1) : arc))
  }
  return points
}

/** The polygons of a geometry, each a list of rings; rings that quantization has emptied are dropped. */
export function polygons(topology, geometry) {
  const parts = geometry.type === 'Polygon' ? [geometry.arcs] : geometry.type === 'MultiPolygon' ? geometry.arcs : []
  return parts
    .map((rings) => rings.map((ring) => join(topology, ring)).filter((ring) => ring.length >= 4))
    .filter((rings) => rings.length > 0)
}

/** The lines of a geometry. */
export function lines(topology, geometry) {
  const parts = geometry.type === 'LineString' ? [geometry.arcs] : geometry.type === 'MultiLineString' ? geometry.arcs : []
  return parts.map((line) => join(topology, line)).filter((line) => line.length >= 2)
}

/**
 * Which geometries use each arc: an arc of two countries is a border, an arc of one is coast or the file's edge.
 * @returns {Map<number, number[]>} arc number → indexes into `geometries`
 */
export function arcUsers(geometries) {
  const users = new Map()
  geometries.forEach((geometry, index) => {
    for (const number of geometry.arcs.flat(3)) {
      const arc = number < 0 ? ~number : number
      const list = users.get(arc) ?? []
      if (!list.includes(index)) list.push(index)
      users.set(arc, list)
    }
  })
  return users
}

/** Sutherland–Hodgman for one ring. Edges made along the box are for filling only, never to be stroked. */
export function clipRing(ring, [west, south, east, north]) {
  const sides = [
    [0, west, 1],
    [0, east, -1],
    [1, south, 1],
    [1, north, -1],
  ]
  let points = ring.slice(0, -1)
  for (const [axis, limit, sign] of sides) {
    const inside = (p) => (p[axis] - limit) * sign >= 0
    const next = []
    points.forEach((to, i) => {
      const from = points.at(i - 1)
      if (inside(from) !== inside(to)) next.push(crossing(from, to, axis, limit))
      if (inside(to)) next.push(to)
    })
    points = next
  }
  return points.length >= 3 ? [...points, points[0]] : []
}

function crossing(from, to, axis, limit) {
  const t = (limit - from[axis]) / (to[axis] - from[axis])
  const other = from[1 - axis] + t * (to[1 - axis] - from[1 - axis])
  return axis === 0 ? [limit, other] : [other, limit]
}

/** Polygons within the box, ring by ring; a hole stays inside its polygon. */
export function clipPolygons(list, box) {
  return list
    .map((rings) => rings.map((ring) => clipRing(ring, box)).filter((ring) => ring.length >= 4))
    .filter((rings) => rings.length > 0)
}

/**
 * Cuts the rings that cross the antimeridian in two, one on either side of it: a ring is unrolled (its longitudes run on
 * past ±180), then clipped to each turn of the globe. A ring around a pole does not close when unrolled and stays
 * as it is: the source closes it along the pole.
 */
export function cutAntimeridian(list) {
  return list.flatMap((rings) => {
    if (!rings.some((ring) => ring.some(([x], i) => i > 0 && Math.abs(x - ring[i - 1][0]) > 180))) return [rings]
    const unrolled = rings.map(unroll)
    if (unrolled.some((ring) => Math.abs(ring.at(-1)[0] - ring[0][0]) > 1)) return [rings]
    return [-360, 0, 360].flatMap((turn) =>
      clipPolygons([unrolled.map((ring) => ring.map(([x, y]) => [x + turn, y]))], [-180, -90, 180, 90]),
    )
  })
}

function unroll(ring) {
  let turn = 0
  return ring.map(([x, y], i) => {
    if (i > 0 && x - ring[i - 1][0] > 180) turn -= 360
    if (i > 0 && x - ring[i - 1][0] < -180) turn += 360
    return [x + turn, y]
  })
}

/** The parts of lines within the box (Liang–Barsky, segment by segment). */
export function clipLines(list, box) {
  const parts = []
  for (const line of list) {
    let part = []
    for (let i = 1; i < line.length; i++) {
      const cut = clipSegment(line[i - 1], line[i], box)
      if (!cut) continue
      const [from, to] = cut
      const last = part.at(-1)
      if (last && last[0] === from[0] && last[1] === from[1]) part.push(to)
      else {
        if (part.length > 1) parts.push(part)
        part = [from, to]
      }
    }
    if (part.length > 1) parts.push(part)
  }
  return parts
}

function clipSegment(from, to, [west, south, east, north]) {
  const dx = to[0] - from[0]
  const dy = to[1] - from[1]
  let start = 0
  let end = 1
  for (const [step, room] of [[-dx, from[0] - west], [dx, east - from[0]], [-dy, from[1] - south], [dy, north - from[1]]]) {
    if (step === 0) {
      if (room < 0) return null
    } else if (step < 0) start = Math.max(start, room / step)
    else end = Math.min(end, room / step)
  }
  if (start >= end) return null
  const at = (t) => [from[0] + t * dx, from[1] + t * dy]
  return [start === 0 ? from : at(start), end === 1 ? to : at(end)]
}

/** Joins lines that share an end point, so that dashes run on and the file is smaller. */
export function mergeLines(list) {
  const key = (p) => p.map((v) => v.toFixed(3)).join(' ')
  const rest = list.map((line) => [...line])
  const ends = new Map()
  const index = (line) => {
    for (const end of new Set([key(line[0]), key(line.at(-1))])) ends.set(end, [...(ends.get(end) ?? []), line])
  }
  const forget = (line) => {
    for (const end of [key(line[0]), key(line.at(-1))]) ends.set(end, (ends.get(end) ?? []).filter((l) => l !== line))
  }
  rest.forEach(index)
  const merged = new Set(rest)
  for (const line of rest) {
    if (!merged.has(line)) continue
    for (;;) {
      const end = key(line.at(-1))
      const meeting = ends.get(end) ?? []
      // A point where three lines meet stays an end: which two belong together is not for this recipe to say.
      if (meeting.length !== 2 || key(line[0]) === end) break
      const other = meeting.find((l) => l !== line)
      forget(line)
      forget(other)
      merged.delete(other)
      line.push(...(key(other[0]) === end ? other : other.toReversed()).slice(1))
      index(line)
    }
  }
  return [...merged]
}

/** Rounds to `digits` decimals of a degree and drops the points that fall together. */
export function round(points, digits) {
  const out = []
  for (const point of points) {
    // "+ 0" turns −0 into 0, which JSON would otherwise also print as 0 but compare unequal here.
    const p = point.map((v) => Number(v.toFixed(digits)) + 0)
    const last = out.at(-1)
    if (!last || last[0] !== p[0] || last[1] !== p[1]) out.push(p)
  }
  return out
}
