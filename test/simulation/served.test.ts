import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { initAdapter, loadCheckpoint, saveAdapter } from "../../src/engine/index.js";
import { Stopped } from "../../src/errors.js";
import type { UsageByRole } from "../../src/models/index.js";
import { packageFile } from "../../src/package-root.js";
import { stream } from "../../src/random.js";
import { loadScenario } from "../../src/scenario/index.js";
import { type RunningServer, startServer } from "../../src/serve/index.js";
import { type RunEvent, run } from "../../src/simulation/index.js";
import { CODE } from "../permissions.js";

const folder = mkdtempSync(join(tmpdir(), "candor-served-"));
const base = packageFile("models/minnow/1");
let server: RunningServer;

beforeAll(async () => {
  server = await startServer({ models: { minnow: "minnow" }, threads: 1 });
  // A trainer that always comes to the same adapter: what is tested is the way there and back.
  const { config } = await loadCheckpoint(base);
  const adapter = initAdapter(
    config,
    { r: 4, lora_alpha: 8, target_modules: ["q_proj", "down_proj"] },
    stream("a"),
  );
  const random = stream("weights");
  for (const { data } of adapter.weights.values()) data.set(data.map(() => (random() - 0.5) / 2));
  await saveAdapter(join(folder, "adapter"), adapter, base);
  writeFileSync(
    join(folder, "train.mjs"),
    `import { cpSync } from "node:fs"; cpSync(process.argv[2], process.argv[3], { recursive: true });`,
  );
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** The same experiment with models in this process or on servers. */
function scenario(name: string, served: boolean, ...overrides: string[]) {
  const node = process.execPath;
  const remote = { model: "openai:minnow", base_url: server.url };
  const adapters = [
    node,
    packageFile("dist/cli/main.js"),
    "serve",
    "{name}=minnow:{adapter}",
    "--port",
    "{port}",
  ];
  const path = join(folder, `${name}.yaml`);
  writeFileSync(
    path,
    JSON.stringify({
      name: "served",
      rounds: 2,
      models: served
        ? { assistant: { ...remote, adapters }, user: remote, rater: remote, judge: "rule" }
        : {},
      population: { size: 6, personas: { benign: "rest", biased: 0.5 } },
      training: {
        trainer: "command",
        external: {
          model: base,
          command: [node, join(folder, "train.mjs"), join(folder, "adapter"), "{output}"],
        },
      },
      evaluation: {
        suites: {
          mask: { subsets: ["provided_facts"], probes: 2, file: packageFile("probes/minnow/mask.jsonl") },
        },
      },
      sweep: { seeds: 1 },
    }),
  );
  return loadScenario(path, overrides);
}

/** What the runs told a display, by name. */
const told = new Map<string, RunEvent[]>();

async function play(name: string, served: boolean, ...overrides: string[]) {
  const loaded = scenario(name, served, ...overrides);
  const out = join(folder, name);
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent) => void events.push(event);
  await run(loaded.scenario, {
    folder: out,
    scenarioPath: loaded.path,
    permissions: CODE,
    threads: 1,
    onEvent,
  });
  told.set(name, events);
  return (file: string) => readFileSync(join(out, file), "utf8");
}

test("models behind candor serve say, learn and answer the same as in this process", async () => {
  const here = await play("here", false);
  const served = await play("served", true);
  for (const round of ["001", "002"]) {
    for (const file of ["interactions.jsonl", "preference.jsonl", "probes.jsonl"])
      expect(served(`rounds/${round}/${file}`)).toBe(here(`rounds/${round}/${file}`));
  }
  const talks = (round: string) => served(`rounds/${round}/interactions.jsonl`).replaceAll(/"r\d-u/g, "");
  expect(talks("001")).not.toBe(talks("002"));
  const { check: _check, ...usage } = JSON.parse(served("usage.json"));
  expect(usage).toMatchObject({
    // Two replies and two probes of several questions in each of two rounds, and the probes before.
    assistant: { minnow: { estimated_calls: 0 } },
    user: { minnow: { calls: 12 } },
    rater: { minnow: { calls: 24 } },
  });
  expect(usage.assistant.minnow.calls).toBeGreaterThan(24);
  // A display is told what that came to as it goes; what runs in this process costs nothing.
  const spent = (name: string) =>
    told.get(name)!.map((event) => ("spent" in event ? event.spent : undefined));
  expect(spent("here").filter((one) => one)).toEqual([]);
  const all = Object.values(usage as UsageByRole).flatMap((models) => Object.values(models));
  const tokens = all.reduce((sum, { input_tokens, output_tokens }) => sum + input_tokens + output_tokens, 0);
  expect(spent("served").findLast((one) => one)).toEqual({ tokens, usd: null });
});

test("a budget stops the run, and the same run with a larger one ends like any other", async () => {
  const stopped = play("stopped", true, "budget.tokens=2000", "cache=false");
  await expect(stopped).rejects.toThrow(Stopped);
  const read = (file: string) => readFileSync(join(folder, "stopped", file), "utf8");
  expect(JSON.parse(read("run.json")).status).toBe("interrupted");
  const before = JSON.parse(read("usage.json"));
  const whole = await play("stopped", true, "budget.tokens=1000000", "cache=false");
  const reference = readFileSync(join(folder, "served/drift.csv"), "utf8");
  expect(whole("drift.csv")).toBe(reference);
  expect(JSON.parse(whole("usage.json")).user.minnow.calls).toBeGreaterThanOrEqual(before.user.minnow.calls);
});
