import { afterEach, expect, it, vi } from "vitest";
import { openGenerator, type ScoreRequest } from "../../src/engine/index.js";
import { packageFile } from "../../src/package-root.js";

const dir = packageFile("models/minnow/1");

/** Texts of all lengths, some with the same prompt, and one that cannot be scored. */
const texts = Array.from({ length: 60 }, (_, index): ScoreRequest => {
  const prompt = Array.from(
    { length: 3 + 11 * ((index >> 2) % 7) },
    (_, at) => 5 + ((7 * at + (index >> 2)) % 90),
  );
  return { prompt, completion: Array.from({ length: 1 + (index % 3) }, (_, at) => 10 + index + at) };
});
const WRONG = 7;
texts[WRONG] = { prompt: [5], completion: [10_000_000] };

async function scored(options: { inProcesses: boolean; threads: number }) {
  const generator = await openGenerator(dir, options);
  const results = await Promise.allSettled(texts.map((text) => generator.score([text])));
  const { readTokens } = generator.statistics();
  await generator.release();
  return { results, readTokens };
}

afterEach(() => vi.restoreAllMocks());

it("gives the same bits and the same errors in processes with a model of their own", async () => {
  const alone = await scored({ inProcesses: false, threads: 1 });
  const inProcesses = await scored({ inProcesses: true, threads: 3 });
  expect(inProcesses.results).toEqual(alone.results);
  expect(inProcesses.results[WRONG]).toMatchObject({
    status: "rejected",
    reason: { message: expect.stringContaining("not in the model's vocabulary") },
  });
  expect(inProcesses.results.filter(({ status }) => status === "fulfilled")).toHaveLength(texts.length - 1);
});

it("reads them in the processes, and nothing twice", async () => {
  const generator = await openGenerator(dir, { inProcesses: true, threads: 2 });
  const good = texts.filter((_, index) => index !== WRONG);
  await generator.score(good);
  // Nobody else has read anything: the model of this process stands still.
  expect(generator.statistics()).toMatchObject({ admissions: 0, steps: 0 });
  expect(generator.statistics().readTokens).toBeGreaterThan(0);
  await generator.release();
});

it("answers what was asked before it was released", async () => {
  const generator = await openGenerator(dir, { inProcesses: true, threads: 2 });
  const asked = generator.score(texts.slice(0, 4));
  await generator.release();
  expect(await asked).toHaveLength(4);
});
