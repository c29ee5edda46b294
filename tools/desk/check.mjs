// Every page as a visitor with a browser meets it. Ends with 1 where anything is found.
import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";

const [desk, pictures] = process.argv.slice(2);
const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const found = [];
const say = (what) => { found.push(what); console.log("FOUND " + what); };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});

// The pair with most events, and a report with events, as the desk itself offers them.
const probe = await (await browser.newContext()).newPage();
await probe.goto(desk + "/dyad");
const dyad = await probe.locator("main ul.columns a").first().getAttribute("href");
await probe.goto(desk + dyad);
const report = (await probe.locator("main table a[href^='/report/']").first().getAttribute("href")).split("#")[0];
await probe.goto(desk + "/happenings?independent=1");
const shared = await probe.locator("main table a[href^='/happenings?id=']").first().getAttribute("href").catch(() => null);

const pages = {
  today: "/", search: "/search?text=trade", pairs: "/dyad", dyad, actors: "/actor", actor: "/actor?who=USA", happenings: "/happenings?independent=1",
  network: "/network", paste: "/paste", map: "/map", report, data: "/data", nowhere: "/nowhere",
};
if (shared) pages.happening = shared;

const views = {
  light: { viewport: { width: 1280, height: 900 } },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

for (const [view, options] of Object.entries(views)) {
  // The accessibility checker is a script; no page of the desk may run one.
  const context = await browser.newContext({ ...options, bypassCSP: true });
  for (const [name, path] of Object.entries(pages)) {
    const page = await context.newPage();
    page.on("console", (m) => { if (["error", "warning"].includes(m.type()) && name !== "nowhere") say(`${view} ${name}: console: ${m.text()}`); });
    page.on("pageerror", (e) => say(`${view} ${name}: ${e.message}`));
    const bodies = [];
    page.on("response", (r) => bodies.push(r.body().then((b) => b.length, () => 0)));
    page.on("request", (r) => { if (!r.url().startsWith(desk)) say(`${view} ${name}: asks elsewhere: ${r.url()}`); });
    const begin = performance.now();
    const answer = await page.goto(desk + path);
    const whole = performance.now() - begin;
    const weight = (await Promise.all(bodies)).reduce((a, b) => a + b, 0);
    const first = await page.evaluate(() => performance.getEntriesByType("navigation")[0].responseStart);
    if (view === "light") console.log(`${name}: first byte ${first.toFixed(0)} ms, whole ${whole.toFixed(0)} ms, ${(weight / 1024).toFixed(0)} kB`);
    if (weight > 300 * 1024) say(`${view} ${name}: weighs ${weight} bytes`);
    if (answer.status() >= 500) say(`${view} ${name}: ${answer.status()}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) say(`${view} ${name}: ${wide} pixels wider than the screen`);
    await page.screenshot({ path: `${pictures}/${view}-${name}.png` });
    await page.evaluate(axe);
    const results = await page.evaluate(() => axe.run({ resultTypes: ["violations"] }));
    for (const v of results.violations) {
      if (["serious", "critical"].includes(v.impact)) say(`${view} ${name}: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
    }
    await page.close();
  }
  await context.close();
}

// By keyboard alone: skip to the content, open a search, reach the sentence.
const page = await (await browser.newContext()).newPage();
await page.goto(desk + "/");
await page.keyboard.press("Tab");
if ((await page.evaluate(() => document.activeElement.className)) !== "skip") say("the first stop of the keyboard is not the skip link");
await page.keyboard.press("Enter");
if ((await page.evaluate(() => document.activeElement.id)) !== "main") say("the skip link does not lead to the content");
await page.focus("#quick");
await page.keyboard.type("trade");
await page.keyboard.press("Enter");
await page.waitForURL("**/search?text=trade");
await page.goto(desk + report);
const mark = page.locator("a.m.event").first();
await mark.focus();
if (!(await mark.locator(".tip").isVisible())) say("a mark in the text does not explain itself when focused");
await page.keyboard.press("Enter");
if (!page.url().includes("#event-")) say("a mark in the text does not lead to its event");

// A pasted text.
await page.goto(desk + "/paste");
await page.fill("textarea", "PARIS - France condemned Iran on Monday. \"We will not accept this,\" the foreign ministry said.");
await page.click("form.ask button");
if (!(await page.locator("article.event").first().isVisible())) say("a pasted text shows no event");
await page.screenshot({ path: `${pictures}/light-pasted.png`, fullPage: true });

// Three steps from the front page to the sentence.
await page.goto(desk + "/dyad");
await page.locator("main ul.columns a").first().click();
await page.locator("main table a[href^='/report/']").first().click();
if (!(await page.locator(".event:target, article.event").first().isVisible())) say("a pair's event does not lead to its sentence");

await browser.close();
console.log(found.length ? `${found.length} found` : "nothing found");
process.exit(found.length ? 1 : 0);
