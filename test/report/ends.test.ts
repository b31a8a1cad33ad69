import { expect, it } from "vitest";
import { analyse } from "../../src/report/analysis.js";
import { tablesSection } from "../../src/report/page/tables.js";
import { termsOf } from "../../src/report/terms.js";
import { madeUpSweep } from "./made-up.js";

it("tells the ends of intervals in the report's tables as everywhere, on their side of 0", () => {
  const analysis = analyse(madeUpSweep({ fractions: [0, 0.5], rounds: 1, seeds: 2, probes: 3 }));
  const [row] = analysis.fromZero;
  const near = { ...row!, low: -0.031, high: -0.0004, wide: { low: -0.04, high: 0.0003 } };
  const terms = termsOf({ source: "interaction" });
  const { html } = tablesSection({ ...analysis, fromZero: [near] }, { cases: null, frontier: null }, terms);
  expect(html).toContain(">−0.04<");
  expect(html).toContain("−4 to +0.03");
});
