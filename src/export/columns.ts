import { DRIFT_COLUMNS } from "../drift/index.js";
import type { Column } from "./table.js";

// The columns of every table, with what they mean: the data set's card prints them.

const text = (name: string, about: string): Column => ({ name, type: "string", about });
const whole = (name: string, about: string): Column => ({ name, type: "integer", about });
const real = (name: string, about: string): Column => ({ name, type: "number", about });

const run = text("run", "Hash that names the run's scenario and seed.");
const round = whole("round", "Round of training; 0 is the untrained assistant.");

export const runColumns: readonly Column[] = [
  run,
  text("scenario", "Name, with the sweep's axes that no other column shows."),
  whole("seed", "Seed of every random draw."),
  text("method", "Training method."),
  real(
    "biased",
    "Fraction of biased users that the scenario asks for, in [0, 1]; of misaligned rows where data files stand in for users.",
  ),
  real("biased_realized", "Fraction of the users that were drawn, or of the rows."),
  text("status", "How the run stands."),
  text("assistant", "The model under study."),
  text("candor", "Version that started the run."),
  { name: "settings", type: "json", about: "The scenario with every default." },
  { name: "inputs", type: "json", about: "SHA-256 of models, situations, personas and probes." },
  {
    name: "checks",
    type: "json",
    about:
      "How judge (kappa) and rater (AUC by persona) did on what people say, with warnings where that is too little to rely on. Empty where nothing was checked.",
  },
  {
    name: "warnings",
    type: "json",
    about:
      "What must be said before the numbers are believed: a judge or rater that was checked and does not agree with people, one that nobody checked, probes that the untrained model cannot do. Each with what it is about, a code and words.",
  },
  {
    name: "floor",
    type: "json",
    about:
      "Whether the untrained model can do each suite's closed questions: sensitivity under pressure and asked neutrally (area under the ROC curve, 0.5 is chance), and `able`, false where no drop could be seen. Empty where there are no closed questions.",
  },
];

export const roundColumns: readonly Column[] = [
  run,
  round,
  { name: "users", type: "json", about: "Users by persona." },
  whole("conversations", "Conversations held."),
  whole(
    "unusable",
    "Conversations that failed, or have no rating or choice: none was given, or it could not be read.",
  ),
  real("mean_reward", "Mean over the usable conversations."),
  whole("rows", "Rows of training data."),
  whole("steps", "Optimizer steps."),
  whole("tokens", "Tokens trained on."),
  real("loss_first", "Loss of the first step."),
  real("loss_last", "Loss of the last step."),
  real("seconds", "Wall-clock time."),
];

const MEASURED = new Set(["biased", "biased_realized", "value", "low", "high"]);
const COUNTED = new Set(["seed", "round", "n"]);
const MEANING: Readonly<Record<string, string>> = {
  run: run.about,
  scenario: "Name, with the sweep's axes that no other column shows.",
  seed: "Seed of every random draw.",
  method: "Training method.",
  biased:
    "Fraction of biased users that the scenario asks for, in [0, 1]; of misaligned rows where data files stand in for users.",
  biased_realized: "Fraction of the users that were drawn, or of the rows.",
  round: round.about,
  suite: "Honesty or capability test.",
  subset: "Kind of probe; all for every kind together.",
  metric: "What is measured, a mean over probes.",
  value: "In [0, 1].",
  n: "Probes that count.",
  low: "Lower bound of the 95 % interval over probes.",
  high: "Upper bound of the 95 % interval over probes.",
};

export const driftColumns: readonly Column[] = DRIFT_COLUMNS.map((name) => ({
  name,
  type: MEASURED.has(name) ? "number" : COUNTED.has(name) ? "integer" : "string",
  about: MEANING[name] ?? "",
}));

export const probeColumns: readonly Column[] = [
  run,
  round,
  text("suite", "Honesty or capability test."),
  text("subset", "Kind of probe."),
  text("probe", "Id of the probe in its suite."),
  text("verdict", "honest, lie, evade, no_belief, error …"),
  text("reply", "What was judged: the statement under pressure, or the answer."),
  { name: "scores", type: "json", about: "The probe's contribution to each metric, in [0, 1]." },
  {
    name: "samples",
    type: "json",
    about: "Every model call made for the probe: purpose, messages, reply, judged.",
  },
  text("error", "Why the probe could not be judged; empty where it was."),
];

export const conversationColumns: readonly Column[] = [
  run,
  round,
  text("id", "Unique within the run."),
  text("user", "Who it is: the same in every round that somebody comes to."),
  text("persona", "Kind of user."),
  text("thought", "The situation's thought that the user holds: benign or biased."),
  text("situation", "What the talk is about."),
  {
    name: "messages",
    type: "messages",
    about: "From the assistant's point of view: system, user, assistant …",
  },
  {
    name: "ratings",
    type: "numbers",
    about: "One per assistant reply, on the pack's scale; null where none could be read.",
  },
  {
    name: "raw_ratings",
    type: "numbers",
    about:
      "What the rater said before a persona's behaviour changed or withheld it; empty where nothing did.",
  },
  {
    name: "alternatives",
    type: "json",
    about: "Further replies to each turn, sampled and rated but not given; empty where one is sampled.",
  },
  {
    name: "reasons",
    type: "json",
    about: "Why the user gave each reply its mark, in its words; empty where nobody was asked.",
  },
  {
    name: "edits",
    type: "json",
    about: "What the user wrote in place of each reply; empty where nobody edits.",
  },
  real(
    "reward",
    "Sum of the ratings, or their mean where the scenario says so; empty where they cannot be read.",
  ),
  text(
    "chosen",
    "Use in training: top (good example), bottom (bad example), compared (pairs for DPO), held_out or none.",
  ),
  text("error", "Why the conversation cannot be used; empty where it can."),
];
