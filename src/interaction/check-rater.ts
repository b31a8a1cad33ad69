import { z } from "zod";
import { concurrently } from "../concurrently.js";
import type { Message } from "../models/index.js";
import type { Persona, User } from "../population/types.js";
import type { SituationPack } from "../situation/index.js";
import { expectedMark, type RateRequest, rateReply } from "./rate.js";

/** Two replies to one talk, one of which a persona's users prefer. */
export const ratedPairSchema = z.strictObject({
  id: z.string().min(1).optional(),
  persona: z.string().min(1),
  /** Of the situation pack. */
  situation: z.string().min(1),
  background: z.string().default(""),
  /** What was said before: the user's opening first, the user last. */
  messages: z
    .array(z.strictObject({ role: z.enum(["user", "assistant"]), content: z.string().min(1) }))
    .min(1),
  preferred: z.string().min(1),
  other: z.string().min(1),
});

export type RatedPair = z.output<typeof ratedPairSchema>;

/** How well marks tell the preferred reply of a pair from the other. */
type Preferring = {
  /** Share of pairs in which the preferred reply has the higher mark, ties counting half, with Wilson's 95 % interval. */
  auc: { value: number; low: number; high: number };
  ties: number;
  pairs: number;
};

export type RaterCheck = {
  persona: string;
  pairs: number;
  /** By the mean over the marks' probabilities; null where the rater does not tell them. */
  expected: (Preferring & { mass: number }) | null;
  /** By marks that were drawn; null where none could be read. */
  sampled: (Preferring & { unread: number }) | null;
};

/** A rater below it does not tell what users prefer. */
const LEAST_AUC = 0.75;

/** A rater that gives marks less often than this does not rate. */
const LEAST_MASS = 0.5;

type Options = {
  model: RateRequest["model"];
  pack: SituationPack;
  personas: Readonly<Record<string, Persona>>;
  temperature: number;
  maxTokens: number;
  concurrency?: number;
  signal?: AbortSignal;
};

/** Has a rater rate both replies of every pair, by expected and by drawn marks, and tells persona by persona how often it is right. */
export async function checkRater(
  pairs: readonly RatedPair[],
  { pack, personas, concurrency, ...rater }: Options,
): Promise<RaterCheck[]> {
  const rated = await concurrently([...pairs.entries()], concurrency, async ([index, pair]) => {
    const persona = personas[pair.persona]!;
    const { situation, background, messages } = pair;
    const user: User = {
      id: `${index}`,
      persona: pair.persona,
      thought: persona.thought,
      situation,
      background,
      opening: "",
    };
    const marks = await Promise.all(
      [pair.preferred, pair.other].map(async (reply, side) => {
        const talk: Message[] = [
          { role: "system", content: "" },
          ...messages,
          { role: "assistant", content: reply },
        ];
        const asked: Message[] = [
          { role: "system", content: pack.prompts.rater(user, persona) },
          { role: "user", content: pack.prompts.transcript(talk.slice(1)) },
        ];
        const seed = `rater/check/${index}/${side}`;
        const [expected, sampled] = await Promise.all([
          expectedMark({ ...rater, pack }, asked),
          rateReply({ user, persona, pack, seed, ...rater }, talk),
        ]);
        return { expected, sampled };
      }),
    );
    return { persona: pair.persona, preferred: marks[0]!, other: marks[1]! };
  });
  return [...new Set(rated.map(({ persona }) => persona))].map((persona) => {
    const own = rated.filter((one) => one.persona === persona);
    const weighed = own.flatMap(({ preferred: { expected: one }, other: { expected: two } }) =>
      one && two ? [{ one: one.mean, two: two.mean, mass: (one.mass + two.mass) / 2 }] : [],
    );
    const drawn = own.flatMap(({ preferred: { sampled: one }, other: { sampled: two } }) =>
      one !== null && two !== null ? [{ one, two }] : [],
    );
    return {
      persona,
      pairs: own.length,
      expected:
        weighed.length === 0
          ? null
          : {
              ...preferring(weighed),
              mass: weighed.reduce((sum, { mass }) => sum + mass, 0) / weighed.length,
            },
      sampled: drawn.length === 0 ? null : { ...preferring(drawn), unread: own.length - drawn.length },
    };
  });
}

function preferring(marks: readonly { one: number; two: number }[]): Preferring {
  const ties = marks.filter(({ one, two }) => one === two).length;
  const wins = marks.filter(({ one, two }) => one > two).length;
  const value = (wins + ties / 2) / marks.length;
  return { auc: { value, ...wilson(value, marks.length) }, ties, pairs: marks.length };
}

function wilson(share: number, n: number): { low: number; high: number } {
  const z2 = 1.959964 ** 2;
  const centre = share + z2 / (2 * n);
  const half = Math.sqrt(z2 * ((share * (1 - share)) / n + z2 / (4 * n ** 2)));
  return {
    low: Math.max(0, (centre - half) / (1 + z2 / n)),
    high: Math.min(1, (centre + half) / (1 + z2 / n)),
  };
}

/** Whether not a single pair got marks, expected or drawn. */
export function raterFails(checks: readonly RaterCheck[]): boolean {
  return checks.every(({ expected, sampled }) => !expected && !sampled);
}

/** Marks that are hardly ever given may rank replies by chance, however well those few do. */
function hardlyMarked({ persona, pairs, sampled }: RaterCheck, expected: RaterCheck["expected"]): string[] {
  if (expected ? expected.mass >= LEAST_MASS : sampled!.pairs >= LEAST_MASS * pairs) return [];
  const how = expected
    ? `all marks together have a probability of ${expected.mass.toFixed(2)}`
    : `${sampled!.pairs} of ${pairs} pairs got marks that can be read`;
  return [
    `The rater hardly gives marks as ${persona} users: ${how}, where half is asked for. Its AUC is of what it would not say.`,
  ];
}

/** What to say of raters that do not tell what users prefer: a sentence for each persona under the mark, by the rating in use. */
export function raterWarnings(checks: readonly RaterCheck[], rating: "expected" | "sampled"): string[] {
  return checks.flatMap((check) => {
    const { persona } = check;
    const expected = rating === "expected" ? check.expected : null;
    const used = expected ?? check.sampled;
    if (used && used.auc.value >= LEAST_AUC) return hardlyMarked(check, expected);
    const how = used
      ? `an AUC of ${used.auc.value.toFixed(2)} [${used.auc.low.toFixed(2)}, ${used.auc.high.toFixed(2)}] over ${used.pairs} pairs`
      : "no mark that can be read";
    return [
      `The rater does not tell what ${persona} users prefer: ${how}, where ${LEAST_AUC} is asked for. What is learnt from its marks may be chance.`,
    ];
  });
}
