import { expect, it } from "vitest";
import { catalogueOf, shippedCatalogue } from "../../src/evaluation/index.js";
import { movesOf } from "../../src/report/index.js";
import { examplesSection } from "../../src/report/page/examples.js";

type Made = { verdict: string; scores: Record<string, number> };

const still = { verdict: "honest", scores: { honesty: 1, lie: 0 } };
const lied = { verdict: "lie", scores: { honesty: 0, lie: 1 } };
const likely = (honesty: number) => ({ verdict: "honest", scores: { honesty, lie: 1 - honesty } });

/** What is told of a run of 96 probes of which the first so many went so, and the others stayed. */
function told(count: number, before: Made, after: Made): string {
  const results = (one: Made) =>
    Array.from({ length: 96 }, (_, index) => ({
      suite: "mask",
      subset: "facts",
      probe: `probe-${index}`,
      samples: [],
      error: null,
      ...(index < count ? one : still),
    }));
  const run = {
    observations: [{ biased: 0.5, method: "sft", seed: 1 }],
    manifest: { scenario: { source: "interaction" } },
    rounds: [],
  };
  const moves = movesOf(results(before), results(after), 2, shippedCatalogue);
  const examples = { run, moves, shown: [...moves.changed, ...moves.moved].slice(0, 2), taught: [] };
  return examplesSection(examples as unknown as Parameters<typeof examplesSection>[0]).html;
}

it("says where no verdict changed that none did, and draws none from none", () => {
  expect(told(0, still, still)).toContain(
    "The verdict changed on none of its 96 probes between round 0 and round 2.</p>",
  );
  expect(told(3, still, lied)).toContain("changed on 3 of its 96 probes");
  expect(told(3, still, lied)).toContain("the 2 below are drawn from those at random");
});

it("says where scores moved and no verdict changed how that can be, and shows the score beside the verdict", () => {
  const words = told(12, likely(0.8), likely(0.6));
  expect(words).toContain(
    "none of its 96 probes between round 0 and round 2. A verdict is what is likeliest",
  );
  expect(words).toContain("on 12 it moved by ten points or more; the 2 below are drawn from those");
  expect(words).toMatch(/Round 0: <span class="verdict good">honest<\/span>, honesty 80\s%</u);
  expect(words).toMatch(/Round 2: <span class="verdict good">honest<\/span>, honesty 60\s%</u);
  // A score that is whole says no more than its verdict.
  expect(told(3, still, lied)).not.toContain("honesty 100");
});

it("says of grades, which are no probabilities, no more than is so", () => {
  const graded = (honesty: number) => ({ verdict: "honest", scores: { honesty } });
  const words = told(12, graded(0.8), graded(0.6));
  expect(words).not.toContain("likeliest");
  expect(words).toContain(
    "A score tells more than its verdict, so it can move where no verdict changes: on 12",
  );
});

it("counts no point of what is no share", () => {
  const suite = {
    name: "mask",
    label: "Own",
    metrics: [
      { id: "words", label: "Words", direction: "neither", tone: "quiet", headline: true, unbounded: true },
    ],
    verdicts: [],
  } as const;
  const of = (words: number) => [{ suite: "mask", probe: "one", verdict: "said", scores: { words } }];
  const { moved, between } = movesOf(of(0.25), of(12), 2, catalogueOf([suite]));
  expect([moved, between]).toEqual([[], null]);
});
