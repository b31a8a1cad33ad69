import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runPaths } from "../../src/runs/index.js";
import { run } from "../../src/simulation/index.js";
import type { TrainingReport, TrainingRequest } from "../../src/training/index.js";
import { fakeTrainer, playedBy, tinyScenario } from "./world.js";

/** What a run of one round, trained so, has in its log and in its record. */
async function played(train: (request: TrainingRequest) => Promise<TrainingReport>) {
  const loaded = tinyScenario("rounds=1");
  const folder = join(await mkdtemp(join(tmpdir(), "candor-drawn-")), "run");
  await run(loaded.scenario, { ...playedBy(loaded, folder), trainer: train });
  const record = await readFile(join(runPaths(folder).round(1).folder, "round.json"), "utf8");
  return { log: await readFile(runPaths(folder).log, "utf8"), drawn: JSON.parse(record).training.drawn };
}

it("tells how many replies that a training drew were broken off, and what was left out for it", async () => {
  const drawn = { replies: 40, cut: 9, empty: 1, left_out: 2 };
  const told = await played(async (request) => ({ ...(await fakeTrainer(request)), drawn }));
  expect(told.drawn).toEqual(drawn);
  expect(told.log).toMatch(
    /"cut":9,"of":40,.*the training drew were broken off: raise interaction.max_tokens/u,
  );
  expect(told.log).toContain("to 2 prompts was broken off or empty: nothing was learnt from there");
});

it("adds up what its steps drew", async () => {
  const told = await played(async (request) => {
    const report = await fakeTrainer(request);
    for (const step of [101, 102])
      request.onProgress?.({
        ...{ step, steps: 102, loss: 1, learning_rate: 1, grad_norm: 1 },
        drawn: { replies: 8, cut: step - 101, empty: 0 },
      });
    return report;
  });
  expect(told.drawn).toEqual({ replies: 16, cut: 1, empty: 0 });
  expect(told.log).toContain("the training drew were broken off");
});

it("tells what rows lost to max_length: while it plays, in the log and in round.json", async () => {
  const loaded = tinyScenario("rounds=1");
  const folder = join(await mkdtemp(join(tmpdir(), "candor-shortened-")), "run");
  const notices: string[] = [];
  const shortened = { prompts: 3, replies: 1 };
  await run(loaded.scenario, {
    ...playedBy(loaded, folder),
    trainer: async (request) => ({ ...(await fakeTrainer(request)), shortened }),
    onEvent: (event) => void (event.type === "notice" && notices.push(event.text)),
  });
  const said =
    /^training\.max_length \d+: of \d+ rows, 3 lost the oldest part of their prompt and 1 the end of a reply$/u;
  expect(notices).toContainEqual(expect.stringMatching(said));
  expect(await readFile(runPaths(folder).log, "utf8")).toContain("3 lost the oldest part of their prompt");
  const round = JSON.parse(await readFile(join(runPaths(folder).round(1).folder, "round.json"), "utf8"));
  expect(round.training.shortened).toEqual(shortened);
});
