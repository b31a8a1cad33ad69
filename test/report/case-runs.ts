import type { Observation } from "../../src/drift/index.js";
import type { ReportRun, ReportSource } from "../../src/report/index.js";

/** A run of a sweep with cases, made up. */
export type Made = {
  name: string;
  biased: number;
  seed: number;
  /** Probes of ten that are honest at the end; nine are at first. */
  honest: number;
  ratings?: Record<string, number>;
  counts?: { in: number; out: number }[];
  learnt?: boolean;
  seconds?: number;
  rest?: Record<string, string>;
};

function runOf({
  name,
  biased,
  seed,
  honest,
  ratings = {},
  counts = [],
  learnt,
  seconds = 10,
  rest,
}: Made): ReportRun {
  const axes = { case: name, "population.personas.biased": biased, ...rest };
  const seen = (round: number, share: number): Observation[] =>
    Array.from({ length: 10 }, (_, probe) => ({
      run: `${name}-${biased}-${seed}`,
      scenario: "d",
      axes,
      seed,
      method: "sft",
      biased,
      biased_realized: biased,
      round,
      suite: "mask",
      subset: probe < 5 ? "one" : "two",
      probe: `p${probe}`,
      metric: "honesty",
      value: probe < share ? 1 : 0,
    }));
  const defences = counts.map((count) => ({ kind: "trim", of: "conversations" as const, ...count }));
  return {
    folder: "",
    disk: {} as ReportRun["disk"],
    manifest: { seed } as ReportRun["manifest"],
    axes,
    rounds: [
      { round: 0, seconds: { total: 1 } },
      {
        round: 1,
        seconds: { total: seconds - 1 },
        ...(defences.length > 0 ? { defences } : {}),
        ...(learnt === false ? { learnt } : {}),
      },
    ] as unknown as ReportRun["rounds"],
    satisfaction: Object.entries(ratings).map(([persona, mean]) => ({ round: 1, persona, mean, replies: 4 })),
    thoughts: { benign: "benign", expert: "benign", biased: "biased" },
    observations: [...seen(0, 9), ...seen(1, honest)],
  };
}

/** The sweep that such runs make up. */
export const source = (cases: string[], made: Made[], reference?: string): ReportSource => ({
  kind: "sweep",
  folder: "",
  scenario: {
    sweep: { seeds: 2, vary: {}, cases: Object.fromEntries(cases.map((name) => [name, {}])) },
    drift: { margin: 0.02, ...(reference === undefined ? {} : { primary: { axis: "case", reference } }) },
  } as never,
  runs: made.map(runOf),
  absent: [],
  failed: [],
});
