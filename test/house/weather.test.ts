import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import config from "../../vitest.config.js";

// A test that passes on an idle machine and fails on a busy one tells of the weather. `npm test` has no assertion on how long
// something took, waits for no fixed time, tries nothing again, and gives no test less time than the others have.

const LIMIT = config.test!.testTimeout!;

/** Files that measure or let time pass, each with the reason why no weather can make it fail. */
const STAY: Record<string, string> = {
  "until.ts": "waits until something holds, however long that takes",
  "fakes/bad-server.ts":
    "notes when a request came: what must lie between two is asked for as a least, never as a most",
  "fakes/places.ts": "a server's pace; nothing is said of how long its answers take",
  "fuzz/fuzz.ts": "measures each input and says how long the slowest took; the soak alone has a limit",
  "sweep/note-places.mjs":
    "writes down times; what is said of them holds by the clock of whoever gave the places",
  "sweep/slurm-cluster.ts": "ends a daemon that does not end by itself, after all that is tested",
  "models/limits/faults.test.ts":
    "a server's pace; a pause that was asked for is a least time, from when its refusal went out",
  "models/limits/rate-limiter.test.ts":
    "the clock of the limiter itself: places booked on it, not when anything came",
  "program/gpus.test.ts": "gives up waiting for what never comes",
  "viewer/page.test.ts": "asks whether a timer of the page takes a text, which it may not",
  "package/build.test.ts": "a file's time of saving, which is set",
};

const WEATHER: readonly [what: string, pattern: RegExp][] = [
  ["a clock", /\bperformance\.now\(|\bDate\.now\(|\bhrtime\b|\bcpuUsage\(|\bresourceUsage\(/u],
  ["time that passes", /\bsetTimeout\(|\bwaitForTimeout\(|timers\/promises|\bAbortSignal\.timeout\(/u],
  ["a browser's own limit", /\.launch\(\{(?![^}]*\btimeout:)|\.newPage\((?![\s\S]*\bsetDefaultTimeout\()/u],
  ["another try", /\bretry:|\bretries:|--retry|\bit\.retry|\btest\.retry/u],
];

/** What of a test depends on the weather. */
function weather(text: string): string[] {
  const found = WEATHER.filter(([, pattern]) => pattern.test(text)).map(([what]) => what);
  const limits = [...text.matchAll(/\n\s*(?:\}, )?([\d_]+_000)(?:\);|,\n\s*\);)|\btimeout: ([\d_]+)/gu)];
  const short = limits
    .map(([, own, other]) => Number((own ?? other)!.replaceAll("_", "")))
    .filter((ms) => ms < LIMIT / 2);
  return [...found, ...short.map((ms) => `a limit of ${ms} ms`)];
}

const files = readdirSync(packageFile("test"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(?:tsx?|mjs)$/u.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))
  .map((path) => ({ path: path.slice(packageFile("test").length + 1), text: readFileSync(path, "utf8") }))
  // npm run soak is for hours beside nothing else; and this file names what it looks for.
  .filter(({ path }) => !path.startsWith("soak/") && path !== "house/weather.test.ts");

it("depends on no weather: no assertion on time, no fixed wait, no second try, no short limit", () => {
  expect(files.length).toBeGreaterThan(200);
  const found = files.filter(({ path, text }) => !(path in STAY) && weather(text).length > 0);
  expect(found.map(({ path, text }) => `${path}: ${weather(text).join(", ")}`)).toEqual([]);
  for (const path of Object.keys(STAY))
    expect([path, weather(files.find((file) => file.path === path)?.text ?? "").length > 0]).toEqual([
      path,
      true,
    ]);
});

it("gives all tests one limit, and tries none of them again", () => {
  expect(config.test).toMatchObject({ testTimeout: LIMIT, hookTimeout: LIMIT });
  expect(config.test).not.toHaveProperty("retry");
  expect(LIMIT).toBeGreaterThanOrEqual(600_000);
});

it.each([
  ["expect(process.cpuUsage(before).user).toBeLessThan(2e6);", "a clock"],
  ["expect(performance.now() - start).toBeLessThan(2_000);", "a clock"],
  ["await sleep(300); // from node:timers/promises", "time that passes"],
  ["await new Promise((resolve) => setTimeout(resolve, 60));", "time that passes"],
  ["browser = await chromium.launch({ args: [] });", "a browser's own limit"],
  ["const page = await browser.newPage();", "a browser's own limit"],
  ['it("x", { retry: 2 }, () => {});', "another try"],
  ['it("x", async () => {\n}, 30_000);', "a limit of 30000 ms"],
  ['it.each([1])(\n  "x",\n  async () => {},\n  60_000,\n);', "a limit of 60000 ms"],
  ["await expect.poll(() => held, { timeout: 10_000 }).toBe(1);", "a limit of 10000 ms"],
])("would find %j", (text, what) => {
  expect(weather(text)).toEqual([what]);
});
