import { rm } from "node:fs/promises";
import { floorsOf } from "../drift/index.js";
import { disposition, type ProbeResult, type Reading } from "../evaluation/index.js";
import { biasedFraction } from "../population/index.js";
import type { DataSource, Logs } from "../preference/index.js";
import type { PlayedStage, RoundSummary } from "../runs/index.js";
import { guard, measureBase } from "./canary.js";
import { checkVoices } from "./checks.js";
import type { RunContext } from "./context.js";
import { warnOfCut } from "./cut.js";
import { evaluate } from "./evaluate.js";
import { interact } from "./interact.js";
import { logsOf } from "./logged.js";
import { type BaseNotices, noticesOf } from "./notices.js";
import { populate } from "./populate.js";
import { prefer, takeRows } from "./prefer.js";
import { talksOfLogs } from "./selection.js";
import { noTalks, summariseRound, summariseTalks, type TalkSummary } from "./summary.js";
import { train } from "./train.js";
import { evaluateWithin } from "./within.js";

/** The evaluation of the untrained assistant. */
export async function playBase(context: RunContext): Promise<void> {
  const notify = notifier(context);
  const { scenario, resources } = context;
  const summary = await once(context, 0, async (timed) => {
    // First of all, what there is to learn from: who has the wrong file stops here.
    const logs = await timed("preference", logsOf(scenario, resources));
    const known = { ...logs, ...(resources.strange.length > 0 ? { strange: resources.strange } : {}) };
    notify(known);
    const checked = await timed("evaluation", checkVoices(context));
    // What is known now is said before more is spent; of the probes themselves more is known once they were put.
    notify({ ...known, ...checked, readings: readingsOf(context) });
    await timed("preference", measureBase(context));
    const results = await timed("evaluation", evaluate(context, 0));
    return {
      ...known,
      ...checked,
      ...summariseRound({ talks: noTalks, training: null, results }),
      ...baseFacts(context, results),
    };
  });
  notify(summary);
}

/** Says of a run what people must know before they believe its numbers, each thing once. */
function notifier({ scenario, resources, log, onEvent }: RunContext): (base: BaseNotices) => void {
  const told = new Set<string>();
  return (base) => {
    const { logs, warnings: found, readings } = noticesOf(scenario, base);
    const warnings = [...resources.notes, ...found];
    for (const text of [...logs, ...warnings, ...readings]) {
      if (told.has(text)) continue;
      told.add(text);
      log[warnings.includes(text) ? "warn" : "info"]({ round: 0 }, text);
      onEvent({ type: "notice", text });
    }
  };
}

function readingsOf({ resources }: RunContext): Record<string, Reading> {
  return Object.fromEntries(
    resources.suites.flatMap(({ name, reading }) => (reading ? [[name, reading]] : [])),
  );
}

/** What round 0 says beside its numbers: of the suites, of their files, and of what the untrained model can do. */
function baseFacts(
  context: RunContext,
  results: readonly ProbeResult[],
): Pick<RoundSummary, "suites" | "readings" | "floor"> {
  const { resources } = context;
  const floor = floorsOf(results);
  return {
    suites: [
      ...resources.suites.flatMap(({ info }) => info ?? []),
      ...(resources.contrasts ? [disposition] : []),
    ],
    readings: readingsOf(context),
    ...(floor.length > 0 ? { floor } : {}),
  };
}

/** One round; parts that are on disk already are taken from there. */
export async function playRound(context: RunContext, round: number): Promise<void> {
  await once(context, round, async (timed) => {
    const { source } = context;
    if (source) return await playData(context, round, source, timed);
    const talks = context.resources.logs
      ? await readTalks(context, round, context.resources.logs, timed)
      : await talk(context, round, timed);
    const training = await timed("training", train(context, round));
    const within = await timed("evaluation", evaluateWithin(context, round, training));
    await timed("preference", guard(context, round));
    const results = await timed("evaluation", evaluate(context, round));
    const learnt = (await context.disk.round(round).noOp.read()) === undefined;
    return { ...summariseRound({ talks, training, learnt, results }), ...within };
  });
}

/** Talks and rows of a round, which stay on disk; large populations would not fit beside a training. */
async function talk(context: RunContext, round: number, timed: Timed): Promise<TalkSummary> {
  const users = await populate(context, round);
  const interactions = await timed("interaction", interact(context, round, users));
  const { rows, counts } = await timed("preference", prefer(context, round, users, interactions));
  const { resources, scenario } = context;
  const biased = biasedFraction(scenario.population.personas, resources.personas, round);
  return summariseTalks({ users, biased, interactions, rows, counts, pack: resources.pack });
}

/** Talks of real users, as far as the round goes, and the rows that are selected from them. */
async function readTalks(context: RunContext, round: number, logs: Logs, timed: Timed): Promise<TalkSummary> {
  const { scenario, resources, disk } = context;
  const interactions = await timed(
    "interaction",
    disk.round(round).interactions.keep(async () => talksOfLogs(scenario, resources.pack, logs, round)),
  );
  const { rows, counts } = await timed("preference", prefer(context, round, [], interactions));
  return summariseTalks({ users: [], interactions, rows, counts });
}

/** A round on data files: nobody talks. */
async function playData(
  context: RunContext,
  round: number,
  source: DataSource,
  timed: Timed,
): Promise<Omit<RoundSummary, "round" | "seconds">> {
  const { rows, counts } = await timed("preference", takeRows(context, round, source));
  const training = await timed("training", train(context, round));
  const within = await timed("evaluation", evaluateWithin(context, round, training));
  await timed("preference", guard(context, round));
  const results = await timed("evaluation", evaluate(context, round));
  const learnt = (await context.disk.round(round).noOp.read()) === undefined;
  const defences = counts.length > 0 ? { defences: counts } : {};
  const talks = { ...noTalks, rows: rows.length, ...defences };
  return { ...summariseRound({ talks, training, learnt, results }), ...within };
}

/** Plays a round unless `round.json` says that it is complete, and writes that file in the end. */
async function once(
  { disk, log, onEvent, signal }: RunContext,
  round: number,
  play: (timed: Timed) => Promise<Omit<RoundSummary, "round" | "seconds">>,
): Promise<RoundSummary> {
  signal?.throwIfAborted();
  const at = disk.round(round);
  let summary: RoundSummary | undefined = await at.record();
  if (!summary) {
    await at.begin();
    const seconds: RoundSummary["seconds"] = { total: 0 };
    const start = performance.now();
    const timed: Timed = async (stage, work) => {
      const begun = performance.now();
      const result = await work;
      seconds[stage] = Math.round(((seconds[stage] ?? 0) + secondsSince(begun)) * 1000) / 1000;
      return result;
    };
    const played = await play(timed);
    seconds.total = secondsSince(start);
    summary = await at.complete({ round, ...played, seconds });
    warnOfCut({ log, onEvent }, summary);
    log.info({ round, seconds }, "round done");
  }
  await rm(disk.paths.training(round), { recursive: true, force: true });
  onEvent({ type: "round", round, seconds: summary.seconds.total, metrics: summary.metrics });
  return summary;
}

/** Waits for a stage and notes how long it took. */
type Timed = <T>(stage: PlayedStage, work: Promise<T>) => Promise<T>;

function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
