import { expect, it } from "vitest";
import { eventIn, outcomeIn } from "../../src/sweep/queue/said.js";

it("takes from Redis what a worker says, and nothing else", () => {
  const event = { type: "progress", round: 1, stage: "training", done: 3, total: 8, loss: 0.5 };
  expect(eventIn({ event })).toEqual(event);
  for (const bad of [null, "x", {}, { event: { type: "progress", round: "1" } }, { event: { type: "boom" } }])
    expect(eventIn(bad)).toBeUndefined();
  expect(outcomeIn({ hash: "a", status: "done", parcel: true }, "a")).toEqual({
    hash: "a",
    status: "done",
    parcel: true,
  });
  for (const bad of [undefined, "done", { status: "done" }, { hash: "a", status: "failed" }])
    expect(outcomeIn(bad, "a")).toMatchObject({
      hash: "a",
      status: "failed",
      error: expect.stringContaining("no outcome"),
    });
});
