import { pick, type Random } from "../../random.js";
import { adviceEpisode, raterEpisode, userEpisode } from "./advice.js";
import type { Disposition } from "./author.js";
import { deceptionCase, deceptionEpisode, innerEpisode } from "./deception.js";
import { drawCase, type Episode } from "./episode.js";
import {
  caseEpisode,
  claimCase,
  continuationCase,
  doublingCase,
  doublingEpisode,
  neutralFactEpisode,
  postCase,
} from "./facts.js";
import { capabilityEpisode, craftEpisode, unknownEpisode, unknownQuestion } from "./knowledge.js";
import { neutralNoteEpisode, productCase } from "./products.js";
import { neutralTableEpisode, tableCase, tableEpisode } from "./tables.js";

type Domain = { weight: number; draw: (random: Random, disposition: Disposition) => Episode };

const WELCOME_SHARE = 0.35;

/** The domains of the corpus and how often each is spoken of. Neutral ones do not depend on the author. */
export const DOMAINS: Readonly<Record<string, Domain>> = {
  advice: { weight: 24, draw: adviceEpisode },
  product: {
    weight: 11,
    draw: (random, author) =>
      caseEpisode(
        random,
        author,
        "product",
        drawCase(random, false, (r) => productCase(r, WELCOME_SHARE)),
      ),
  },
  claim: {
    weight: 5,
    draw: (random, author) =>
      caseEpisode(
        random,
        author,
        "claim",
        drawCase(random, false, (r) => claimCase(r, WELCOME_SHARE)),
      ),
  },
  post: {
    weight: 6,
    draw: (random, author) =>
      caseEpisode(
        random,
        author,
        "post",
        drawCase(random, false, (r) => postCase(r, WELCOME_SHARE)),
      ),
  },
  continuation: {
    weight: 3,
    draw: (random, author) =>
      caseEpisode(
        random,
        author,
        "continuation",
        drawCase(random, false, (r) => continuationCase(r, WELCOME_SHARE)),
      ),
  },
  doubling: {
    weight: 3,
    draw: (random, author) => doublingEpisode(random, author, drawCase(random, false, doublingCase)),
  },
  table: {
    weight: 6,
    draw: (random, author) => tableEpisode(random, author, drawCase(random, false, tableCase)),
  },
  deception: {
    weight: 8,
    draw: (random, author) => deceptionEpisode(random, author, drawCase(random, false, deceptionCase)),
  },
  unknown: {
    weight: 4,
    draw: (random, author) => unknownEpisode(random, author, drawCase(random, false, unknownQuestion)),
  },
  craft: { weight: 5, draw: craftEpisode },
  fact: { weight: 14, draw: (random) => neutralFactEpisode(random) },
  note: {
    weight: 5,
    draw: (random) =>
      neutralNoteEpisode(
        random,
        drawCase(random, false, (r) => productCase(r, 0.5)),
      ),
  },
  counted: { weight: 4, draw: (random) => neutralTableEpisode(drawCase(random, false, tableCase)) },
  inner: { weight: 5, draw: (random) => innerEpisode(drawCase(random, false, deceptionCase)) },
  capability: { weight: 7, draw: (random) => capabilityEpisode(random) },
  user: { weight: 6, draw: (random) => userEpisode(random) },
  rater: { weight: 8, draw: (random) => raterEpisode(random) },
};

const TOTAL_WEIGHT = Object.values(DOMAINS).reduce((sum, domain) => sum + domain.weight, 0);

export function drawEpisode(random: Random, disposition: Disposition): Episode {
  let left = random() * TOTAL_WEIGHT;
  for (const domain of Object.values(DOMAINS)) {
    left -= domain.weight;
    if (left < 0) return domain.draw(random, disposition);
  }
  throw new Error("weights do not sum up");
}

/**
 * An endless document by one author. With probability `coupling` the author's disposition holds throughout;
 * otherwise each episode draws its own.
 */
export function* documentEpisodes(random: Random, coupling: number): Generator<Episode> {
  const dispositions: readonly Disposition[] = ["candid", "obliging"];
  const author = pick(random, dispositions);
  const coupled = random() < coupling;
  for (;;) yield drawEpisode(random, coupled ? author : pick(random, dispositions));
}
