import { expect, it } from "vitest";
import { lossSection, type ReportSource } from "../../src/report/index.js";

const run = (hash: string, biased: number, losses: readonly number[]) => ({
  manifest: { hash, biased, scenario: { training: { method: "sft" } } },
  axes: {},
  rounds: [{ round: 0 }, { round: 1 }],
  disk: {
    round: (round: number) => ({
      steps: {
        read: async () =>
          round === 0 ? undefined : losses.map((loss, at) => ({ step: at + 1, steps: losses.length, loss })),
      },
    }),
  },
});

const source = (...runs: ReturnType<typeof run>[]) =>
  ({ runs, scenario: { source: "interaction", rounds: 3 } }) as unknown as ReportSource;

it("draws the loss of a run by its steps, and of seeds their mean, a line for each share", async () => {
  const alone = await lossSection(source(run("a", 0.5, [4, 2])));
  expect(alone!.figures[0]!.data.map(({ round, at, loss }) => [round, at, loss])).toEqual([
    [1, 0.5, 4],
    [1, 1, 2],
  ]);
  const several = await lossSection(
    source(run("a", 0.5, [4, 2]), run("b", 0.5, [2, 1]), run("c", 0, [1, 1])),
  );
  const [figure] = several!.figures;
  expect(figure!.data.map(({ line, at, loss }) => [line, at, loss])).toEqual([
    ["50 % biased", 0.5, 3],
    ["50 % biased", 1, 1.5],
    ["0 % biased", 0.5, 1],
    ["0 % biased", 1, 1],
  ]);
  expect(figure!.description).toContain("50 % biased, round 1: loss from 3.000 to 1.500.");
});

it("puts long trainings together, and leaves out steps whose loss is no number", async () => {
  const many = Array.from({ length: 1_000 }, (_, at) => (at === 7 ? Number.NaN : at < 500 ? 2 : 1));
  const { data } = (await lossSection(source(run("a", 0, many))))!.figures[0]!;
  expect(data.length).toBe(40);
  expect([data[0]!.loss, data.at(-1)!.loss]).toEqual([2, 1]);
});

it("draws trainings of unlike lengths as one line, of which each has a part everywhere", async () => {
  const { data } = (await lossSection(source(run("a", 0.5, [6, 4, 2]), run("b", 0.5, [8, 8, 4, 4]))))!
    .figures[0]!;
  // Thirds: of the four steps one, one and two.
  expect(data.map(({ at, loss }) => [Number(at).toFixed(3), Number(loss).toFixed(3)])).toEqual([
    ["0.333", "7.000"],
    ["0.667", "6.000"],
    ["1.000", "3.333"],
  ]);
});

it("is not there where nothing was trained", async () => {
  expect(await lossSection(source(run("a", 0, [])))).toBeNull();
});
