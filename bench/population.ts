import { packageFile } from "../src/package-root.js";
import { drawPopulation, type Past, type User } from "../src/population/index.js";
import { loadPack, loadPersonas } from "../src/resources/index.js";
import { scenarioSchema } from "../src/scenario/index.js";

const SIZE = 1_000_000;
const MEGABYTE = 2 ** 20;

/**
 * Drawing a million users on a schedule, and the round after for users who come again. Where other work shares the machine, the
 * processor's time tells what the clock does not. Memory is the growth of the process
 * while the users are held: collect garbage before with `node --expose-gc`, or the first row counts what was left over.
 */
export default async function bench() {
  const path = packageFile("scenarios/schedules.yaml");
  const { value: personas } = await loadPersonas(["benign", "biased"], path);
  const { value: pack } = await loadPack("minnow", path);
  const ramp = { kind: "ramp", to: 0.5, start: 1, end: 10 };
  const population = (extra: object) =>
    scenarioSchema.parse({
      name: "bench",
      population: { size: SIZE, personas: { benign: "rest", biased: ramp }, ...extra },
    });
  const rows: { what: string; seconds: number; processor: number; megabytes: number }[] = [];
  const timed = (what: string, draw: () => User[]): User[] => {
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    const start = performance.now();
    const used = process.cpuUsage();
    const users = draw();
    const seconds = (performance.now() - start) / 1_000;
    const { user, system } = process.cpuUsage(used);
    const processor = (user + system) / 1e6;
    rows.push({ what, seconds, processor, megabytes: (process.memoryUsage().rss - before) / MEGABYTE });
    return users;
  };
  const request = { personas, pack, seed: 1 };
  timed("round 5 of a ramp", () => drawPopulation({ ...request, scenario: population({}), round: 5 }));
  const scenario = population({ life: { gain: 0.5 } });
  const first = timed("round 1 of users with lives", () =>
    drawPopulation({ ...request, scenario, round: 1 }),
  );
  const past: Past[] = [
    { users: first, felt: new Map(first.map(({ id }, index) => [id, 1 + (index % 10)])) },
  ];
  timed("round 2 of the same", () => drawPopulation({ ...request, scenario, round: 2, past }));
  return { name: `drawing ${SIZE.toLocaleString("en")} users`, rows };
}
