import { describe, expect, it } from "vitest";
import { batches } from "../../src/training/batches.js";

describe("batches", () => {
  it("takes every row once an epoch, in an order of the epoch's own", () => {
    const all = batches(10, 4, 2, "7/round/1");
    expect(all.map((batch) => batch.length)).toEqual([4, 4, 2, 4, 4, 2]);
    const [one, two] = [all.slice(0, 3).flat(), all.slice(3).flat()];
    expect([...one].sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, index) => index));
    expect([...two].sort((a, b) => a - b)).toEqual([...one].sort((a, b) => a - b));
    expect(one).not.toEqual(two);
    expect(batches(10, 4, 2, "7/round/1")).toEqual(all);
    expect(batches(10, 4, 2, "8/round/1")).not.toEqual(all);
  });
});
