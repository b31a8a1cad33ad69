import { expect, it, vi } from "vitest";
import { Scorer } from "../../src/engine/train/log-probs.js";
import { ktoReferencePoint, ReferencePolicy } from "../../src/engine/train/reference.js";

// TRL's pairs of a prompt and another row's completion are as long as a row may be; they had been of any length, and the
// reference point another number (a first loss of 0.566 where TRL has 0.663).
it("cuts KTO's mismatched pairs at the end, as long as a row may be", async () => {
  const scorer: Scorer = Object.create(Scorer.prototype);
  const scored: number[][] = [];
  vi.spyOn(scorer, "score").mockImplementation(async (rows) => {
    for (const { ids } of rows) scored.push(Array.from(ids));
    return Float64Array.from(rows, () => -1);
  });
  const rows = [
    { ids: [1, 2, 3, 9], completionStart: 3 },
    { ids: [4, 5, 6, 7], completionStart: 1 },
  ];
  const adapter: Parameters<typeof ktoReferencePoint>[3] = Object.create(null);
  const point = async (maxLength?: number) => {
    scored.length = 0;
    await ktoReferencePoint(rows, scorer, new ReferencePolicy(scorer, null), adapter, maxLength);
    return scored.slice(0, 2);
  };
  expect(await point(4)).toEqual([
    [1, 2, 3, 5],
    [4, 9],
  ]);
  expect(await point()).toEqual([
    [1, 2, 3, 5, 6, 7],
    [4, 9],
  ]);
});
