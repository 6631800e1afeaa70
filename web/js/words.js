// The interface's words in the reader's language, and the data's own words where they come in several.

/** @type {Record<string, string>} */
let texts = {};
let language = "en";
let plural = new Intl.PluralRules("en");

/** What is said where the words themselves cannot be loaded. @param {string} lang @returns {Record<string, string>} */
export const firstWords = (lang) =>
  lang === "fr" ? { failed: "Chargement impossible :", retry: "Réessayer" } : { failed: "This could not be loaded:", retry: "Try again" };

/** @param {Record<string, string>} table @param {string} lang */
export function useWords(table, lang) {
  texts = table;
  language = lang;
  plural = new Intl.PluralRules(lang);
  document.documentElement.lang = lang;
}

export const lang = () => language;
/** Day before month, as the texts have it. */
export const locale = () => (language === "en" ? "en-GB" : language);
/** @param {string} key */
export const has = (key) => key in texts;

/**
 * The text of `key` with its `{names}` filled in; `key.one` or `key.other` where `n` decides.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  const text = texts[`${key}.${plural.select(Number(values.n ?? NaN))}`] ?? texts[key] ?? key;
  const filled = text.replace(/\{(\w+)\}/g, (_, name) => (typeof values[name] === "number" ? num(values[name]) : String(values[name] ?? "")));
  // French elides "de" before a vowel, whatever name or month was filled in.
  return language === "fr" ? filled.replace(/\b([Dd])e (?=[aeiouyàâéèêîôû])/gi, "$1’") : filled;
}

/** @param {number | string} n */
export const num = (n) => Number(n).toLocaleString(locale());

/** In few signs and no space: 1.2k. @param {number} n */
export const compact = (n) => n.toLocaleString(locale(), n < 1000 ? {} : { notation: "compact", maximumSignificantDigits: 2 }).replace(/\s/g, "");

/** @param {Words | undefined} text */
export const pick = (text) => (typeof text === "object" ? (text[language] ?? text.en ?? Object.values(text)[0] ?? "") : (text ?? ""));

/**
 * A property in the reader's language where the data has one: `note_fr` before `note`.
 * @param {Record<string, any>} p
 * @param {string} name
 */
export const local = (p, name) => (language !== "en" && p[`${name}_${language}`]) || p[name];

/**
 * A value of the data in words where the interface has them (`state.open`), else as it is.
 * @param {string} field
 * @param {any} value
 */
export const valueWord = (field, value) => texts[`${field}.${value}`] ?? String(value);
