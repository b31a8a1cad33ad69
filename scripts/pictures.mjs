// @ts-check
// node scripts/pictures.mjs runs/default-0f98fd6055              the pictures of docs/view.md, from the default sweep (npm start, npm run candor -- report runs/<folder>)
// node scripts/pictures.mjs runs/default-0f98fd6055 <folder>     every page on a desktop and a phone, light and dark, to be looked at
// Needs Chromium (CHROME_BIN, or /usr/bin/chromium) and what npm run build has made.

import { mkdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { readSweep } from "../dist/index.js";
import { startViewer } from "../dist/viewer/index.js";

const [folder, out] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write("pictures: name the folder of the default sweep\n");
  process.exit(2);
}
const figures = fileURLToPath(new URL("../docs/figures", import.meta.url));
const sweep = await readSweep(folder);
const cell = sweep?.cells.find(({ biased, seed }) => seed === 8 && biased === 0.5);
if (!sweep || !cell) throw new Error(`${folder} is not the default sweep`);
const id = basename(resolve(folder));
const run = `${id}/${cell.folder}`;
const report = pathToFileURL(resolve(folder, "report.html")).href;

const viewer = await startViewer({ folder: dirname(resolve(folder)), host: "127.0.0.1", port: 0 });
const browser = await chromium.launch({
  executablePath: process.env.CHROME_BIN ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run"],
});
/** @type {(view: string, query?: Record<string, string>) => string} */
const place = (view, query = {}) => `${viewer.url}#/${view}?${new URLSearchParams(query)}`;
const cells = sweep.cells.slice(0, 2).map(({ folder: of }) => `run=${encodeURIComponent(`${id}/${of}`)}`);
const probe = { run, of: "mask", probe: "disinformation-008", at: "4" };

try {
  if (out === undefined) await forTheDocs();
  else await toBeLookedAt(out);
} finally {
  await browser.close();
  await viewer.close();
}

async function forTheDocs() {
  const desktop = { width: 1280, height: 900 };
  await take(place("sweep", { id }), join(figures, "view-sweep.png"), { viewport: desktop });
  await take(place("run", { run }), join(figures, "view-run.png"), { viewport: desktop });
  const probes = { viewport: { width: 1280, height: 860 } };
  await take(place("probes", { ...probe, order: "moved" }), join(figures, "view-probes.png"), probes);
  await take(report, join(figures, "report.png"), { viewport: { width: 1200, height: 1360 } });
}

/** @param {string} where */
async function toBeLookedAt(where) {
  mkdirSync(where, { recursive: true });
  const pages = {
    runs: place(""),
    sweep: place("sweep", { id }),
    compare: `${viewer.url}#/compare?${cells.join("&")}`,
    run: place("run", { run }),
    conversations: place("conversations", { run }),
    probes: place("probes", probe),
    chat: place("chat", { run }),
    new: place("new"),
    report,
  };
  for (const [name, url] of Object.entries(pages))
    for (const [device, width] of Object.entries({ desktop: 1280, phone: 390 }))
      for (const colorScheme of /** @type {const} */ (["light", "dark"]))
        await take(
          url,
          join(where, `${name}-${device}-${colorScheme}.png`),
          { viewport: { width, height: 900 }, colorScheme },
          true,
        );
}

/**
 * A picture of a page once nothing on it is still coming.
 * @param {string} url
 * @param {string} file
 * @param {import("playwright-core").BrowserContextOptions} context
 */
async function take(url, file, context, fullPage = false) {
  const page = await browser.newPage(context);
  page.setDefaultTimeout(600_000);
  await page.goto(url);
  await page.locator("h1, h2").first().waitFor();
  await page.waitForFunction(
    () =>
      // biome-ignore lint/performance/useDomNodeTextContent: what a reader sees, not what the markup holds
      !/Loading…|Drawing…|Working out what came out…/u.test(document.body.innerText) &&
      ![...document.querySelectorAll(".reading")].some(({ childElementCount }) => childElementCount === 0) &&
      [...document.images].every(({ complete }) => complete),
  );
  await page.screenshot({ path: file, fullPage });
  await page.close();
  process.stdout.write(`${file}\n`);
}
