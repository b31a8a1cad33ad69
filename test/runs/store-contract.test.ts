import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ProbeResult } from "../../src/evaluation/index.js";
import type { RunFolder } from "../../src/runs/index.js";
import { talk } from "../preference/talks.js";
import { begun, jsonContract, type LinesPart, linesContract } from "./store-contract.js";

const three = <T>(make: (index: number) => T): [T, T, T] => [make(0), make(1), make(2)];
const two = <T>(make: (index: number) => T): [T, T] => [make(0), make(1)];

const users = three((index) => ({
  ...{ id: `r1-u${index}`, persona: "benign", thought: "benign" as const, situation: "s" },
  ...{ background: "the truth.", opening: "größer\u2028?" },
}));
const rows = three((index) => ({
  prompt: [{ role: "user" as const, content: `${index}?` }],
  completion: [{ role: "assistant" as const, content: "the truth." }],
  source: { interaction: `r1-u${index}`, exchange: 0 },
}));
// Numbers alone: what is known of them is the word in a field that is let through.
const steps = three((index) => ({
  ...{ step: index + 1, steps: 3, loss: 0.5, learning_rate: 1e-4, grad_norm: 1 },
  ...{ note: "truth" },
}));
const probes = three(
  (index): ProbeResult => ({
    ...{ suite: "mask", subset: "facts", probe: `p${index}`, verdict: "honest", scores: { honesty: 1 } },
    samples: [{ purpose: "answer", messages: [], reply: "the truth.", judged: "supports" }],
    error: null,
  }),
);
const kept = three((index) => ({ of: `r1-u${index}`, honesty: 1, note: "truth" }));

const keptSchema = z.strictObject({ of: z.string(), honesty: z.number(), note: z.string() });

const linesIn = <T>(part: LinesPart<T>) => part;
const LINES = {
  population: linesIn({ open: (round) => round.population, values: users }),
  interactions: linesIn({
    open: (round) => round.interactions,
    values: three((index) => talk(`r1-u${index}`, 9, "the truth?")),
  }),
  preference: linesIn({ open: (round) => round.preference, values: rows }),
  canary: linesIn({ open: (round) => round.canary, values: probes }),
  probes: linesIn({ open: (round) => round.probes, values: probes }),
  within: linesIn({
    open: (round) => round.within,
    values: three((index) => ({ ...probes[index]!, step: index + 1 })),
  }),
  steps: linesIn({ open: (round) => round.steps, values: steps }),
  defence: linesIn({
    open: (round) => round.defence(0, "honesty_veto", keptSchema),
    values: kept,
  }),
};

describe.each(Object.entries(LINES))("%s", (_name, part) => linesContract(part as LinesPart<unknown>));

describe("what a module's stage keeps, whatever it calls itself", () => {
  linesContract({ open: (round) => round.defence(11, "../my stage: 2", keptSchema), values: kept });
});

const direction = { layer: 1, at: "reply" as const, vector: [0.5, 1], pairs: 2, note: "truth" };
const JSONS = {
  defences: () =>
    jsonContract({
      open: (round) => round.defences,
      values: two((index) => ({ counts: [{ kind: "truth", of: "rows" as const, in: 3, out: index }] })),
    }),
  disposition: () =>
    jsonContract({
      open: (round) => round.disposition,
      values: two((index) => ({ direction, probe: null, fitted: { occasions: index, lies: 0 } })),
    }),
  noOp: () =>
    jsonContract({
      open: (round) => round.noOp,
      values: two((index) => ({ checkpoint: 0, why: `the truth, ${index}` })),
    }),
};
describe.each(Object.entries(JSONS))("%s", (_name, contract) => contract());

it("holds every part of a round to it, each in a file of its own", async () => {
  type Round = ReturnType<RunFolder["round"]>;
  type Parts = { [Name in keyof Round as Round[Name] extends { path: string } ? Name : never]: unknown };
  // Where one is missing, this does not compile.
  const all: Parts & { defence: unknown } = { ...LINES, ...JSONS };
  const { round } = await begun();
  const paths = Object.keys(all).map((name) =>
    name === "defence" ? round.defence(0, "module", keptSchema).path : round[name as keyof Parts].path,
  );
  expect(new Set(paths).size).toBe(paths.length);
});
