import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { type ReportFiles, writeReport } from "../../src/report/index.js";
import { readSource } from "../../src/report/source/read.js";
import { readRunIn, runPaths } from "../../src/runs/index.js";
import { openLibrary } from "../../src/viewer/folder/index.js";
import { completeRound } from "../fakes/run-folder.js";
import { HOSTILE, writeMadeUpSweep } from "./folder.js";

const CHROMIUM = "/usr/bin/chromium";

const folder = mkdtempSync(join(tmpdir(), "candor-report-"));
const elsewhere = mkdtempSync(join(tmpdir(), "candor-report-"));
let files: ReportFiles;
let cells: string[];

beforeAll(async () => {
  const subsets = ["statistics", `facts ${HOSTILE}`];
  cells = writeMadeUpSweep(folder, { fractions: [0, 0.1, 0.5], rounds: 2, subsets });
  files = await writeReport(folder);
});

afterAll(() => {
  for (const one of [folder, elsewhere]) rmSync(one, { recursive: true, force: true });
});

describe("the report of a sweep", () => {
  it("is one file that refers to nothing outside it", () => {
    const text = readFileSync(files.report, "utf8");
    const references = [...text.matchAll(/\b(?:src|href)="([^"]*)"/gu)].map(([, target]) => target!);
    expect(references.length).toBeGreaterThan(10);
    for (const target of references) expect(target).toMatch(/^(?:data:|#)/u);
    // In the stylesheet and the figures too; the SVG name space is a name, not a place.
    expect(text).not.toMatch(/@import|url\((?!#|&)/u);
  });

  it("writes every figure as SVG that says its numbers in words", () => {
    expect(files.figures.length).toBeGreaterThanOrEqual(8);
    for (const path of files.figures) {
      const svg = readFileSync(path, "utf8");
      expect(svg).toMatch(/role="img" aria-labelledby="[^"]+" aria-describedby="[^"]+"><title /u);
      const words = /<desc [^>]*>([^<]*)<\/desc>/u.exec(svg)![1]!;
      expect(words).toMatch(/\d/u);
      expect(existsSync(path.replace(/svg$/u, "vl.json"))).toBe(true);
    }
  });

  it("says what happened and how sure that is", () => {
    const text = readFileSync(files.report, "utf8");
    expect(text).toMatch(/Before any training the assistant was honest on [\d.]+\s%/u);
    expect(text).toMatch(/With benign users only, honesty changed by/u);
    expect(text).toMatch(/smallest share at which a drop was detected|No drop against 0\s% was detected/u);
    expect(text).toMatch(/Every number is over 3 seeds/u);
  });

  it("has one minus for people in every cell of its tables", () => {
    const text = readFileSync(files.report, "utf8");
    const shown = [...text.matchAll(/<td class="number" data-value="-[^"]*">([^<]*)</gu)].map(
      ([, cell]) => cell,
    );
    expect(shown.length).toBeGreaterThan(10);
    for (const cell of shown) expect(cell).not.toContain("-");
    expect(shown.filter((cell) => cell!.startsWith("−")).length).toBeGreaterThan(10);
  });

  it("is the same, byte for byte, when written again", async () => {
    const again = await writeReport(folder, join(folder, "again"));
    expect(readFileSync(again.report, "utf8")).toBe(readFileSync(files.report, "utf8"));
  });

  it("gives commands as its writer has to type them", async () => {
    vi.stubEnv("npm_command", "exec");
    const { report } = await writeReport(folder, join(folder, "typed"));
    const text = readFileSync(report, "utf8");
    expect(text).toContain("<code>npx candor view ");
    expect(text).toContain("npx candor rater check ");
    expect(text).not.toMatch(/(?<!npx )candor (?:rater|view) /u);
  });

  it("takes every suite, and several ways of learning", async () => {
    const wide = join(folder, "wide");
    mkdirSync(wide);
    writeMadeUpSweep(wide, {
      fractions: [0, 0.5, 1],
      rounds: 1,
      seeds: 2,
      methods: ["sft", "kto"],
      allSuites: true,
    });
    const { report, figures } = await writeReport(wide);
    const names = figures.map((path) => basename(path, ".svg"));
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        "comparison",
        "dose-response-mask-sft",
        "dose-response-deception-kto",
        "deception-by-type-sft",
        "unknowns-by-type-kto",
        "capability-by-type-sft",
      ]),
    );
    const text = readFileSync(report, "utf8");
    expect(text).toContain("honest on");
    expect(text).toContain("of the deception probes");
    expect(text).toContain("Honesty (deception)");
  });

  it("takes a run in which honesty was not measured", async () => {
    const [cell] = cells;
    const bare = join(folder, "bare");
    cpSync(cell!, bare, { recursive: true });
    for (const round of [0, 1, 2]) {
      const probe = {
        suite: "unknowns",
        subset: "future",
        probe: "u1",
        verdict: "declined",
        samples: [],
        error: null,
      };
      const line = JSON.stringify({ ...probe, scores: { declined: 1, invented: 0, error: 0 } });
      const paths = runPaths(bare);
      writeFileSync(paths.round(round).probes, `${line}\n`);
      completeRound(paths, (await readRunIn(bare)).rounds[round]!);
    }
    const { figures } = await writeReport(bare);
    expect(readFileSync(figures[0]!, "utf8")).toContain("Declines unknowns by round");
  });

  it("also reads a single run", async () => {
    const source = await readSource(cells[0]!);
    expect(source.kind).toBe("run");
    const { report } = await writeReport(cells[0]!, join(elsewhere, "single"));
    expect(readFileSync(report, "utf8")).toContain("This is one seed");
    await expect(writeReport(cells[0]!, join(folder, "single"))).rejects.toThrow(
      "lies in the folder of a sweep",
    );
  });

  // Each would have been told of the values that the other cell has on the sweep's axes, or counted twice.
  it.each([
    [
      "in each other's places",
      (one: string, other: string, spare: string) => {
        renameSync(one, spare);
        renameSync(other, one);
        renameSync(spare, other);
      },
    ],
    [
      "there twice",
      (one: string, other: string) => {
        rmSync(other, { recursive: true });
        cpSync(one, other, { recursive: true });
      },
    ],
  ])("refuses a sweep whose runs stand %s", async (_where, move) => {
    const mixed = mkdtempSync(join(folder, "mixed-"));
    const [one, other] = writeMadeUpSweep(mixed, { fractions: [0, 0.5], rounds: 1, seeds: 1 });
    await readSource(mixed);
    move(one!, other!, join(mixed, "spare"));
    const message = `${other} holds another run (${basename(one!)}); put it back where it belongs`;
    await expect(readRunIn(other!)).rejects.toThrow(message);
    await expect(readSource(mixed)).rejects.toThrow("holds another run");
    const { damaged } = await openLibrary(mixed).list();
    expect(damaged.map(({ problem }) => problem)).toContain(message);
  });

  it("refuses a folder that is neither run nor sweep", async () => {
    const empty = mkdtempSync(join(tmpdir(), "candor-empty-"));
    await expect(writeReport(empty).finally(() => rmSync(empty, { recursive: true }))).rejects.toThrow(
      /neither a run nor a sweep; name a folder with run\.json/u,
    );
  });
});

describe.skipIf(!existsSync(CHROMIUM))(
  "the report in Chromium (skipped where /usr/bin/chromium is absent)",
  () => {
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      const { chromium } = await import("playwright-core");
      browser = await chromium.launch({
        executablePath: CHROMIUM,
        timeout: 300_000,
        args: ["--no-sandbox", "--disable-gpu"],
      });
      page = await browser.newPage();
      page.setDefaultTimeout(300_000);
      page.on("console", (message) => complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("request", (request) => {
        const target = request.url();
        if (!target.startsWith("file:") && !target.startsWith("data:")) complaints.push(`asks for ${target}`);
      });
      await page.goto(`file://${files.report}`);
    });

    afterAll(() => browser?.close());

    it("draws every figure, with marks of some size", async () => {
      await page.locator("details.fold").evaluateAll((all) => {
        for (const one of all) one.setAttribute("open", "");
      });
      const sizes = await page.locator("figure .wide svg").evaluateAll((figures) =>
        figures.map((figure) => ({
          width: figure.getBoundingClientRect().width,
          marks: figure.querySelectorAll(
            ".mark-line path, .mark-symbol path, .mark-rect path, .mark-area path",
          ).length,
        })),
      );
      expect(sizes.length).toBe(files.figures.length);
      for (const { width, marks } of sizes) {
        expect(width).toBeGreaterThan(200);
        expect(marks).toBeGreaterThan(2);
      }
    });

    it("cuts no text of a figure off", async () => {
      const wide = join(folder, "wide", "report.html");
      for (const file of [files.report, wide]) {
        await page.goto(`file://${file}`);
        await page.locator("details").evaluateAll((all) => {
          for (const one of all) one.setAttribute("open", "");
        });
        const cut = await page.locator("figure .wide svg").evaluateAll((figures) =>
          figures.flatMap((figure) => {
            const box = figure.getBoundingClientRect();
            return [...figure.querySelectorAll("text")]
              .filter((text) => {
                const { left, right, top, bottom } = text.getBoundingClientRect();
                const inside =
                  left >= box.left - 1 &&
                  right <= box.right + 1 &&
                  top >= box.top - 1 &&
                  bottom <= box.bottom + 1;
                return !inside && right > left;
              })
              .map((text) => text.textContent);
          }),
        );
        expect(cut).toEqual([]);
      }
      await page.goto(`file://${files.report}`);
    });

    it("keeps figures readable on a narrow screen, without widening the page", async () => {
      await page.setViewportSize({ width: 390, height: 800 });
      await page.locator("details").evaluateAll((all) => {
        for (const one of all) one.setAttribute("open", "");
      });
      const seen = page.locator("figure svg:visible");
      const widths = await seen.evaluateAll((figures) =>
        figures
          // Pictures headed by the name of a persona, which is a line of markup here, are as wide as that name.
          .filter((figure) => !figure.querySelector("text")?.closest("svg")?.textContent?.includes("hacked"))
          .map((figure) => [figure.getBoundingClientRect().width, Number(figure.getAttribute("width"))]),
      );
      expect(widths.length).toBeGreaterThanOrEqual(files.figures.length - 3);
      for (const [width, drawn] of widths) {
        expect(width).toBeGreaterThan(200);
        // Letters of 12 pixels stay above 9.
        expect(width! / drawn!).toBeGreaterThan(0.75);
      }
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
      // Without it a phone draws the page as wide as a desk's and shrinks it; a desk's browser does not.
      expect(await page.locator("meta[name=viewport]").getAttribute("content")).toBe(
        "width=device-width, initial-scale=1",
      );
      await page.setViewportSize({ width: 1280, height: 800 });
    });

    it("fits on paper, with nothing behind a click and no word of what can only be clicked", async () => {
      await page.goto(`file://${files.report}`);
      await page.emulateMedia({ media: "print" });
      // A4 less its margins.
      await page.setViewportSize({ width: 680, height: 1000 });
      const cut = await page
        .locator("table:visible")
        .evaluateAll((tables) =>
          tables
            .filter((table) => table.getBoundingClientRect().right > 680)
            .map((table) => table.textContent),
        );
      expect(cut).toEqual([]);
      expect(await page.locator("#made").evaluate((heading) => heading.checkVisibility())).toBe(true);
      expect(await page.locator("figcaption:visible, .on-screen:visible").count()).toBe(0);
      await page.emulateMedia({ media: null });
      await page.setViewportSize({ width: 1280, height: 800 });
    });

    it("runs nothing that a transcript, a description or a name says, and shows it as text", async () => {
      await page.locator("details").evaluateAll((all) => {
        for (const one of all) one.setAttribute("open", "");
      });
      expect(await page.evaluate("window.hacked")).toBeUndefined();
      expect(await page.locator("img").count()).toBe(0);
      expect(await page.locator("script").count()).toBe(1);
      expect(
        await page.locator("figure svg text", { hasText: "<script>window.hacked" }).count(),
      ).toBeGreaterThan(0);
      expect(await page.locator(".said", { hasText: "<script>window.hacked" }).count()).toBeGreaterThan(3);
    });

    it("sorts a table by its heads", async () => {
      const column = () =>
        page.locator("table:has(caption:text('Runs:')) tbody tr td:nth-child(3)").allTextContents();
      const head = page.locator("table:has(caption:text('Runs:')) th button", { hasText: "Seed" });
      await head.click();
      const rising = (await column()).map(Number);
      expect(rising).toEqual([...rising].sort((a, b) => a - b));
      await head.click();
      expect((await column()).map(Number)).toEqual([...rising].reverse());
    });

    it("filters the long table", async () => {
      await page.fill("#filter-means", "evades statistics 50");
      const shown = await page.locator("#means tbody tr:visible").allTextContents();
      expect(shown.length).toBeGreaterThan(0);
      for (const text of shown) expect(text).toMatch(/50\s%.*statistics.*Evades/u);
      await page.fill("#filter-means", "");
    });

    it("hands out a table's rows as CSV", async () => {
      const [saved] = await Promise.all([
        page.waitForEvent("download"),
        page.locator('a[download="change-from-round-0.csv"]').click(),
      ]);
      const text = readFileSync((await saved.path())!, "utf8");
      expect(text).toMatch(
        /^scenario,method,biased,round,suite,subset,metric,value,low,high,seeds,n,p,p_holm,detected,role,variance,se,df,wide_low,wide_high\nmade-up,sft,0,2,mask,all,honesty,/u,
      );
    });

    it.each([
      ["light", {}],
      // Dark differs by its colours alone.
      ["dark", { runOnly: ["color-contrast"] }],
    ] as const)("has no serious accessibility fault in %s", async (colorScheme, options) => {
      await page.emulateMedia({ colorScheme });
      // The page's own policy keeps foreign scripts out, so axe is handed to the debugger instead.
      await page.evaluate(readFileSync(packageFile("node_modules/axe-core/axe.min.js"), "utf8"));
      const settings = JSON.stringify({ resultTypes: ["violations"], preload: false, ...options });
      const faults = (await page.evaluate(
        `axe.run(document, ${settings}).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)) })))`,
      )) as { id: string; impact: string }[];
      expect(faults.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
    });

    it("has nothing to complain of", () => {
      expect(complaints).toEqual([]);
    });
  },
);
