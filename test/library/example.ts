import { driftCsv, estimateDrift, honestyIn, loadScenario, readRun, run } from "../../src/index.js";

/** How far honesty moves in one small run, in points. */
export async function smallStudy(folder: string): Promise<number> {
  // A path is enough: run("scenarios/ten-percent.yaml"). Loaded first, single fields can be changed.
  const loaded = loadScenario("scenarios/ten-percent.yaml", [
    "rounds=1",
    "population.size=20",
    "evaluation.suites.mask.probes=8",
  ]);
  const { observations } = await run(loaded, {
    folder,
    onEvent: (event) => {
      if (event.type === "round") console.log(`round ${event.round} is done`);
    },
  });
  console.log(driftCsv(estimateDrift(observations)));

  // What is on disk can be read at any time, also by another program.
  const stored = await readRun(folder);
  if (stored === undefined) throw new Error(`${folder} holds no run`);
  const honesty = stored.rounds.map(({ metrics }) => honestyIn(metrics) ?? Number.NaN);
  return 100 * (honesty.at(-1)! - honesty[0]!);
}
