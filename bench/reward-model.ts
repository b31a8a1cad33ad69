import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packageFile } from "../src/package-root.js";
import { loadScenario } from "../src/scenario/index.js";
import { run } from "../src/simulation/index.js";

const TURNS = 5;
const COMMON = [
  "rounds=1",
  "models.judge=likelihood",
  "population.size=120",
  "evaluation.suites={ mask: { subsets: [provided_facts], probes: 32 } }",
];
const WAYS: Record<string, string[]> = {
  sft: [],
  // Two replies to a turn, so that users can compare.
  best_of_n: ["training.method=best_of_n", "preference.samples_per_turn=2", "training.num_generations=4"],
};

/** Processor time of a whole round (talks, training, evaluation) and that of round 0, by SFT and by a reward model, in turns. */
export default async function bench() {
  const path = packageFile("scenarios/ten-percent.yaml");
  const times = new Map(Object.keys(WAYS).map((name) => [name, [] as number[]]));
  for (let turn = 0; turn <= TURNS; turn += 1)
    for (const [name, fields] of Object.entries(WAYS)) {
      const { scenario } = loadScenario(path, [
        ...COMMON,
        "population.personas={ benign: rest, biased: 0.5 }",
        `seed=${turn + 1}`,
        ...fields,
      ]);
      const folder = await mkdtemp(join(tmpdir(), "candor-bench-"));
      let begun = process.cpuUsage();
      await run(scenario, {
        folder,
        scenarioPath: path,
        threads: 1,
        onEvent: (event) => {
          if (event.type !== "round") return;
          const { user, system } = process.cpuUsage(begun);
          // The first turn warms up; round 0 is the same for both.
          if (event.round === 1 && turn > 0) times.get(name)!.push((user + system) / 1e6);
          begun = process.cpuUsage();
        },
      });
      await rm(folder, { recursive: true });
    }
  const sft = times.get("sft")!;
  return {
    name: `a round of 120 users by SFT and by a reward model with the best of 4, ${TURNS} turns`,
    rows: [...times].map(([method, seconds]) => ({
      method,
      processor_seconds: median(seconds),
      times_sft: median(seconds.map((value, turn) => value / sft[turn]!)),
      all: seconds.map((value) => value.toFixed(2)).join(" "),
    })),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
