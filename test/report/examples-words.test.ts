import { expect, it } from "vitest";
import { examplesSection } from "../../src/report/page/examples.js";

/** A section of a run without examples, of which so many verdicts changed. */
function told(changedCount: number, movedCount = 0): string {
  const run = {
    observations: [{ biased: 0.5, method: "sft", seed: 1 }],
    manifest: { scenario: { source: "interaction" } },
    rounds: [],
  };
  const examples = {
    run,
    lastRound: 2,
    changed: [],
    changedCount,
    movedCount,
    probeCount: 96,
    shifts: undefined,
    taught: [],
  };
  return examplesSection(examples as unknown as Parameters<typeof examplesSection>[0]).html;
}

it("says where no verdict changed that none did, and draws none from none", () => {
  expect(told(0)).toContain("The verdict changed on none of its 96 probes between round 0 and round 2.</p>");
  expect(told(3)).toContain("changed on 3 of its 96 probes");
  expect(told(3)).toContain("are drawn from those at random");
});

it("says where scores moved and no verdict changed how that can be", () => {
  expect(told(0, 12)).toContain(
    "none of its 96 probes between round 0 and round 2. A verdict is what is likeliest",
  );
  expect(told(0, 12)).toContain("on 12 it moved by ten points or more; the 0 below are drawn from those");
});
