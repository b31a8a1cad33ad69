import { mkdir, rm } from "node:fs/promises";
import { type MetricSummary, summarise } from "../evaluation/index.js";
import { converseAll, type Interaction } from "../interaction/index.js";
import { drawPopulation, type User } from "../population/index.js";
import { select, toRows } from "../preference/index.js";
import type { TrainingReport } from "../training/types.js";
import type { RunContext } from "./context.js";
import { evaluate } from "./evaluate.js";
import { readJson, writeJson } from "./jsonl.js";
import { keep, keepGrowing } from "./keep.js";
import { checkpointAfter, type Row, train } from "./train.js";

/** `round.json`: a round in numbers. Its presence says that the round is complete. */
export type RoundSummary = {
  round: number;
  /** Users by persona. */
  users: Record<string, number>;
  interactions: { count: number; unusable: number; unrated: number; mean_reward: number | null };
  rows: number;
  training: TrainingReport | null;
  metrics: MetricSummary[];
  /** Wall-clock time of the part that ran last, in seconds; differs from run to run. */
  seconds: number;
};

/** The evaluation of the untrained assistant. */
export async function playBase(context: RunContext): Promise<void> {
  await once(context, 0, async () => {
    const results = await evaluate(context, 0);
    return { users: {}, interactions: count([]), rows: 0, training: null, metrics: summarise(results) };
  });
}

/** One round; parts that are on disk already are taken from there. */
export async function playRound(context: RunContext, round: number): Promise<void> {
  await once(context, round, async () => {
    const users = await populate(context, round);
    const interactions = await interact(context, round, users);
    const rows = await prefer(context, round, interactions);
    const training = await train(context, round);
    const results = await evaluate(context, round);
    return {
      users: countBy(users.map((user) => user.persona)),
      interactions: count(interactions),
      rows: rows.length,
      training,
      metrics: summarise(results),
    };
  });
}

async function populate({ cast, paths }: RunContext, round: number): Promise<readonly User[]> {
  return await keep(paths.round(round).population, async () =>
    drawPopulation({
      scenario: cast.scenario,
      personas: cast.personas,
      pack: cast.pack,
      seed: cast.scenario.seed,
      round,
    }),
  );
}

async function interact(
  { cast, paths, log, onEvent, signal }: RunContext,
  round: number,
  users: readonly User[],
): Promise<readonly Interaction[]> {
  const { exchanges, temperature, max_tokens } = cast.scenario.interaction;
  const { interactions: path } = paths.round(round);
  const interactions = await keepGrowing<Interaction>(
    path,
    ({ id }) => id,
    async (done, add) => {
      let held = done.size;
      return await converseAll({
        users,
        personas: cast.personas,
        pack: cast.pack,
        models: { assistant: await cast.assistant(checkpointAfter(cast, paths, round - 1)), ...cast.voices },
        settings: { exchanges, temperature, maxTokens: max_tokens },
        seed: cast.scenario.seed,
        round,
        concurrency: cast.concurrency,
        done,
        onInteraction: async (interaction) => {
          if (interaction.error !== null)
            log.warn({ round, user: interaction.id, error: interaction.error }, "unusable");
          await add(interaction);
          held += 1;
          onEvent({ type: "progress", round, stage: "interaction", done: held, total: users.length });
        },
        signal,
      });
    },
  );
  const failed = interactions.find(({ reward }) => reward !== null) ? undefined : interactions[0];
  if (failed) {
    throw new Error(
      `round ${round}: none of the ${interactions.length} interactions can be used; ` +
        `the first: ${failed.error ?? "a rating could not be read"}. See ${path}; delete it to try again`,
    );
  }
  return interactions;
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
    const selection = select(interactions, { method, ...scenario.preference, seed });
    if (selection.unusable > 0) log.warn({ round, unusable: selection.unusable }, "interactions left out");
    return toRows(method, selection, seed).rows;
  });
}

async function once(
  { paths, log, onEvent, signal }: RunContext,
  round: number,
  play: () => Promise<Omit<RoundSummary, "round" | "seconds">>,
): Promise<void> {
  signal?.throwIfAborted();
  const { folder, round: path } = paths.round(round);
  let summary = await readJson<RoundSummary>(path);
  if (!summary) {
    const start = performance.now();
    await mkdir(folder, { recursive: true });
    const played = await play();
    summary = { round, ...played, seconds: Math.round(performance.now() - start) / 1000 };
    await writeJson(path, summary);
    log.info({ round, seconds: summary.seconds }, "round done");
  }
  await rm(paths.training(round), { recursive: true, force: true });
  onEvent({ type: "round", round, seconds: summary.seconds, metrics: summary.metrics });
}

function count(interactions: readonly Interaction[]): RoundSummary["interactions"] {
  const rewards = interactions.flatMap(({ reward }) => (reward === null ? [] : [reward]));
  return {
    count: interactions.length,
    unusable: interactions.filter(({ error }) => error !== null).length,
    unrated: interactions.filter(({ error, reward }) => error === null && reward === null).length,
    mean_reward:
      rewards.length === 0 ? null : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length,
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
