import { isDeepStrictEqual } from "node:util";
import { listed } from "../listed.js";
import { type Method, methodNames, methods } from "../methods/index.js";
import type { Mistake } from "../mistakes.js";
import { counted } from "../numbers.js";
import { trainerKind } from "../training/kinds/index.js";
import { partAt } from "../yaml/index.js";
import { fieldMistake } from "./place.js";
import { type Scenario, scenarioSchema } from "./schema.js";
import { sourceKind } from "./sources.js";
import { expandSweep } from "./sweep.js";

/** A field, and why a run does not go by it; null where it does. */
type Idle = { field: readonly string[]; why: (scenario: Scenario) => string | null };

/**
 * Settings that are right by the rules and change nothing: neither of the run that a scenario describes, nor of any run of its grid. They
 * are told and not refused, as a scenario may be half-way from one method or source to another. One that has its default's value says
 * nothing that would not be so without it, and is passed over.
 */
export function idleSettings(scenario: Scenario, scenarioPath: string): Mistake[] {
  const all = [scenario, ...expandSweep(scenario).map((cell) => cell.scenario)];
  const defaults = scenarioSchema.parse({ name: "defaults" });
  return IDLE.flatMap(({ field, why }): Mistake[] => {
    const set = all.filter((one) => !isDeepStrictEqual(partAt(one, field), partAt(defaults, field)));
    const [first, ...others] = set.map(why);
    if (first === undefined || first === null || others.includes(null)) return [];
    return [fieldMistake({ scenarioPath, field, at: "key" }, `it changes nothing: ${first}`)];
  });
}

const methodOf = ({ training }: Scenario): Method => methods[training.method];

/** What a method must be like for a field to count, as the end of a sentence that begins with the others' name. */
const forMethods =
  (goesBy: (method: Method) => boolean) =>
  (scenario: Scenario): string | null => {
    const method = methodOf(scenario);
    if (goesBy(method)) return null;
    const others = methodNames.filter((name) => goesBy(methods[name]));
    return `${method.name} does not go by it (${listed(others)} ${others.length === 1 ? "does" : "do"})`;
  };

/** Where there are no users who are simulated, nothing about them counts. */
function withoutUsers({ source }: Scenario): string | null {
  const { simulated, name } = sourceKind(source);
  return simulated ? null : `with source: ${name} no users are simulated`;
}

/** Where rows come from data files, none are selected. */
function withoutSelection({ source }: Scenario): string | null {
  const { rated, name } = sourceKind(source);
  return rated ? null : `with source: ${name} all rows of the data are learnt from`;
}

type Why = Idle["why"];

/** The first reason of several. */
const either =
  (...whys: readonly Why[]): Why =>
  (scenario) =>
    whys.map((why) => why(scenario)).find((one) => one !== null) ?? null;

const reads = (setting: Method["settings"][number]): Why =>
  forMethods(({ settings }) => settings.includes(setting));

const ofPairs = forMethods(({ rows }) => rows === "pair");

const IDLE: readonly Idle[] = [
  ...["size", "behaviour", "life", "held_out"].map((name) => ({
    field: ["population", name],
    why: withoutUsers,
  })),
  { field: ["interaction", "exchanges"], why: withoutUsers },
  {
    field: ["preference", "top"],
    why: either(
      withoutSelection,
      forMethods(({ from }) => from !== "all"),
    ),
  },
  {
    field: ["preference", "bottom"],
    why: either(
      withoutSelection,
      forMethods(({ from }) => from === "best and worst"),
    ),
  },
  { field: ["preference", "level"], why: levelOfAll },
  { field: ["preference", "margin"], why: either(withoutSelection, ofPairs) },
  { field: ["preference", "samples_per_turn"], why: either(withoutUsers, ofPairs) },
  ...(["beta", "desirable_weight", "undesirable_weight", "loss_type"] as const).map((name) => ({
    field: ["training", name],
    why: reads(name),
  })),
  { field: ["training", "kto_weights"], why: reads("desirable_weight") },
  {
    field: ["training", "external"],
    // A profile may play a scenario with another trainer than the one that it is written for.
    why: ({ training: { trainer }, profile }) =>
      profile === undefined && trainerKind(trainer)?.embedded
        ? `trainer: ${trainer} starts no program`
        : null,
  },
  {
    field: ["training", "every"],
    why: ({ training: { every }, rounds }) =>
      every > rounds
        ? `the first training would come after round ${every}, and there ${rounds === 1 ? "is" : "are"} ${counted(rounds, "round")}: nothing is ever learnt`
        : null,
  },
  {
    field: ["training", "learning_rate_decay"],
    why: ({ training: { every }, rounds }) =>
      rounds < 2 * every ? "it begins with the second training, and there is none" : null,
  },
  { field: ["training", "save_steps"], why: pastLastStep },
];

/** Whether all conversations of a round are learnt from, because as many are asked for. */
function takesAll({ source, preference: { top }, population: { size } }: Scenario): boolean {
  return top === 1 || (top >= size && sourceKind(source).simulated);
}

function levelOfAll(scenario: Scenario): string | null {
  const { top } = scenario.preference;
  return methodOf(scenario).from === "best" && takesAll(scenario)
    ? `with top: ${top} all conversations are learnt from, whichever of them are compared`
    : null;
}

/** Points within a round that lie behind its end, as far as that is known before it is played. */
function pastLastStep(scenario: Scenario): string | null {
  const { save_steps: every } = scenario.training;
  const steps = mostSteps(scenario);
  if (every === undefined || steps === null || every < steps) return null;
  return `a training has at most ${counted(steps, "step")}, and the last is left to the round's own evaluation; lower it`;
}

/** The most optimizer steps that a training can have; null where what is learnt from shows only later. */
function mostSteps(scenario: Scenario): number | null {
  const { training, rounds } = scenario;
  const rows = methodOf(scenario).draws ? null : mostRows(scenario);
  if (rows === null) return null;
  const together = rows * Math.min(training.every, rounds);
  return Math.ceil(together / training.batch_size) * training.num_train_epochs;
}

/** The most rows of a round. Who comes again, edits, and stages that add rows may make more. */
function mostRows(scenario: Scenario): number | null {
  const { source, population, interaction, preference } = scenario;
  if (preference.defences.length > 0) return null;
  if (typeof source === "object") return "rows" in source ? (source.rows ?? null) : null;
  if (population.life || interaction.edits_to !== undefined) return null;
  const { size } = population;
  const amount = (end: number) => (end <= 1 ? end * size : end);
  const { from } = methodOf(scenario);
  const talks = {
    all: size,
    best: amount(preference.top),
    "best and worst": amount(preference.top) + amount(preference.bottom),
  }[from];
  // A count is of each situation or persona.
  const most = preference.level === undefined && talks < size ? Math.ceil(talks) : size;
  return most * interaction.exchanges;
}
