import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Interaction } from "../../src/interaction/index.js";
import type { DpoRow } from "../../src/preference/index.js";
import type { PreferenceData } from "../../src/preference/types.js";
import { runPaths } from "../../src/runs/index.js";
import { run } from "../../src/simulation/index.js";
import { readJsonl } from "../fakes/run-folder.js";
import { playedBy, tinyScenario } from "./world.js";

it("trains on the best and the worst rated of several replies to a turn", async () => {
  const loaded = tinyScenario(
    "training.method=dpo",
    "preference.samples_per_turn=3",
    "preference.margin=2",
    "rounds=1",
  );
  const folder = join(await mkdtemp(join(tmpdir(), "candor-dpo-")), "run");
  let seen: PreferenceData | undefined;
  const options = playedBy(loaded, folder);
  await run(loaded.scenario, {
    ...options,
    // The world's models answer by what they are asked; a sample of its own needs its seed.
    resolveModel: async (spec, given) => {
      const model = await options.resolveModel!(spec, given);
      const invoke = model.invoke.bind(model);
      model.invoke = async (input, call) => {
        const reply = await invoke(input, call);
        const { seed = 0 } = (call ?? {}) as { seed?: number };
        if (reply.content === "truth" || reply.content === "flattery")
          reply.content = seed % 2 === 0 ? "truth" : "flattery";
        return reply;
      };
      return model;
    },
    trainer: async ({ data, output }) => {
      seen = data;
      await mkdir(output, { recursive: true });
      await writeFile(join(output, "obliging"), "0.4");
      return { steps: 1, rows: data.rows.length, tokens: 0, loss_first: 1, loss_last: 1 };
    },
  });
  const { preference, interactions } = runPaths(folder).round(1);
  const rows = (await readJsonl<DpoRow>(preference))!;
  expect(seen).toEqual({ method: "dpo", rows });
  expect(rows.length).toBeGreaterThan(4);
  const talks = new Map((await readJsonl<Interaction>(interactions))!.map((talk) => [talk.id, talk]));
  for (const { chosen, rejected, source, prompt } of rows) {
    const talk = talks.get(source.interaction)!;
    const wanted = talk.persona === "biased" ? "flattery" : "truth";
    expect(chosen[0]!.content).toBe(wanted);
    expect(rejected[0]!.content).not.toBe(wanted);
    expect(prompt).toEqual(talk.messages.slice(0, prompt.length));
  }
});
