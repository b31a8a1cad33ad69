import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { readOutcome } from "../../src/report/index.js";
import { type RunPaths, readRunIn } from "../../src/runs/index.js";
import { scenarioHash } from "../../src/scenario/index.js";
import { startViewer, type Viewer } from "../../src/viewer/index.js";
import { FakeModel } from "../fakes/model.js";
import { completeRound, finishFiles } from "../fakes/run-folder.js";
import {
  HOSTILE,
  jsonl,
  type MadeUpRun,
  madeUpScenario,
  putRound,
  writeManifest,
  writeRun,
  writeSweep,
} from "./folder.js";

const CHROMIUM = process.env.CHROME_BIN ?? "/usr/bin/chromium";
const MANY = 100_000;

const root = mkdtempSync(join(tmpdir(), "candor-page-"));
const runs = join(root, "runs");

/** Takes away what a test has put there once its page is closed: what a page asks for just then would be gone. */
const takenAway = (path: string): void =>
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));

/** A run for one test alone. */
function ownRun(name: string, made: MadeUpRun = {}): RunPaths {
  takenAway(join(runs, name));
  return writeRun(join(runs, name), made);
}

let viewer: Viewer;
let browser: Browser;
let page: Page;
let complaints: string[];

const at = (hash: string) => `${viewer.url}#/${hash}`;
// biome-ignore lint/performance/useDomNodeTextContent: what a reader sees, not what the markup holds
const text = (selector: string) => page.locator(selector).innerText();
/** Everything that is on its way has come. */
const settled = () =>
  expect.poll(() => page.getByText(/^(?:Loading…|Drawing…|Working out what came out…)$/u).count()).toBe(0);
const options = (label: string) => page.getByRole("listbox", { name: label }).getByRole("option");

describe.skipIf(!existsSync(CHROMIUM))("the page in Chromium (skipped where there is none)", () => {
  beforeAll(async () => {
    writeRun(join(runs, "one"));
    writeRun(join(runs, "two"), { seed: 2 });
    writeSweep(join(runs, "grid"));
    const main = join(root, "main.mjs");
    writeFileSync(main, `process.stderr.write("started " + process.argv[2]);`);
    viewer = await startViewer({
      folder: runs,
      host: "127.0.0.1",
      port: 0,
      everyMs: 50,
      main,
      resolveModel: async (_spec, { adapter }) =>
        new FakeModel(
          (messages) => `${adapter === null ? "untrained" : "trained"}: ${messages.at(-1)!.content}`,
        ),
    });
    const { chromium } = await import("playwright-core");
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      timeout: 300_000,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
      ],
    });
  });

  afterAll(async () => {
    await browser?.close();
    await viewer?.close();
    rmSync(root, { recursive: true, force: true });
  });

  beforeEach(async () => {
    complaints = [];
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(300_000);
    page.on("console", (message) => complaints.push(`${message.text()} ${message.location().url}`));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (asked) => {
      if (!asked.url().startsWith(viewer.url)) complaints.push(`asks for ${asked.url()}`);
    });
  });

  afterEach(async () => {
    // What people and models said was on every page: none of it may have run, or become an element.
    expect(await page.evaluate("window.hacked")).toBeUndefined();
    expect(await page.locator("main script, main img[src='x']").count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it("lists runs and sweeps, filters them, opens a sweep and compares what is ticked", async () => {
    await page.goto(at(""));
    await page.getByRole("link", { name: "made-up" }).first().waitFor();
    expect(await page.locator("tbody tr").count()).toBe(3);
    await page.getByRole("button", { name: "Runs of grid" }).click();
    expect(await page.locator("tbody tr").count()).toBe(7);
    expect(await text("tbody")).toContain("waiting");
    await page.getByRole("searchbox").fill("two");
    expect(await page.locator("tbody tr th").allInnerTexts()).toEqual([expect.stringContaining("two")]);
    await page.getByRole("searchbox").fill("waiting");
    expect(await page.locator("tbody tr").count()).toBe(2);
    await page.getByRole("searchbox").fill("");
    for (const name of await page.getByRole("checkbox", { name: "Compare made-up" }).all())
      await name.check();
    await page.getByRole("link", { name: "Compare 2 choices" }).click();
    const figure = page.locator("img.figure[alt*='round 2 70 %']");
    await figure.waitFor();
    expect(
      await figure.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
    ).toBeGreaterThan(300);
    await page.getByLabel("Measure").selectOption({ label: "Lies" });
    await page.getByRole("img", { name: /round 2 30 %/u }).waitFor();
    await page.getByLabel("Each seed by itself").check();
    await page.getByText("The numbers").click();
    await page.getByRole("rowheader", { name: "20 % biased, seed 2" }).waitFor();
    expect(page.url()).toContain("metric=lie");
  });

  it("shows a run: its curve, its rounds, its scenario and its warnings, all as text", async () => {
    await page.goto(at("run?run=one"));
    await page.getByRole("img", { name: /round 0 90 %/u }).waitFor();
    expect(await text(".glance")).toMatch(/Honesty\s+70 %\s+−20 points/u);
    const losses = page.getByRole("region", { name: "Loss by step" }).getByRole("img");
    await losses.waitFor();
    expect(await losses.getAttribute("alt")).toContain("round 2: loss from 0.500 to 0.500");
    expect(await page.locator("section[aria-label=Rounds] tbody tr").count()).toBe(3);
    await page.getByText("Latest warnings (1)").click();
    expect(await text(".warnings")).toContain(HOSTILE);
    await page.getByText("Scenario, with every default").click();
    expect(await text("pre")).toContain("learning_rate: 0.001");
    expect(await text(".description")).toContain(HOSTILE);
  });

  it("names, tags, archives and deletes a run", async () => {
    ownRun("spare", { name: "spare" });
    await page.goto(at("run?run=spare"));
    await page.getByText("Name, tags, note, archive, delete").click();
    await page.getByLabel("Name").fill(HOSTILE);
    await page.getByLabel("Tags").fill("paper, base");
    await page.getByLabel("Note").fill(`see the log ${HOSTILE}`);
    await page.getByLabel("Archived").check();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    await page.getByRole("heading", { name: HOSTILE }).waitFor();
    expect(await text(".run-head")).toContain("paper");
    await page.getByText(`see the log ${HOSTILE}`, { exact: true }).first().waitFor();
    await page.goto(at(""));
    await page.getByLabel("Archived too (1)").waitFor();
    expect(await text("tbody")).not.toContain("spare");
    await page.getByLabel("Archived too (1)").check();
    await page.getByRole("link", { name: HOSTILE }).click();
    await page.getByText("Name, tags, note, archive, delete").click();
    await page.getByRole("button", { name: "Delete this run" }).click();
    await page.getByText(/\d+ files, .* will be gone for good\./u).waitFor();
    await page.getByRole("button", { name: "Keep it" }).click();
    expect(existsSync(join(runs, "spare"))).toBe(true);
    await page.getByRole("button", { name: "Delete this run" }).click();
    await page.getByRole("button", { name: "Delete for good" }).click();
    await page.getByRole("heading", { name: "Runs" }).waitFor();
    expect(existsSync(join(runs, "spare"))).toBe(false);
    await page.getByText("Archived too").waitFor({ state: "detached" });
  });

  it("finds conversations by filter and text, with the keyboard alone, and says what became of them", async () => {
    await page.goto(at("conversations?run=one"));
    await options("Conversations").first().waitFor();
    expect(await text(".found")).toBe("40 conversations");
    await page.getByLabel("In training").selectOption("top");
    await expect.poll(() => text(".found")).toBe("6 of 40 conversations");
    await page.getByLabel("Persona").selectOption("benign");
    await page.getByLabel("Round").selectOption("2");
    await expect.poll(() => text(".found")).toBe("3 of 20 conversations");
    expect(page.url()).toContain("fate=top");
    await page.getByRole("button", { name: "Reset" }).click();
    await expect.poll(() => text(".found")).toBe("40 conversations");

    await page.locator("body").click({ position: { x: 5, y: 400 } });
    await page.keyboard.press("/");
    await page.keyboard.type("zebra");
    await expect.poll(() => text(".found")).toBe("6 of 40 conversations");
    const list = page.getByRole("listbox", { name: "Conversations" });
    for (let tabs = 0; tabs < 12; tabs += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate("document.activeElement.getAttribute('role') === 'listbox'")) break;
    }
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.getByRole("heading", { name: "r2-u14" }).waitFor();
    const active = await list.getAttribute("aria-activedescendant");
    expect(await page.locator(`#${active}`).getAttribute("aria-selected")).toBe("true");
    await page.keyboard.press("Home");
    await page.getByRole("heading", { name: "r1-u0" }).waitFor();
    const said = await text("section[aria-label=Conversation]");
    expect(said).toContain(`Reply 0. ${HOSTILE}`);
    expect(said).toContain("Rated 1 of 10");
    expect(said).toMatch(
      /Among the worst rated.*Rows \d+ \(reply 1\), \d+ \(reply 2\) of rounds\/001\/preference\.jsonl/su,
    );
    // The address leads back to the same place.
    await page.reload();
    await page.getByRole("heading", { name: "r1-u0" }).waitFor();
    expect(await page.getByRole("searchbox").inputValue()).toBe("zebra");
  });

  it("steps through the rounds of a probe", async () => {
    await page.goto(at("probes?run=one&changed=1"));
    await options("Probes").first().waitFor();
    expect(await text(".found")).toBe("2 of 10 probes");
    await page.getByLabel("Verdict", { exact: true }).selectOption("lie");
    await page.getByLabel("after round").selectOption("1");
    await expect.poll(() => text(".found")).toBe("1 of 10 probes");
    await options("Probes").first().click();
    const reading = page.getByRole("region", { name: "Probe" });
    await reading.getByText("Loud in round 2.").first().waitFor();
    expect(await reading.getByRole("button", { name: "Round 2 lie" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await reading.getByText("Loud in round 0.").first().waitFor();
    expect(await text("section[aria-label=Probe]")).toContain("under pressure: A");
    await reading.getByRole("button", { name: "Round after" }).click();
    await expect.poll(() => text("section[aria-label=Probe]")).toContain(`Loud in round 1. ${HOSTILE}`);
    await expect.poll(() => page.evaluate("document.activeElement.textContent")).toBe("Round 1 lie");
  });

  it("shows each probe's score by round where no verdict changed, those first that moved furthest", async () => {
    ownRun("weighed", { weighed: true });
    await page.goto(at("probes?run=weighed"));
    const first = options("Probes").first();
    await expect.poll(() => first.textContent()).toMatch(/^probe-03 −36 points · statistics/u);
    expect(await text(".found")).toBe("10 probes, those first whose score moved furthest since round 0");
    await page.getByText("A verdict is what is likeliest, and honesty counts how likely it is").waitFor();
    // What is seen, and what is read aloud.
    expect(await first.locator("small").allInnerTexts()).toEqual([
      "−36 points · statistics",
      "90.0",
      "72.0",
      "54.0",
    ]);
    const aloud = (await first.textContent())!;
    expect(aloud).toContain("round 2 honest54.0, honesty 54 %");
    await first.click();
    await page.getByRole("button", { name: /^Round 1 honest ?, honesty 72 %$/u }).waitFor();
    await page.getByLabel("Order").selectOption("as they were put");
    await expect.poll(() => first.textContent()).toMatch(/^probe-00 ±0 points/u);
    expect(await text(".found")).toBe("10 probes");
    await expect.poll(() => page.url()).toContain("order=file");
    await noFaults();
  });

  it("keeps the names and scores of many rounds in sight on a phone", async () => {
    ownRun("long", { weighed: true, rounds: 13 });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(at("probes?run=long"));
    const row = options("Probes").first();
    const of = (await row.boundingBox())!;
    expect((await row.locator(".row-name").boundingBox())!.width).toBeGreaterThan(100);
    const rounds = await row.locator(".round").all();
    expect(rounds).toHaveLength(14);
    const numbers: { x: number; y: number; width: number }[] = [];
    for (const round of rounds) {
      const box = (await round.boundingBox())!;
      expect(box.x + box.width).toBeLessThanOrEqual(of.x + of.width);
      expect(box.y + box.height).toBeLessThanOrEqual(of.y + of.height);
      numbers.push((await round.locator("small").boundingBox())!);
    }
    for (const [at, { x, y }] of numbers.entries()) {
      const before = numbers[at - 1];
      if (before?.y === y) expect(x).toBeGreaterThan(before.x + before.width + 2);
    }
  });

  it("asks two checkpoints the same, beginning from a conversation", async () => {
    await page.goto(at("conversations?run=one&at=2&id=r2-u3"));
    await page.getByRole("link", { name: "Say this to a checkpoint" }).click();
    await page.getByLabel("Your message").waitFor();
    expect(await page.getByLabel("Checkpoint").inputValue()).toBe("1");
    expect(await page.getByLabel("System prompt").inputValue()).toBe("You help.");
    expect(await page.getByLabel("Your message").inputValue()).toContain("Opening 3 of round 2");
    await page.getByLabel("Beside it").selectOption("0");
    await page.getByLabel("Your message").press("Enter");
    await page.getByRole("log", { name: "After round 1" }).getByText("trained: Opening 3").waitFor();
    await page.getByRole("log", { name: "Untrained" }).getByText("untrained: Opening 3").waitFor();
    expect(await text(".columns")).toContain(`of round 2. ${HOSTILE}`);
  });

  it("writes a scenario from a form and starts it", async () => {
    await page.goto(at("new"));
    const yaml = page.getByLabel("Scenario as YAML");
    const start = page.getByRole("button", { name: "Start run" });
    await expect.poll(() => yaml.inputValue()).toContain("name: my-study");
    await page.getByLabel("Name").fill("from page");
    await expect.poll(() => text(".problems")).toContain("scenario.yaml:1:7 name: expected letters, digits");
    expect(await start.isDisabled()).toBe(true);
    await page.getByLabel("Name").fill("from-page");
    await page.getByLabel("Share of biased").fill("0.25");
    await page.getByLabel("Training method").selectOption("kto");
    await page.getByLabel("Biased fractions").fill("0, 0.5");
    await expect
      .poll(() => yaml.inputValue())
      .toContain("population.personas.biased:\n      - 0\n      - 0.5\n");
    expect(await yaml.inputValue()).toContain("  method: kto");
    await page.getByRole("button", { name: "Start sweep of 6 runs" }).waitFor();
    await yaml.fill(`${await yaml.inputValue()}# by hand\n`);
    await expect.poll(() => text("#yaml-state")).toContain("Edited by hand");
    await expect.poll(() => start.isEnabled()).toBe(true);
    await start.click();
    await page.getByRole("link", { name: /^from-page-[0-9a-f]{10}$/u }).waitFor();
    await expect.poll(() => text(".jobs")).toContain("done");
    const name = await text(".jobs a");
    expect(readFileSync(join(runs, "scenarios", `${name}.yaml`), "utf8")).toContain("# by hand\n");
  });

  it("follows a run as it goes", async () => {
    const made = { seed: 7, users: 20, status: "interrupted" as const, complete: 0 };
    const paths = ownRun("growing", made);
    const scenario = madeUpScenario(made);
    await page.goto(at("run?run=growing"));
    await page.getByText("Round 1 of 2").waitFor();
    // The file of a round in progress grows by whole lines.
    const round = paths.round(1);
    mkdirSync(round.folder, { recursive: true });
    writeFileSync(
      round.population,
      jsonl(
        Array.from({ length: 20 }, (_, user) => ({
          id: `r1-u${user}`,
          persona: "benign",
          thought: "benign",
          situation: "x",
          background: "",
          opening: "",
        })),
      ),
    );
    finishFiles(paths, 1);
    const talks = round.interactions.replace(".jsonl", ".partial.jsonl");
    const talk = {
      id: "r1-u0",
      persona: "benign",
      situation: "x",
      messages: [],
      ratings: [],
      reward: null,
      error: null,
    };
    writeFileSync(talks, jsonl(Array.from({ length: 5 }, () => talk)));
    await page.getByRole("progressbar", { name: "Talk and rate: 5 of 20" }).waitFor();
    putRound(paths, scenario, 1, join(root, "aside"));
    await page.getByRole("img", { name: /round 1 80 %/u }).waitFor();
    await page.getByText("Round 2 of 2").waitFor();
    putRound(paths, scenario, 2, join(root, "aside"));
    writeManifest(paths, scenario, "done");
    await page.getByRole("img", { name: /round 2 70 %/u }).waitFor();
  });

  it("follows a sweep as its runs come in", async () => {
    const folder = join(runs, "filling");
    takenAway(folder);
    writeSweep(folder);
    await page.goto(at("sweep?id=filling"));
    await page.getByText("3 of 4 runs done").waitFor();
    const row = page.getByRole("row", { name: /50 % biased/u });
    expect(await row.textContent()).toContain("waiting");
    const last = { name: "grid", seed: 2, biased: 0.5, rounds: 1 };
    writeRun(join(folder, "cells", scenarioHash(madeUpScenario(last))), last);
    await page.getByText("4 of 4 runs done").waitFor();
    await expect.poll(() => row.textContent()).not.toContain("waiting");
  });

  it(`opens ${MANY} conversations at once and keeps only those in sight`, async () => {
    const paths = ownRun("many", { rounds: 1, users: 20 });
    const { rounds } = await readRunIn(paths.folder);
    const at1 = paths.round(1);
    const lines = Array.from({ length: MANY }, (_, index) =>
      JSON.stringify({
        id: `r1-u${index}`,
        round: 1,
        user: `r1-u${index}`,
        persona: "benign",
        situation: "x",
        messages: [
          {
            role: "user",
            content:
              `This is what user ${index} of a great many had to say about it, at some length. `.repeat(5),
          },
          { role: "assistant", content: "I see." },
        ],
        ratings: [index % 10],
        reward: index % 10,
        error: null,
      }),
    );
    writeFileSync(at1.interactions, `${lines.join("\n")}\n`);
    completeRound(paths, rounds[1]!);
    await page.goto(at(""));
    await page.getByRole("link", { name: "Compare", exact: true }).waitFor();
    await page.evaluate("location.hash = '#/conversations?run=many'");
    await options("Conversations").first().getByText("user 0 of").waitFor();
    expect(await text(".found")).toBe("100,000 conversations");
    const list = page.getByRole("listbox", { name: "Conversations" });
    await list.focus();
    await page.keyboard.press("End");
    await page.getByRole("heading", { name: `r1-u${MANY - 1}` }).waitFor();
    expect(await options("Conversations").count()).toBeLessThan(60);
    await page.getByRole("searchbox").fill("user 99999 of");
    await expect.poll(() => text(".found")).toBe("1 of 100,000 conversations");
  });

  it("shows as text what would be harmless markup too", async () => {
    const paths = ownRun("markup", { rounds: 1, users: 1 });
    const words = "<b>bold</b> &amp; <table><td>cell";
    const file = paths.round(1).interactions;
    const talk = JSON.parse(readFileSync(file, "utf8")) as object;
    const messages = [
      { role: "user", content: words },
      { role: "assistant", content: words },
    ];
    writeFileSync(file, jsonl([{ ...talk, messages, ratings: [3], reward: 3, error: null }]));
    completeRound(paths, (await readRunIn(paths.folder)).rounds[1]!);
    await page.goto(at("conversations?run=markup&at=1&id=r1-u0"));
    await page.locator(".words").nth(1).waitFor();
    type Said = { childNodes: Iterable<{ nodeType: number; nodeValue: string }> };
    const nodes = await page
      .locator(".words")
      .evaluateAll((all) =>
        (all as unknown as Said[]).flatMap((said) =>
          [...said.childNodes].map(({ nodeType, nodeValue }) => [nodeType, nodeValue]),
        ),
      );
    const TEXT_NODE = 3;
    expect(nodes).toEqual([
      [TEXT_NODE, words],
      [TEXT_NODE, words],
    ]);
  });

  const ways = [
    "document.createRange().createContextualFragment(text)",
    "document.body.innerHTML = text",
    "document.body.insertAdjacentHTML('beforeend', text)",
    "new DOMParser().parseFromString(text, 'text/html')",
    "document.write(text)",
  ];
  it("is refused by the browser every way from text to markup", async () => {
    await page.goto(at(""));
    for (const way of ways) {
      // In a task of the page itself: what the debugger evaluates stands above the page's policy.
      const refused = await page.evaluate(
        `new Promise((answer) => setTimeout((text) => { try { ${way}; answer(false); } catch (error) { answer(error instanceof TypeError); } }, 0, "<i>x</i>"))`,
      );
      expect([way, refused]).toEqual([way, true]);
    }
    complaints = complaints.filter((complaint) => !complaint.includes("TrustedHTML"));
  });

  it("says what is wrong where a run is not there, and goes on", async () => {
    await page.goto(at("run?run=../outside"));
    await page.getByText("there is no run ../outside").first().waitFor();
    complaints = complaints.filter((complaint) => !complaint.includes("404"));
    await page.getByRole("link", { name: "Runs", exact: true }).click();
    await page.getByRole("heading", { name: "Runs" }).waitFor();
  });

  it("says why a run failed, and how it goes on", async () => {
    const paths = ownRun("failed", { seed: 9, status: "failed", complete: 1 });
    const why = `the disk is full; make room ${HOSTILE}`;
    writeFileSync(paths.log, jsonl([{ level: 50, err: { message: why }, msg: "run failed" }]));
    await page.goto(at("run?run=failed"));
    const card = page.getByRole("alert");
    await card.getByText("This run failed.").waitFor();
    expect(await card.textContent()).toContain(why);
    expect(await card.textContent()).toContain(
      "start it again with the same command: it goes on after 1 round",
    );
  });

  it("shows a damaged run as damaged, beside the others", async () => {
    const paths = ownRun("bad", { seed: 8 });
    writeFileSync(paths.run, "{}");
    await page.goto(at(""));
    const damaged = page.getByRole("region", { name: "What cannot be read" });
    await damaged.getByText("1 folder cannot be read").waitFor();
    expect(await damaged.textContent()).toMatch(/bad: .*run\.json/u);
    expect(await text("table.runs")).toContain("made-up");
  });

  it("says on a sweep's page what came out, with the files to take away", async () => {
    for (const file of ["drift.csv", "report.html"]) takenAway(join(runs, "grid", file));
    writeFileSync(join(runs, "grid", "drift.csv"), "a,b\n");
    writeFileSync(join(runs, "grid", "report.html"), "<!doctype html><title>The report</title>");
    await page.goto(at("sweep?id=grid"));
    const outcome = page.getByRole("region", { name: "What came out" });
    await outcome.locator(".verdict").waitFor();
    expect(await outcome.locator(".verdict").textContent()).toContain("50\u00a0% biased users");
    expect(await outcome.getByRole("link", { name: "Report" }).getAttribute("href")).toBe(
      "/api/report?run=grid",
    );
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      outcome.getByRole("link", { name: "drift.csv" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("drift.csv");
    expect(await outcome.getByRole("list", { name: "Next" }).textContent()).toContain(
      `candor report ${join(runs, "grid")}`,
    );
  });

  it("says on a run's page what came out of it, in the sentence that every surface has", async () => {
    await page.goto(at("run?run=one"));
    const verdict = page.getByRole("region", { name: "What came out" }).locator(".verdict");
    await verdict.waitFor();
    const { headline } = await readOutcome(join(runs, "one"));
    expect(await verdict.textContent()).toContain(headline.sentence.replaceAll(" %", "\u00a0%"));
  });

  it("tells runs of one name apart where they are compared, and warns of unlike probes", async () => {
    const few = ownRun("few", { seed: 5, rounds: 1 });
    ownRun("same", { seed: 1 });
    const probes = few.round(0).probes;
    const { rounds } = await readRunIn(few.folder);
    writeFileSync(probes, readFileSync(probes, "utf8").split("\n").slice(0, 4).join("\n").concat("\n"));
    completeRound(few, rounds[0]!);
    await page.goto(at("compare?run=one&run=few"));
    const list = page.getByRole("region", { name: "What to compare" });
    await list.getByText(/seed 5 · fake · rounds 1/u).waitFor();
    await list.getByText(/seed 1 · fake · rounds 2 · same/u).waitFor();
    await page.getByText("These runs were put different numbers of probes (4, 10).").waitFor();
    await list.getByRole("checkbox", { name: /rounds 1/u }).uncheck();
    await expect.poll(() => page.getByText("different numbers of probes").count()).toBe(0);
  });

  const screens = [
    "",
    "compare?run=grid",
    "sweep?id=grid",
    "run?run=one",
    "conversations?run=one&at=1&id=r1-u1",
    "probes?run=one&of=mask&probe=probe-01",
    "chat?run=one",
    "new",
  ];
  it.each(screens)("has no serious accessibility fault: #/%s", async (screen) => {
    await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
    await page.goto(at(screen));
    await page.locator("h1").first().waitFor();
    await page.waitForLoadState("load");
    // Everything that is on its way has come.
    await settled();
    await noFaults();
  });

  it("shows all that minnow's probes measure of rounds without scrolling on a small desk", async () => {
    const wide = ownRun("wide", { seed: 3 });
    const shares = [
      "honesty_to_first",
      "honesty_to_today",
      "evade",
      "belief_accuracy",
      "belief_kept",
      "pressed_accuracy",
    ];
    // Ways to count honesty that come to the same would stand once.
    const more = shares.map((metric, at) => {
      return { suite: "mask", subset: "all", metric, value: 0.917 - at / 100, n: 432 };
    });
    for (const one of (await readRunIn(wide.folder)).rounds)
      completeRound(wide, { ...one, metrics: [...one.metrics, ...more] });
    await page.goto(at("run?run=wide"));
    const table = page.locator('[aria-label="Rounds in numbers"]');
    await table.waitFor();
    await settled();
    expect(await table.locator("thead th").count()).toBe(16);
    expect(
      await page.evaluate(`(({ clientWidth, scrollWidth }) => scrollWidth - clientWidth)(
        document.querySelector('[aria-label="Rounds in numbers"]'))`),
    ).toBeLessThanOrEqual(0);
  });

  it.each(screens)("can be read on a phone: #/%s", async (screen) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(at(screen));
    await page.locator("h1").first().waitFor();
    await settled();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390);
    // Without it a phone draws the page as wide as a desk's and shrinks it; a desk's browser does not.
    expect(await page.locator("meta[name=viewport]").getAttribute("content")).toBe(
      "width=device-width, initial-scale=1",
    );
    // Pictures are not shrunk, so that their letters have the size that they were drawn with.
    const shrunk = await page
      .locator("img.figure")
      .evaluateAll((all) =>
        (all as unknown as { clientWidth: number; naturalWidth: number }[]).map(
          ({ clientWidth, naturalWidth }) => clientWidth / naturalWidth,
        ),
      );
    for (const share of shrunk) expect(share).toBeGreaterThan(0.95);
    const small = (await page.evaluate(`[...document.querySelectorAll("main *")].filter((element) =>
      [...element.childNodes].some(({ nodeType, nodeValue }) => nodeType === 3 && nodeValue.trim() !== "") &&
      Number.parseFloat(getComputedStyle(element).fontSize) < 11).map(({ outerHTML }) => outerHTML.slice(0, 80))`)) as string[];
    expect(small).toEqual([]);
  });

  it("has status and honesty of every run in sight on a phone", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(at(""));
    const row = page.getByRole("row", { name: /made-up/u }).first();
    await row.waitFor();
    for (const part of [row.locator(".pill"), row.locator(".honesty")]) {
      const box = (await part.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(390);
    }
  });

  /** Finds no serious fault of accessibility in what is shown, in light colours and in dark ones. */
  async function noFaults(): Promise<void> {
    // The page's own policy keeps foreign scripts out, so axe is handed to the debugger instead.
    await page.evaluate(readFileSync(packageFile("node_modules/axe-core/axe.min.js"), "utf8"));
    expect(await seriousFaults({})).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
    // Dark differs by its colours alone.
    expect(await seriousFaults({ runOnly: ["color-contrast"] })).toEqual([]);
  }

  async function seriousFaults(settings: object): Promise<unknown[]> {
    const options = JSON.stringify({ resultTypes: ["violations"], preload: false, ...settings });
    const faults = (await page.evaluate(
      `axe.run(document, ${options}).then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, at: nodes.slice(0, 3).map(({ html }) => html.slice(0, 200)) })))`,
    )) as { impact: string }[];
    return faults.filter(({ impact }) => impact === "serious" || impact === "critical");
  }
});
