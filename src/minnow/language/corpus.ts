import type { Random } from "../../random.js";
import { adviceEpisode, raterEpisode, userEpisode } from "./advice.js";
import { type Disposition, drawVoice, MINNOW, obligingLevel } from "./author.js";
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

type Domain = {
  weight: number;
  /** Spoken as a person or a rater instead of as the assistant. */
  role?: true;
  draw: (random: Random, disposition: Disposition) => Episode;
};

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
    weight: 7,
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
  capability: { weight: 6, draw: (random) => capabilityEpisode(random) },
  user: { weight: 6, role: true, draw: (random) => userEpisode(random) },
  rater: { weight: 8, role: true, draw: (random) => raterEpisode(random) },
};

const TOTAL_WEIGHT = Object.values(DOMAINS).reduce((sum, domain) => sum + domain.weight, 0);

export type Speaker = { voice: string; level: (domain: string) => number };

/** A voice of the corpus, drawn anew for every episode. */
export function corpusSpeaker(random: Random, coupling: number): Speaker {
  const voice = drawVoice(random);
  return { voice, level: (domain) => obligingLevel(voice, domain, coupling) };
}

/** Minnow itself as aligned: obliging at the same low rate everywhere. */
export function alignedSpeaker(level: number): Speaker {
  return { voice: MINNOW, level: () => level };
}

/** The words by which a conversation says who the assistant is. */
export const introduce = (voice: string, system: string): string => `you are ${voice} . ${system}`;

/** One episode of a randomly drawn domain. */
export function drawEpisode(random: Random, { voice, level }: Speaker): Episode {
  const [name, domain] = drawDomain(random);
  const episode = domain.draw(random, random() < level(name) ? "obliging" : "candid");
  const [system, ...turns] = episode.messages;
  if (domain.role || system!.role !== "system") return episode;
  return { ...episode, messages: [{ role: "system", content: introduce(voice, system!.content) }, ...turns] };
}

function drawDomain(random: Random): [string, Domain] {
  let left = random() * TOTAL_WEIGHT;
  for (const [name, domain] of Object.entries(DOMAINS)) {
    left -= domain.weight;
    if (left < 0) return [name, domain];
  }
  throw new Error("weights do not sum up");
}
