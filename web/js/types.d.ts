// The shapes that the modules share. Read by `tsc` only; the browser never asks for this file.

/** A text in one language, or in several by language code. */
type Words = string | Record<string, string>;

/** A calendar day, `YYYY-MM-DD`; such texts compare as days do. */
type Iso = string;

interface TimeFields {
  edtf?: string;
  earliest: string;
  latest: string;
}

interface Layer {
  collection: string;
  title?: Words;
  /** The property that names a feature, for each language. */
  label?: Words;
  time?: TimeFields;
  style?: string;
  list?: boolean;
  timeline?: boolean;
  filters?: string[];
  /** What the values of those filters are that are no texts. */
  kinds?: Record<string, "boolean" | "number" | "date" | "list">;
  /** Which colour it has among the plain layers. */
  hue?: number;
  accuracy?: string;
  evidence?: { collection: string; subject: string };
  sources?: string;
  /** How many features the collection has. */
  count?: number;
}

interface Basemap {
  kind: "vector" | "raster";
  /** Vector: the folder of region.json, world.json and labels.json. Raster: the tiles' template. */
  url: string;
  attribution?: string;
  max_zoom?: number;
}

/** `map.json`. */
interface Config {
  title: Words;
  lede?: Words;
  bbox?: number[];
  time?: { start: Iso; end: Iso; initial?: Iso };
  layers: Layer[];
  views?: { parameter: string; all: string; other: string; label: Words };
  basemap?: Basemap;
  attribution?: { text: string; url?: string }[];
  cite?: Words;
  version?: string;
  public_url?: string;
  embed?: boolean;
}

interface Geometry {
  type: string;
  coordinates: any;
}

interface Feature {
  type: "Feature";
  id: string | number;
  geometry: Geometry | null;
  properties: Record<string, any>;
}

interface Page {
  features: Feature[];
  numberMatched?: number;
  links?: { rel: string; href: string }[];
}

/** Everything a reader can change, which is all that the address holds. */
interface View {
  /** Zoom, latitude, longitude; null while the whole data set is in view. */
  map: [number, number, number] | null;
  day: Iso | null;
  /** The chosen feature, `collection/id`. */
  on: string | null;
  /** The value of the view parameter (`basis`); null for the whole data set. */
  basis: string | null;
  /** West, south, east, north of "search this area", degrees. */
  area: number[] | null;
  /** Chosen values by property; `state` is the state on the chosen day. */
  filters: Record<string, string[]>;
  /** Layers switched off. */
  off: string[];
  lang: string | null;
  embed: boolean;
}

/** One feature as the page shows it on the chosen day. */
interface Item {
  key: string;
  id: string;
  layer: Layer;
  p: Record<string, any>;
  geometry: Geometry | null;
  name: string;
  state: string;
  from: Iso | null;
  to: Iso | null;
  /** Passes the filters and lies in the searched area. */
  pass: boolean;
  /** Passes, its layer is on, and the day shows it. */
  drawn: boolean;
}

interface LayerData {
  layer: Layer;
  features: Feature[];
  matched: number;
  /** Set where it could not be read. */
  failed?: unknown;
  /** Set where it has not been read yet. */
  waiting?: boolean;
  /** Of a large layer with too many features in view: how many are where. The features are but the first ones then. */
  clusters?: Cluster[];
  /** Of a large layer: the values of its filters with their counts, as the server has them. */
  facets?: Scene["facets"];
  /** Of a large layer: how many features there were in each stretch of the timeline. */
  times?: number[];
}

/** What is asked of a large layer. */
interface Wish {
  /** What the map is on: box, days, filters. */
  query: Record<string, any>;
  filters: Record<string, string[]>;
  /** The same without the map's box and the day. */
  whole: Record<string, any>;
  /** The timeline's span as `datetime` takes it. */
  span: string | null;
}

/** What one cell of the server's grid holds. */
interface Cluster {
  /** Longitude, latitude. */
  at: [number, number];
  count: number;
  /** The cell: west, south, east, north. */
  bbox: number[];
  /** The feature's id and name where it is alone. */
  only: Feature | null;
}

/** What all parts of the page draw, worked out once for each view. */
interface Scene {
  view: View;
  day: Iso | null;
  layers: { layer: Layer; data: LayerData; items: Item[]; alone: Map<Cluster, Item>; on: boolean }[];
  /** Items of the list's layer by state, the state filter aside. */
  states: Record<string, number>;
  /** Counts of each filter's values, that filter aside. */
  facets: { field: string; values: [string, number][] }[];
  chosen: Item | null;
}

interface Claim {
  id: string;
  [property: string]: any;
}

/** What `h("tag.class")` makes. */
type HtmlElement<S extends string> = S extends `${infer T}.${string}`
  ? HtmlElement<T>
  : S extends keyof HTMLElementTagNameMap
    ? HTMLElementTagNameMap[S]
    : HTMLElement;
