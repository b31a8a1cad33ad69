import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runPaths } from "../../src/runs/index.js";
import { run } from "../../src/simulation/index.js";
import { fakeTrainer, playedBy, tinyScenario } from "./world.js";

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
