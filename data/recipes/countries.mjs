#!/usr/bin/env node
// Writes data/gazetteer/country-names.tsv: what countries and territories are called in other languages, from the Unicode CLDR that is
// part of Node.js (its version is printed). The output depends on that version alone.
//
//   node data/recipes/countries.mjs

import { readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../gazetteer/", import.meta.url);
/** The languages of the United Nations, and those that most records about places are written in besides. */
const LANGUAGES = ["en", "fr", "es", "ar", "ru", "zh", "de", "fa", "ha", "hi", "id", "it", "ja", "ko", "pt", "sw", "tr"];

const codes = readFileSync(new URL("countries.tsv", folder), "utf8").trim().split("\n").slice(1).map((row) => row.split("\t")[0]);

/** The one country of two names has the other in brackets: "Myanmar (Burma)". @param {string} code @param {string} name */
const parts = (code, name) => ((code === "MM" && /^(.+?)\s*\((.+)\)$/.exec(name)) || [name, name]).slice(1);

/** Abbreviations of two letters are left out where they are another country's code. @param {string} code @param {string} name */
const isName = (code, name) => name === "UK" || name === code || (/\p{L}[\p{L}\p{M}]/u.test(name) && !/^[A-Z]{2}$|\p{Lu}\./u.test(name));

/** Names that people use and CLDR does not have: former ones, those of the United Nations, and abbreviations, none of which begins the
 * name of a large city, as CAR does. */
const OTHERS = {
  AE: { en: ["UAE"], de: ["VAE"] },
  CD: { en: ["DRC", "DR Congo", "Democratic Republic of Congo", "Zaire"], fr: ["RDC", "République démocratique du Congo"] },
  CF: { fr: ["RCA"] },
  CN: { en: ["People's Republic of China"] },
  CZ: { en: ["Czech Republic"], fr: ["République tchèque"], es: ["República Checa"] },
  GB: { en: ["Great Britain"], fr: ["Grande-Bretagne"] },
  GM: { en: ["The Gambia"] },
  IR: { en: ["Islamic Republic of Iran"] },
  KP: { en: ["DPRK", "Korea", "Democratic People's Republic of Korea"] },
  KR: { en: ["Korea", "Republic of Korea"] },
  LA: { en: ["Lao PDR"] },
  MK: { en: ["Macedonia"] },
  NL: { en: ["Holland"], es: ["Holanda"] },
  PG: { en: ["PNG"] },
  RU: { en: ["Russian Federation"], fr: ["Fédération de Russie"] },
  SA: { en: ["KSA"] },
  SY: { en: ["Syrian Arab Republic"] },
  SZ: { en: ["Swaziland"] },
  TL: { en: ["East Timor"] },
  TZ: { en: ["United Republic of Tanzania"] },
  US: { en: ["United States of America"], es: ["EEUU"], fr: ["États-Unis d’Amérique"] },
  VA: { en: ["Holy See"] },
  ZA: { en: ["RSA"] },
};

const rows = [];
for (const code of codes)
  for (const language of LANGUAGES) {
    const names = ["long", "short"].map((style) => new Intl.DisplayNames(language, { type: "region", style, fallback: "none" }).of(code));
    const all = names.filter((name) => name !== undefined).flatMap((name) => parts(code, name));
    const kept = all.filter((name) => isName(code, name)).concat(OTHERS[code]?.[language] ?? []);
    for (const name of new Set(kept)) rows.push([code, language, name]);
  }
writeFileSync(new URL("country-names.tsv", folder), ["iso2\tlanguage\tname", ...rows.map((row) => row.join("\t")), ""].join("\n"));
console.log(`${rows.length} names of ${new Set(rows.map(([code]) => code)).size} countries, CLDR ${process.versions.cldr}`);
