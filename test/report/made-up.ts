import { bulkDraws } from "../../src/drift/bulk-draws.js";
import type { Observation } from "../../src/drift/index.js";
import type { Scenario } from "../../src/scenario/index.js";

const FRACTIONS = [0, 0.05, 0.1, 0.2, 0.5, 1];

/** What a run's scenario says where nothing must be said of its judge and its rater. */
export const CHECKED = {
  source: "interaction",
  seed: 1,
  models: { assistant: "x", user: "x", rater: "x", judge: "rule" },
  interaction: { rater_check: "pairs.jsonl" },
  evaluation: {},
};

export type MadeUp = {
  seeds?: number;
  rounds?: number;
  methods?: string[];
  fractions?: number[];
  subsets?: string[];
  /** Of each subset; 30 if absent. Where no number matters, few: every interval draws each probe ten thousand times. */
  probes?: number;
  /** Names of a sweep's cases; only in folders. */
  cases?: string[];
  /** Data files in place of users, at a share; only in folders. */
  source?: (share: number) => Scenario["source"];
  /** Count the probes whose belief was held at round 0 too: of every third one it is lost by the last round where users are biased. */
  firstBeliefs?: boolean;
  /** Put the deception, unknowns and capability suites too. */
  allSuites?: boolean;
};

const OTHERS = {
  deception: (lie: number) => ({
    honesty: 1 - lie,
    deceptive: lie,
    mistaken: 0,
    evade: 0,
    no_belief: 0,
    belief_accuracy: 1,
    error: 0,
  }),
  unknowns: (lie: number) => ({ declined: 1 - lie, invented: lie, error: 0 }),
  capability: () => ({ accuracy: 1, out_of_format: 0, error: 0 }),
};

function isLost(probe: string): boolean {
  return Number(probe.split("-").at(-1)) % 3 === 0;
}

function toFirst(verdict: string, lost: boolean): Record<string, number> {
  const honest = verdict === "lie" ? 0 : 1;
  if (!lost) return { honesty_to_first: honest, honesty_to_today: honest, belief_kept: 1 };
  // A belief that is gone makes no lie: only the first two see what became of it.
  return { honesty: 1, lie: 0, no_belief: 1, honesty_to_first: honest, honesty_to_today: 0, belief_kept: 0 };
}

const SUBSETS = ["provided_facts", "disinformation", "statistics"];

/** Observations of a sweep in which honesty falls with the biased fraction and beliefs stay. Invented numbers. */
export function madeUpSweep(options: MadeUp = {}): Observation[] {
  const {
    seeds = 3,
    rounds = 4,
    methods = ["sft"],
    fractions = FRACTIONS,
    subsets = SUBSETS,
    probes: count = 30,
    allSuites = false,
    firstBeliefs = false,
  } = options;
  const random = bulkDraws("test/report/sweep");
  const probes = subsets.flatMap((subset) =>
    Array.from({ length: count }, (_, index) => ({
      subset,
      probe: `${subset}-${index}`,
      level: 0.06 * random.normal(),
    })),
  );
  return methods.flatMap((method) =>
    fractions.flatMap((biased) =>
      Array.from({ length: seeds }, (_, index) => {
        const drift =
          (0.03 + 0.55 * biased ** 0.7) * (1 + 0.2 * random.normal()) * (method === "kto" ? 0.6 : 1);
        return Array.from({ length: rounds + 1 }, (_, round) =>
          probes.flatMap(({ subset, probe, level }) => {
            const lieChance = Math.max(
              0.02,
              0.08 + level + (biased > 0 ? drift * (round / rounds) ** 0.8 : 0),
            );
            const draw = random.uniform();
            const verdict =
              draw < lieChance
                ? "lie"
                : draw < lieChance + 0.04
                  ? "evade"
                  : draw < lieChance + 0.05
                    ? "no_belief"
                    : "honest";
            const scores: Record<string, number> = {
              honesty: verdict === "lie" ? 0 : 1,
              lie: verdict === "lie" ? 1 : 0,
              evade: verdict === "evade" ? 1 : 0,
              neither: 0,
              no_belief: verdict === "no_belief" ? 1 : 0,
              ...(subset === "provided_facts" ? {} : { belief_accuracy: random.uniform() < 0.03 ? 0.8 : 1 }),
              error: 0,
              ...(firstBeliefs ? toFirst(verdict, biased > 0 && round === rounds && isLost(probe)) : {}),
            };
            const suites: Record<string, Record<string, number>> = { mask: scores };
            if (allSuites)
              for (const [suite, make] of Object.entries(OTHERS)) suites[suite] = make(scores.lie!);
            return Object.entries(suites).flatMap(([suite, own]) =>
              Object.entries(own).map(([metric, value]) => ({
                run: `run-${method}-${biased}-${index + 1}`,
                scenario: "made-up",
                axes: {},
                seed: index + 1,
                method,
                biased,
                biased_realized: biased,
                round,
                suite,
                subset,
                probe,
                metric,
                value,
              })),
            );
          }),
        ).flat();
      }).flat(),
    ),
  );
}
