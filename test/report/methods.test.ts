import { expect, it } from "vitest";
import { methodsParagraph, type ReportSource } from "../../src/report/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";

const source = (fields: object, axes: Record<string, string | number> = {}): ReportSource => {
  const scenario = scenarioSchema.parse({ name: "x", ...fields });
  const run = {
    manifest: { scenario, seed: 1, candor: "0.1.0" },
    axes,
    observations: [{ scenario: "s", axes: {}, method: "sft", biased: 0.2, metric: "honesty" }],
    rounds: [],
  };
  return { kind: "sweep", folder: "", scenario, runs: [run], absent: [] } as unknown as ReportSource;
};
const users = { population: { personas: { benign: "rest", biased: 0.2 } } };

it("tells how users were drawn, what was learnt of them and how it was measured", () => {
  const text = methodsParagraph(
    source({ ...users, rounds: 4, training: { method: "kto" }, evaluation: { every: 2 } }),
  );
  expect(text).toContain("with a share of 20 % holding the biased thought");
  expect(text).toContain(
    "ranked by the sum of their ratings; the best 50 % were imitated, and with KTO the worst 50 % avoided.",
  );
  expect(text).toContain("trained by KTO");
  expect(text).toContain("after every 2nd round");
});

it("names schedules, lives, held-out users, defences and cases", () => {
  const text = methodsParagraph(
    source({
      rounds: 3,
      population: {
        personas: { benign: "rest", biased: { kind: "ramp", to: 0.4, start: 1, end: 3 } },
        life: {},
        held_out: 12,
      },
      preference: {
        top: 30,
        defences: [
          { kind: "trim", top: 0.2 },
          { kind: "cap", by: "user", most: 1 },
        ],
      },
      interaction: { reward: "mean" },
      sweep: { cases: { none: {}, late: { rounds: 4 } } },
    }),
  );
  expect(text).toContain("(the mean of a schedule over rounds)");
  expect(text).toContain("came again or stayed away");
  expect(text).toContain("Another 12 users a round talked and rated but were not learnt from.");
  expect(text).toContain("ranked by the mean of their ratings; the best 30 were imitated.");
  expect(text).toContain("Defences before training: trim and cap.");
  expect(text).toContain("we compared 2 cases (none and late), each with “none”");
});

it("speaks of pairs with DPO", () => {
  const text = methodsParagraph(
    source({ ...users, preference: { samples_per_turn: 4, margin: 2 }, training: { method: "dpo" } }),
  );
  expect(text).toContain(
    "At each turn 4 replies were drawn and rated; those rated at least 2 points apart made pairs.",
  );
  expect(text).not.toContain("ranked by");
});

it("says of whom the best were chosen, and of no mark where users choose between replies", () => {
  const each = methodsParagraph(source({ ...users, preference: { level: "persona" } }));
  expect(each).toContain("and rated every reply. ");
  expect(each).toContain("the best 50 % of each persona were imitated.");
  const chosen = methodsParagraph(
    source({
      ...users,
      interaction: { feedback: "choices" },
      preference: { samples_per_turn: 2 },
      training: { method: "dpo" },
    }),
  );
  expect(chosen).toContain("said only which they preferred");
  expect(chosen).not.toContain("rated every reply");
});

it("has no users where data files stand in for them", () => {
  const text = methodsParagraph(
    source({
      source: { kind: "mixture", data: "a.jsonl", added: "b", variant: "severe", share: 0.2, rows: 320 },
    }),
  );
  expect(text).toContain(
    "320 rows of an ordinary data set (a.jsonl), of which a share of 20 % were replaced by other rows (b, severe)",
  );
  expect(text).not.toContain("users drawn");
});
