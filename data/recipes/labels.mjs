// The labels of the base map: what is named, in which languages, and from which zoom on.

/**
 * A tab-separated table with a header line, as objects.
 * @param {string} text
 * @returns {Record<string, string>[]}
 */
export function readTable(text) {
  const [header, ...rows] = text.replace(/\n$/, '').split('\n').map((line) => line.split('\t'))
  return rows.map((row) => Object.fromEntries(header.map((column, i) => [column, row[i]])))
}

/** Towns of fewer people are left out, but for those of Mali. */
const MIN_POPULATION = 20_000
/** The largest zoom for which labels are thinned out; what finds no room up to it is left out. */
const MAX_ZOOM = 11

/** Rank by kind: the smaller is placed first and keeps its place. */
const RANK = { country: 0, capital: 1, sea: 2, town: 3, river: 4, lake: 4, desert: 5 }
/** Width of a letter and height of a line in pixels, for keeping labels apart; generous, since fonts differ. */
const LETTER = 7.5
const LINE = 18

/**
 * All labels, in order of rank, each with the smallest zoom at which it has room beside those before it.
 * Zooms are Leaflet's: the world is 256·2^zoom pixels wide.
 */
export function buildLabels({ hand, places, placesByHand, codes, countries }) {
  const labels = [
    ...countryLabels(countries, codes, hand),
    ...hand.filter(({ kind, min_zoom }) => kind !== 'country' && min_zoom !== '').map(handLabel),
    ...townLabels(places, placesByHand, hand),
  ]
  labels.sort((a, b) => RANK[a.kind] - RANK[b.kind] || a.from - b.from || b.weight - a.weight || compare(a.name.en, b.name.en))
  return placed(labels)
}

/** Countries under CLDR's names, at the centre that the base map's source gives or where the hand table moves them. */
function countryLabels(countries, codes, hand) {
  const moved = new Map(hand.filter(({ kind }) => kind === 'country').map((row) => [row.en, row]))
  const iso2 = new Map(codes.map((row) => [row.iso3, row.iso2]))
  const names = Object.fromEntries(['en', 'fr', 'ar'].map((lang) => [lang, new Intl.DisplayNames([lang], { type: 'region' })]))
  return countries
    .filter(({ iso3 }) => iso2.has(iso3))
    .map(({ iso3, lon, lat, width }) => {
      const code = iso2.get(iso3)
      const name = Object.fromEntries(Object.entries(names).map(([lang, list]) => [lang, list.of(code)]))
      const at = moved.get(name.en) ?? { lon, lat }
      // A country is named once it is wider than its name.
      const zoom = Math.ceil(Math.log2((name.en.length * LETTER * 360) / (256 * width)))
      return { kind: 'country', name, lon: Number(at.lon), lat: Number(at.lat), from: Math.min(6, Math.max(2, zoom)), weight: width }
    })
}

function handLabel({ kind, en, fr, ar, lon, lat, min_zoom }) {
  const name = ar ? { en, fr, ar } : { en, fr }
  return { kind, name, lon: Number(lon), lat: Number(lat), from: Number(min_zoom), weight: 0 }
}

/** Towns of the gazetteer, but for those that the hand table names. */
function townLabels(places, placesByHand, hand) {
  const byHand = new Set(hand.map(({ lon, lat }) => `${lon} ${lat}`))
  const renamed = new Map(placesByHand.map((row) => [row.id, row.name]))
  return places
    .filter(({ country, population }) => country === 'ML' || Number(population) >= MIN_POPULATION)
    .filter(({ lon, lat }) => !byHand.has(`${lon} ${lat}`))
    .map(({ geonameid, name, lon, lat, population }) => {
      const shown = renamed.get(geonameid) ?? name
      const weight = Number(population)
      const from = weight >= 1_000_000 ? 5 : weight >= 200_000 ? 6 : weight >= 50_000 ? 7 : 8
      return { kind: 'town', name: { en: shown, fr: shown }, lon: Number(lon), lat: Number(lat), from, weight }
    })
}

/** Greedy placement, one zoom after the other: a label once shown stays shown at every larger zoom. */
function placed(labels) {
  const shown = new Map()
  for (let zoom = 2; zoom <= MAX_ZOOM; zoom++) {
    const boxes = [...shown.keys()].map((label) => box(label, zoom))
    for (const label of labels) {
      if (shown.has(label) || label.from > zoom) continue
      const own = box(label, zoom)
      if (boxes.some((other) => overlap(own, other))) continue
      boxes.push(own)
      shown.set(label, zoom)
    }
  }
  return labels
    .filter((label) => shown.has(label))
    .map((label) => {
      const { kind, name, lon, lat } = label
      return { kind, name, lon: Number(lon.toFixed(3)), lat: Number(lat.toFixed(3)), min_zoom: shown.get(label) }
    })
}

function box({ name, lon, lat }, zoom) {
  const size = 256 * 2 ** zoom
  const sin = Math.sin((lat * Math.PI) / 180)
  const x = (lon / 360 + 0.5) * size
  const y = (0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * size
  const half = (Math.max(name.en.length, name.fr.length) * LETTER) / 2
  return [x - half, y - LINE / 2, x + half, y + LINE / 2]
}

const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
/** By code unit, not by locale, so that the output does not depend on the machine. */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0)
