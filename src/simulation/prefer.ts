import type { z } from "zod";
import type { Interaction } from "../interaction/index.js";
import { counted } from "../numbers.js";
import type { User } from "../population/index.js";
import {
  amend,
  type ContextOf,
  type DataSource,
  type DefenceContext,
  type DefenceCount,
  screen,
} from "../preference/index.js";
import type { Row } from "../preference/types.js";
import type { LinesFile, RunFolder } from "../runs/index.js";
import { sourceKind } from "../scenario/index.js";
import type { RunContext } from "./context.js";
import { refuseOverlaps, withoutStrays } from "./overlap.js";
import { selectRows, stageSeed } from "./selection.js";

/** The rows of a round, and what each defence let through; without defences `counts` is empty. */
export type Preferred = { rows: readonly Row[]; counts: readonly DefenceCount[] };

/** Turns a round's conversations into rows: defences screen them, the best are selected, defences amend the rows. */
export async function prefer(
  context: RunContext,
  round: number,
  users: readonly User[],
  interactions: readonly Interaction[],
): Promise<Preferred> {
  const { scenario, defences, disk, log, resources } = context;
  const at = disk.round(round);
  const rows = await at.preference.keep(async () => {
    const contextOf = contextsOf(context, round, users);
    const teaching = interactions.filter(({ held_out }) => held_out !== true);
    const screened = await screen(defences, teaching, contextOf);
    const candidates = defences.length === 0 ? teaching : screened.candidates;
    const { selection, rows: selected } = selectRows(scenario, resources.pack, candidates, round);
    const { unusable } = selection;
    if (unusable > 0)
      log.warn(
        { round, unusable },
        `${unusable} of ${counted(candidates.length, "conversation")} left out: failed, or without a mark or choice that could be read`,
      );
    const { data, counts } = await amend(defences, selected, contextOf);
    const kept = withoutProbes(context, round, data.rows, interactions);
    if (defences.length > 0) await at.defences.write({ counts: [...screened.counts, ...counts] });
    return kept;
  });
  return { rows, counts: (await at.defences.read())?.counts ?? [] };
}

/** Of rows that repeat a probe those are left out where a model strayed into it; openings and data files must not hold any. */
function withoutProbes(
  { resources, disk, log }: RunContext,
  round: number,
  rows: readonly Row[],
  interactions: readonly Interaction[],
): Row[] {
  const kept = withoutStrays(resources, rows, {
    talks: interactions,
    from: `talks of ${disk.round(round).interactions.path}`,
    brought: `those that stages brought into round ${round}`,
  });
  const strays = rows.length - kept.length;
  if (strays > 0)
    log.warn(
      { round, rows: strays },
      `${counted(strays, "row")} left out in which a model happened to say what a probe does`,
    );
  return kept;
}

/** The rows of a round that come from data files, as defences leave them. */
export async function takeRows(context: RunContext, round: number, source: DataSource): Promise<Preferred> {
  const { defences, resources, disk } = context;
  const at = disk.round(round);
  const rows = await at.preference.keep(async () => {
    const { data, counts } = await amend(defences, source.rows(round), contextsOf(context, round, []));
    refuseOverlaps(resources, data.rows, source.files.join(", "));
    if (defences.length > 0) await at.defences.write({ counts });
    return data.rows;
  });
  return { rows, counts: (await at.defences.read())?.counts ?? [] };
}

type Make<T> = Parameters<LinesFile<T>["keepGrowing"]>[1];

/** What each stage is given to work with. */
function contextsOf(
  { scenario, defences, concurrency, disk, signal }: RunContext,
  round: number,
  users: readonly User[],
): ContextOf {
  const byId = new Map(users.map((user) => [user.id, user]));
  return (index, kind): DefenceContext => ({
    runSeed: scenario.seed,
    round,
    method: scenario.training.method,
    source: sourceKind(scenario.source).rated ? "talks" : "files",
    seed: stageSeed(scenario.seed, round, defences, index),
    users: byId,
    taught: () => readTaught(disk, round),
    concurrency,
    keep: async <T>(schema: z.ZodType<T>, key: (value: T) => string, make: Make<T>) =>
      await disk.round(round).defence<T>(index, kind, schema).keepGrowing(key, make),
    signal,
  });
}

async function readTaught(disk: RunFolder, round: number): Promise<Interaction[]> {
  const taught: Interaction[] = [];
  for (let before = 1; before < round; before += 1) {
    const at = disk.round(before);
    const rows = (await at.preference.read()) ?? [];
    const sources = new Set(rows.map(({ source }) => source.interaction));
    const interactions = (await at.interactions.read()) ?? [];
    taught.push(...interactions.filter(({ id }) => sources.has(id)));
  }
  return taught;
}
