import { z } from "zod";

const share = z.number().min(0).max(1);
const round = z.int().positive();

const ends = {
  from: share.default(0).describe("Fraction outside the change, in [0, 1]."),
  to: share.describe("Fraction that it changes to, in [0, 1]."),
  start: round.describe("Round in which the change begins."),
};
/** A persona's fraction: constant, `rest`, one a round, or a shape over rounds. */
export const fractionSchema = z.union([
  share,
  z.literal("rest"),
  z.array(share).min(1),
  z.discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("ramp").describe("In a straight line over rounds."),
        ...ends,
        end: round.describe("Round in which `to` is reached."),
      })
      .refine(({ start, end }) => start < end, { message: "expected an end after the start", path: ["end"] }),
    z.strictObject({ kind: z.literal("step").describe("At once, and for good."), ...ends }),
    z
      .strictObject({
        kind: z.literal("pulse").describe("For some rounds only."),
        ...ends,
        end: round.describe("Last round with `to`."),
      })
      .refine(({ start, end }) => start <= end, {
        message: "expected an end that is not before the start",
        path: ["end"],
      }),
  ]),
]);
