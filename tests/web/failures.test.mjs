// What fails is told in the reader's language; what the server says of it, which is English, stands after it as such.

import assert from "node:assert/strict";
import { test } from "node:test";
import { PHONE, accessible, base, drawn, shot, visit, visitMap } from "./browser.mjs";

const RESOURCE = [/Failed to load resource/];
const FRENCH = { locale: "fr-FR", expected: RESOURCE };

/** The notice of a failure: its sentence, and what is English in it. @param {import("playwright-core").Page} page */
async function told(page) {
  const alert = page.getByRole("alert").first();
  const sentence = (await alert.locator("p").first().textContent()) ?? "";
  const english = alert.locator('[lang="en"]');
  return { alert, sentence, english: (await english.count()) ? await english.first().textContent() : "" };
}

test("an address that names what is not there, or asks what cannot be asked, is told so in French", async (t) => {
  for (const { state, sentence, english } of [
    { state: "#on=places/999999999", sentence: /^Chargement impossible : il n’y a rien/, english: /^there is no place "999999999"/ },
    { state: "#area=1,95,2,3", sentence: /^Chargement impossible : cela ne peut être demandé ainsi/, english: /bbox/ },
  ]) {
    const page = await visitMap(t, state, FRENCH);
    const said = await told(page);
    assert.match(said.sentence, sentence);
    assert.match(said.english ?? "", english);
    await said.alert.getByRole("button", { name: "Réessayer" }).waitFor();
    await accessible(page, state);
    await shot(page, `failure${state.slice(0, 4).replace("#", "-")}`);
  }
});

test("an address that names a feature which the data do not have says so, until it is closed", async (t) => {
  const page = await visitMap(t, "#on=bases/nowhere", { locale: "fr-FR", viewport: PHONE });
  const notice = page.locator(".notice").getByText("« nowhere » n’est pas, ou n’est plus, dans ces données.");
  await notice.waitFor();
  await shot(page, "failure-phone");
  await accessible(page, "a feature that is not there");
  await page.locator(".notice").getByRole("button", { name: "Fermer" }).click();
  await notice.waitFor({ state: "detached" });
  assert.doesNotMatch(page.url(), /nowhere/);
});

test("a server in trouble, an answer that is none, and no connection are told apart", async (t) => {
  const page = await visit(t, "/?f=html", FRENCH);
  /** @type {((route: import("playwright-core").Route) => Promise<void>)[]} */
  const answers = [
    (route) => route.fulfill({ status: 503, contentType: "text/html", body: "<h1>busy</h1>" }),
    (route) => route.fulfill({ status: 500, contentType: "application/problem+json", body: '{"detail":"the server failed to answer"}' }),
    (route) => route.fulfill({ status: 200, contentType: "text/html", body: "<h1>Log in to this network</h1>" }),
    (route) => route.abort("internetdisconnected"),
  ];
  const sentences = [/trop occupé/, /le serveur a échoué/, /illisible/, /pas de connexion au serveur/];
  for (const [index, answer] of answers.entries()) {
    await page.route("**/collections/bases/items*", answer);
    await page.reload();
    await page.locator("body.ready").waitFor();
    const { sentence, english } = await told(page);
    assert.match(sentence, /^Chargement impossible : /);
    assert.match(sentence, sentences[index]);
    assert.equal(english, index === 1 ? "the server failed to answer" : "");
    await page.unroute("**/collections/bases/items*");
  }
  await page.getByRole("alert").getByRole("button", { name: "Réessayer" }).first().click();
  await drawn(page);
  await page.getByRole("alert").first().waitFor({ state: "detached" });
});

test("where the words of the page cannot be loaded, that is said in the language of the page", async (t) => {
  const page = await visit(t, "/?f=html", FRENCH);
  await page.route("**/assets/text/fr.json", (route) => route.abort());
  await page.goto(`${await base()}/?f=html`);
  const { sentence, alert } = await told(page);
  assert.match(sentence, /^Chargement impossible : /);
  await alert.getByRole("button", { name: "Réessayer" }).waitFor();
});

test("a page of an error is French but for what the server says", async (t) => {
  const page = await visit(t, "/collections/bases/items?limit=x", FRENCH);
  assert.match((await page.locator("h1").textContent()) ?? "", /Cela ne peut être demandé/);
  assert.equal(await page.getByRole("alert").getAttribute("lang"), "en");
});
