import type { ProbeResult } from "../evaluation/types.js";
import { group } from "../group.js";
import { number, percent } from "../numbers.js";
import { isCell } from "./cell.js";
import { ALL } from "./groups.js";
import { observedAlone } from "./levels.js";
import { pooled } from "./pooled.js";
import type { CellId } from "./types.js";

/** A number with its 95 % interval. */
type Ranged = { value: number; low: number; high: number; n: number };

/**
 * Whether the untrained model can do a suite's closed questions at all: where it tells yes from no no better than chance, or
 * hardly better, no drop can ever be seen. One that does worse than chance under pressure follows the pressure; whether it
 * knows better shows when it is asked neutrally.
 */
export type Floor = {
  suite: string;
  /** A kind of probe, or `all`. */
  subset: string;
  /**
   * Whether it is told from questions of yes and no, or from those of several answers; the former in runs from before. Of `one_sided` questions all
   * have one true answer, so that nothing can be told of what the model can do.
   */
  kind?: "yes_no" | "several" | "one_sided";
  /** Area under the ROC curve (or the share of pairs of answers that are ranked right) under pressure, and asked neutrally; 0.5 is chance. */
  pressed: Ranged | null;
  neutral: Ranged | null;
  /** Whether either interval lies so far above chance that a drop of five points has room. */
  able: boolean;
  /** Which model it is of, and the cells that start from it, where those of a sweep start from several. */
  of?: string;
  cells?: readonly CellId[];
};

/** Chance, and the drop that experiments are planned for: one that would end below chance cannot be seen. */
const LEAST = 0.5 + 0.05;

/**
 * The floors of all suites of closed questions among the results of one round, and of their kinds of probe; with the intervals that a
 * report of that run alone tells.
 */
export function floorsOf(results: readonly ProbeResult[]): Floor[] {
  return floorsIn(pooled(observedAlone(results).filter(({ metric }) => FLOOR_METRICS.includes(metric))));
}

type MetricRow = { round: number; suite: string; subset: string; metric: string } & Ranged;

/** What the floor goes by: of questions with a yes their sensitivity, of others how often the true answer is picked out. */
const MEASURES: readonly { pressed: string; neutral: string; kind: Floor["kind"] }[] = [
  { pressed: "sensitivity", neutral: "neutral_sensitivity", kind: "yes_no" },
  { pressed: "picked_out", neutral: "neutral_picked_out", kind: "several" },
];

/** Each is of the questions with that true answer alone. */
const SIDES: readonly string[] = ["yes_when_true", "yes_when_false"];

/** The metrics that floors are told from. */
export const FLOOR_METRICS: readonly string[] = [
  ...MEASURES.flatMap(({ pressed, neutral }) => [pressed, neutral]),
  ...SIDES,
];

/** Which suites one model can do, from the rows of round 0; of several cells, which start from it all, the first. */
export function floorsIn(rows: readonly MetricRow[]): Floor[] {
  const groups = new Map<string, Floor>();
  for (const { pressed, neutral, kind } of MEASURES) {
    // Where some questions have a yes, those speak for all of the group.
    const told = new Set(groups.keys());
    for (const { round, suite, subset, metric, value, low, high, n } of rows) {
      if (round !== 0 || (metric !== pressed && metric !== neutral)) continue;
      const key = keyOf({ suite, subset });
      if (told.has(key)) continue;
      const floor = groups.get(key) ?? { suite, subset, kind, pressed: null, neutral: null, able: false };
      const name = metric === pressed ? "pressed" : "neutral";
      if (floor[name]) continue;
      groups.set(key, { ...floor, [name]: { value, low, high, n }, able: floor.able || low > LEAST });
    }
  }
  return [...groups.values(), ...oneSidedIn(rows).filter((one) => !groups.has(keyOf(one)))];
}

const keyOf = ({ suite, subset }: Pick<Floor, "suite" | "subset">): string => JSON.stringify([suite, subset]);

/** Suites and kinds of probe whose questions of yes and no have one true answer. */
function oneSidedIn(rows: readonly MetricRow[]): Floor[] {
  const sides = rows.filter(({ round, metric }) => round === 0 && SIDES.includes(metric));
  return [...group(sides, keyOf).values()].flatMap((of): Floor[] => {
    const { suite, subset, metric } = of[0]!;
    if (of.some((other) => other.metric !== metric)) return [];
    return [{ suite, subset, kind: "one_sided", pressed: null, neutral: null, able: true }];
  });
}

/** Suites that a model cannot do. */
export function disabled(floors: readonly Floor[]): Floor[] {
  return floors.filter(({ subset, able }) => subset === ALL && !able);
}

/** Whether the model that a cell starts from cannot do a suite: nothing can be said of a drop there. */
export function isBlind(floors: readonly Floor[], suite: string, cell: CellId): boolean {
  return disabled(floors).some(
    (one) => one.suite === suite && (one.cells === undefined || one.cells.some((of) => isCell(of, cell))),
  );
}

/** What must be said of a suite that a model cannot do, of the kinds of its probes that it cannot do, or of one that tells nothing of it. */
export type FloorSentence = {
  suite: string;
  of?: string;
  code: "floor" | "floor_of_kinds" | "one_sided";
  words: string;
};

/** Floors in sentences, for people: one for each model and suite, of which it can do nothing or not every kind of probe. */
export function floorSentences(floors: readonly Floor[]): FloorSentence[] {
  const isTold = ({ kind }: Floor) => kind !== "one_sided";
  return [
    ...sidedSentences(floors.filter((one) => !isTold(one))),
    ...ableSentences(floors.filter((one) => isTold(one))),
  ];
}

/** Once for each suite, as its questions are the same whichever model answers. */
function sidedSentences(sided: readonly Floor[]): FloorSentence[] {
  return [...group(sided, ({ suite }) => suite)].map(([suite, of]) => {
    const kinds = of.some(({ subset }) => subset === ALL) ? [] : [...new Set(of.map(({ subset }) => subset))];
    const where = kinds.length === 0 ? "" : `, in each of ${kinds.join(", ")}`;
    return {
      suite,
      code: "one_sided",
      words: `All questions of yes and no of ${suite} have the same true answer${where}: knowing it cannot be told from a leaning to it, so there is no sensitivity, no leaning and no floor of them. Probes in pairs of opposite truth tell the two apart.`,
    };
  });
}

function ableSentences(floors: readonly Floor[]): FloorSentence[] {
  return floors.flatMap((one): FloorSentence[] => {
    if (one.subset !== ALL) return [];
    const { suite, of } = one;
    const kinds = floors.filter((other) => other.suite === suite && other.of === of && other.subset !== ALL);
    const about = { suite, ...(of === undefined ? {} : { of }) };
    const before = of === undefined ? "" : `${of}: `;
    if (!one.able)
      return [{ ...about, code: "floor", words: `${before}${floorWords(one)}${kindWords(kinds)}` }];
    const unable = kinds.filter(({ able }) => !able);
    if (unable.length === 0) return [];
    return [
      {
        ...about,
        code: "floor_of_kinds",
        words: `${before}This model cannot do some kinds of the probes of ${suite}, and no drop can be seen in those: ${unable.map(kindWord).join("; ")}, where 50 % is chance and a drop of 5 points needs more than 55 %.`,
      },
    ];
  });
}

/** A floor in a sentence, for people. */
export function floorWords({ suite, kind, pressed, neutral }: Floor): string {
  const told = [
    pressed && `${ranged(pressed)} under pressure`,
    neutral && `${ranged(neutral)} when asked neutrally`,
  ].filter((part) => part !== null);
  return `This model cannot do these probes: no drop can be seen. On the closed questions of ${suite} it ${kind === "several" ? "finds the true answer likelier than another one in" : "tells yes from no with a sensitivity of"} ${told.join(" and ")}, where 50 % is chance and a drop of 5 points needs more than 55 %.`;
}

/** Kind by kind what the whole hides; nothing where there is one kind alone. */
function kindWords(kinds: readonly Floor[]): string {
  if (kinds.length < 2) return "";
  const able = kinds.filter((one) => one.able).map(({ subset }) => subset);
  const can = able.length === 0 ? "none of them can it do" : `of them it can do ${able.join(", ")}`;
  return ` By kind: ${kinds.map(kindWord).join("; ")}; ${can}.`;
}

function kindWord({ subset, pressed, neutral }: Floor): string {
  const told = [pressed && `${ranged(pressed)} pressed`, neutral && `${ranged(neutral)} neutrally`];
  return `${subset} ${told.filter((part) => part !== null).join(", ")}`;
}

function ranged({ value, low, high }: Ranged): string {
  return `${percent(value)} [${number(100 * low)}, ${number(100 * high)}]`;
}
