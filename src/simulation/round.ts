import { mkdir, rm } from "node:fs/promises";
import type { Interaction } from "../interaction/index.js";
import { biasedFraction } from "../population/index.js";
import { select, toRows } from "../preference/index.js";
import type { RunContext } from "./context.js";
import { evaluate } from "./evaluate.js";
import type { Stage } from "./events.js";
import { interact } from "./interact.js";
import { readJson, writeJson } from "./jsonl.js";
import { keep } from "./keep.js";
import { populate } from "./populate.js";
import { type RoundSummary, summariseRound } from "./summary.js";
import { type Row, train } from "./train.js";

/** The evaluation of the untrained assistant. */
export async function playBase(context: RunContext): Promise<void> {
  await once(context, 0, async (timed) => {
    const results = await timed("evaluation", evaluate(context, 0));
    return summariseRound({ users: [], interactions: [], rows: [], training: null, results });
  });
}

/** One round; parts that are on disk already are taken from there. */
export async function playRound(context: RunContext, round: number): Promise<void> {
  await once(context, round, async (timed) => {
    const users = await populate(context, round);
    const interactions = await timed("interaction", interact(context, round, users));
    const rows = await prefer(context, round, interactions);
    const training = await timed("training", train(context, round));
    const results = await timed("evaluation", evaluate(context, round));
    const { personas, scenario } = context.cast;
    const biased = biasedFraction(scenario.population.personas, personas, round);
    return summariseRound({ users, biased, interactions, rows, training, results });
  });
}

async function prefer(
  { cast, paths, log }: RunContext,
  round: number,
  interactions: readonly Interaction[],
): Promise<readonly Row[]> {
  const { scenario } = cast;
  const { method } = scenario.training;
  const seed = `${scenario.seed}/round/${round}/preference`;
  return await keep<Row>(paths.round(round).preference, async () => {
    const teaching = interactions.filter(({ held_out }) => held_out !== true);
    const selection = select(teaching, { method, ...scenario.preference, seed });
    if (selection.unusable > 0) log.warn({ round, unusable: selection.unusable }, "interactions left out");
    return toRows(method, selection, seed).rows;
  });
}

/** Plays a round unless `round.json` says that it is complete, and writes that file in the end. */
async function once(
  { paths, log, onEvent, signal }: RunContext,
  round: number,
  play: (timed: Timed) => Promise<Omit<RoundSummary, "round" | "seconds">>,
): Promise<void> {
  signal?.throwIfAborted();
  const { folder, round: path } = paths.round(round);
  let summary = await readJson<RoundSummary>(path);
  if (!summary) {
    await mkdir(folder, { recursive: true });
    const seconds: RoundSummary["seconds"] = { total: 0 };
    const start = performance.now();
    const timed: Timed = async (stage, work) => {
      const begun = performance.now();
      const result = await work;
      seconds[stage] = secondsSince(begun);
      return result;
    };
    const played = await play(timed);
    seconds.total = secondsSince(start);
    summary = { round, ...played, seconds };
    await writeJson(path, summary);
    log.info({ round, seconds }, "round done");
  }
  await rm(paths.training(round), { recursive: true, force: true });
  onEvent({ type: "round", round, seconds: summary.seconds.total, metrics: summary.metrics });
}

/** Waits for a stage and notes how long it took. */
type Timed = <T>(stage: Stage, work: Promise<T>) => Promise<T>;

function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
