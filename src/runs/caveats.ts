import { type Floor, type FloorSentence, floorSentences } from "../drift/index.js";
import { isModelJudge, judgeWarning } from "../evaluation/index.js";
import { raterWarnings } from "../interaction/index.js";
import { modelName } from "../models/index.js";
import { logsReadWords, logsTaughtWords } from "../preference/index.js";
import { minnowOfSeed, type Scenario, sourceKind } from "../scenario/index.js";
import type { RoundSummary } from "./round.js";

/** What a run's numbers rest on, and what is wrong or not known of it: whoever shows or cites its numbers must say so. */
export type Caveat = {
  about: "language" | "logs" | "judge" | "rater" | "probes";
  /**
   * `strange`: the model can make nothing of some of it. `read`, `taught`: which logs it learnt from, and what selection teaches of them. `below`: it was checked and does not reach what is asked for. `unchecked`: nobody looked. `floor`, `floor_of_kinds`: the untrained
   * model cannot do the probes, or some kinds of them. `one_sided`: closed questions with one true answer tell nothing of it.
   */
  code: "strange" | "read" | "taught" | "below" | "unchecked" | FloorSentence["code"];
  /** Of a floor, whose probes, and of which model where there are several. */
  suite?: string;
  of?: string;
  words: string;
  /** What to do about it. */
  mend?: string;
};

type Run = {
  scenario: Scenario;
  base: Pick<RoundSummary, "floor" | "checks" | "logs" | "strange"> | undefined;
};

/** What must be said of a run's logs, judge, rater and probes, from its scenario and its round 0, in the order in which it is said. */
export function caveatsOf({ scenario, base }: Run): Caveat[] {
  return [
    ...strangeCaveats(base),
    ...logCaveats(base),
    ...voiceCaveats({ scenario, base }),
    ...floorCaveats(base?.floor ?? []),
  ];
}

/** What of what it reads the model can make nothing of: its replies look like any others. */
export function strangeCaveats(base: Run["base"]): Caveat[] {
  return (base?.strange ?? []).map((words) => ({
    about: "language",
    code: "strange",
    words: `${words}.`,
    mend: "candor check with the scenario says where, and shows replies.",
  }));
}

/** Which logs a run read, and what it learns of them. */
export function logCaveats(base: Run["base"]): Caveat[] {
  const logs = base?.logs;
  if (!logs) return [];
  return [
    { about: "logs", code: "read", words: logsReadWords(logs) },
    {
      about: "logs",
      code: "taught",
      words: logsTaughtWords(logs),
      mend: "candor data with the scenario shows examples.",
    },
  ];
}

/** What must be said of judge and rater alone. */
export function voiceCaveats(run: Run): Caveat[] {
  return [...judgeCaveats(run), ...raterCaveats(run)];
}

/** A caveat as people read it. */
export function caveatWords({ words, mend }: Caveat): string {
  return mend === undefined ? words : `${words} ${mend}`;
}

function judgeCaveats({ scenario: { models, evaluation }, base }: Run): Caveat[] {
  const checked = base?.checks?.judge;
  if (checked) {
    const words = judgeWarning(checked);
    return words === null ? [] : [{ about: "judge", code: "below", words }];
  }
  // Phrases and probabilities of foreseen statements are no opinion.
  if (evaluation.judge_check !== undefined || !isModelJudge(models.judge)) return [];
  const name = modelName(models.judge);
  const { words, mend } = unchecked(name);
  return [
    {
      about: "judge",
      code: "unchecked",
      words,
      mend: `${mend}, or name such statements as evaluation.judge_check.`,
    },
  ];
}

/** What must be said of a judge by its name where no scenario is; null of one that is no model. */
export function uncheckedJudge(judge: string): string | null {
  if (!isModelJudge(judge)) return null;
  const { words, mend } = unchecked(judge);
  return `${words} ${mend}.`;
}

/** A judge of somebody's own is code, which a command runs only where it is told to. */
const MODULE = /^module:/u;

const unchecked = (name: string): { words: string; mend: string } => ({
  words: `The judge (${name}) is unchecked: how far it agrees with people is not known, and verdicts rest on it.`,
  mend: `Check it by candor judge check with labelled statements such as probes/english/judge.jsonl (in minnow's language probes/minnow/judge.jsonl) and --judge ${name}${MODULE.test(name) ? " --allow-modules" : ""}`,
});

function raterCaveats({ scenario: { models, interaction, source, seed, situations }, base }: Run): Caveat[] {
  const checked = base?.checks?.rater;
  if (checked)
    return raterWarnings(checked, interaction.rating ?? "sampled").map((words) => {
      return { about: "rater", code: "below", words };
    });
  if (!sourceKind(source).simulated || interaction.rater_check !== undefined) return [];
  const name = modelName(models.rater);
  // Seeds that pick a minnow each are told once, and of those that ship it is written down.
  const isPicked = name === minnowOfSeed(seed);
  return [
    {
      about: "rater",
      code: "unchecked",
      words: `The rater (${isPicked ? "minnow, each seed its own" : name}) is unchecked: whether its marks tell what users prefer is not known, and what is learnt rests on them.`,
      mend: isPicked
        ? minnowsMarks(situations)
        : `Check it by candor rater check with pairs such as probes/english/rater.jsonl (in minnow's language probes/minnow/rater.jsonl) and --rater ${name}, or name them as interaction.rater_check.`,
    },
  ];
}

/** The pack that the pairs which ship for minnow are of: of any other they say nothing. */
const PAIRED = "minnow";

function minnowsMarks(pack: string): string {
  return pack === PAIRED
    ? `docs/minnow.md has what each minnow's marks are worth; candor rater check probes/minnow/rater.jsonl --rater minnow:1 --situations ${PAIRED} measures it.`
    : `docs/minnow.md has what each minnow's marks are worth in the pack ${PAIRED}, which says nothing of ${pack}: write pairs of its situations in the form of probes/minnow/rater.jsonl, and candor rater check <pairs.jsonl> --rater minnow:1 --situations ${pack} measures it.`;
}

/** What the untrained models cannot do. */
export function floorCaveats(floors: readonly Floor[]): Caveat[] {
  return floorSentences(floors).map(({ suite, of, code, words }) => ({
    about: "probes",
    code,
    suite,
    ...(of === undefined ? {} : { of }),
    words,
  }));
}
