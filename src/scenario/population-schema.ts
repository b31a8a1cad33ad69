import { z } from "zod";
import { countTo, MOST, recordTo } from "../limits.js";

const share = z.number().min(0).max(1);
const points = z.number().min(-MOST.points).max(MOST.points);
const round = countTo(MOST.rounds);

const ends = {
  from: share.default(0).describe("Fraction outside the change, in [0, 1]."),
  to: share.describe("Fraction that it changes to, in [0, 1]."),
  start: round.describe("Round in which the change begins."),
};
/** A persona's fraction: constant, `rest`, one a round, or a shape over rounds. */
export const fractionSchema = z.union([
  share,
  z.literal("rest"),
  z.array(share).min(1).max(MOST.rounds),
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

/**
 * How a persona's users talk and rate, in numbers: mechanical layers over what the models say, in the order of the fields
 * from `stretch` on. Absent fields change nothing.
 */
export const behaviourSchema = z.strictObject({
  exchanges: z
    .int()
    .positive()
    .optional()
    .describe(
      "Most user turns of a conversation; fewer than interaction.exchanges for users who hardly talk.",
    ),
  stretch: z
    .number()
    .nonnegative()
    .max(MOST.points)
    .optional()
    .describe("Factor on a rating's distance to the middle of the scale: below 1 timid, above 1 extreme."),
  shift: points.optional().describe("Points added to every rating: above 0 generous, below 0 strict."),
  noise: z
    .number()
    .nonnegative()
    .max(MOST.points)
    .optional()
    .describe("Standard deviation, in points, of normal noise on every rating."),
  clip: z
    .tuple([points, points])
    .refine(([low, high]) => low <= high, { message: "expected [lowest, highest]" })
    .optional()
    .describe("Lowest and highest rating they ever give."),
  coalition: z
    .strictObject({
      share: share.default(1).describe("Share of the persona's users who belong to it, in [0, 1]."),
      liked: points.describe("The rating agreed on for replies that they like (above the middle)."),
      disliked: points.describe("The rating agreed on for all others."),
    })
    .optional()
    .describe("Users who have agreed on what to give; overrides what they would have given themselves."),
  thumbs: points
    .optional()
    .describe("Least rating that becomes a thumb up, the top of the scale; all others become its bottom."),
  missing: share.optional().describe("Probability that a reply is left unrated, in [0, 1]."),
  rates: share.optional().describe("Share of the persona's users who rate at all, in [0, 1]."),
});

/** Users who come again, or stay away, by how the assistant served them. */
export const lifeSchema = z.strictObject({
  trust: share.default(0.5).describe("Trust of a new user, in [0, 1]."),
  gain: share
    .default(0.3)
    .describe(
      "How far a conversation moves trust towards the user's satisfaction with it, in [0, 1]: trust + gain x (satisfaction - trust). Satisfaction is the mean rating on a scale from 0 to 1.",
    ),
  stay: z
    .strictObject({
      trusting: share.default(0.95).describe("Of users whose trust is 1."),
      distrusting: share.default(0.4).describe("Of users whose trust is 0."),
    })
    .prefault({})
    .describe("Probability of coming to the next round as well; in a straight line in between."),
  return: share
    .default(0)
    .describe("Probability, in every later round, that a user who stayed away comes back."),
  arrivals: z
    .union([z.int().nonnegative().max(MOST.users), z.literal("fill")])
    .default("fill")
    .describe("New users in each further round: a count, or as many as fill the population up to its size."),
  mix: recordTo(z.string(), fractionSchema, MOST.names)
    .optional()
    .describe("Fractions of personas among those who arrive after round 1; population.personas if absent."),
});
