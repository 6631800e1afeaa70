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

/** Abbreviations that people use and CLDR does not have; none that begins the name of a large city, as CAR does. */
const SHORT = {
  AE: { en: ["UAE"], de: ["VAE"] },
  CD: { en: ["DRC"], fr: ["RDC"] },
  CF: { fr: ["RCA"] },
  KP: { en: ["DPRK"] },
  PG: { en: ["PNG"] },
  SA: { en: ["KSA"] },
  US: { es: ["EEUU"] },
  ZA: { en: ["RSA"] },
};

const rows = [];
for (const code of codes)
  for (const language of LANGUAGES) {
    const names = ["long", "short"].map((style) => new Intl.DisplayNames(language, { type: "region", style, fallback: "none" }).of(code));
    const all = names.filter((name) => name !== undefined).flatMap((name) => parts(code, name));
    const kept = all.filter((name) => isName(code, name)).concat(SHORT[code]?.[language] ?? []);
    for (const name of new Set(kept)) rows.push([code, language, name]);
  }
writeFileSync(new URL("country-names.tsv", folder), ["iso2\tlanguage\tname", ...rows.map((row) => row.join("\t")), ""].join("\n"));
console.log(`${rows.length} names of ${new Set(rows.map(([code]) => code)).size} countries, CLDR ${process.versions.cldr}`);
