// @ts-check
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFile } from "../../dist/package-root.js";
import { loadScenario } from "../../dist/scenario/index.js";
import { run } from "../../dist/simulation/index.js";
import { keepHeapSmall } from "../../dist/v8.js";
import { InstantModel, turn } from "./instant-model.mjs";

// A run of one round with 20,000 users, everything on disk as ever; only the models answer at once and training is left out. Plays what
// was built, as users do: compiling sources while they are loaded takes a fifth of the memory.
const SIZE = Number(process.env.SIZE ?? 20_000);
const file = packageFile("scenarios/paper.yaml");
const { scenario } = loadScenario(file, [
  `population.size=${SIZE}`,
  `preference.top=${SIZE / 2}`,
  `preference.bottom=${SIZE / 2}`,
  "population.personas.biased=0.1",
  "evaluation.suites={unknowns: {probes: 1}}",
]);
keepHeapSmall(scenario);
const folder = await mkdtemp(join(tmpdir(), "candor-bench-"));
const speaker = new InstantModel(turn);
const rater = new InstantModel(() => "7");
const judge = new InstantModel(() => `{"reasoning": "It says so.", "label": "A"}`);
const start = performance.now();
const cpu = process.cpuUsage();
try {
  await run(scenario, {
    folder: join(folder, "run"),
    scenarioPath: file,
    resolveModel: async (_spec, { role }) => (role === "rater" ? rater : role === "judge" ? judge : speaker),
    trainer: async ({ data, output }) => {
      await mkdir(output, { recursive: true });
      await writeFile(join(output, "adapter"), "");
      return { steps: 0, rows: data.rows.length, tokens: null, loss_first: null, loss_last: null };
    },
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
const { user, system } = process.cpuUsage(cpu);
const status = await readFile("/proc/self/status", "utf8").catch(() => "");
const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
process.stdout.write(
  JSON.stringify({
    [`whole run of ${SIZE} users, ms a user`]: (performance.now() - start) / SIZE,
    [`whole run of ${SIZE} users, processor ms a user`]: (user + system) / 1_000 / SIZE,
    [`whole run of ${SIZE} users, largest resident MB`]: Math.round(peak),
  }),
);
