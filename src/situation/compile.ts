import type { z } from "zod";
import { withoutThoughts } from "../models/index.js";
import type { Message } from "../models/types.js";
import type { Persona, User } from "../population/types.js";
import type { packSchema } from "./schema.js";
import { compileTemplate, variablesOf } from "./template.js";
import { type PromptPart, promptVariables, type Situation, type SituationPack } from "./types.js";

type PackFile = z.output<typeof packSchema>;

/** Turns a pack's templates and rating pattern into functions. */
export function compilePack(pack: PackFile, situations: readonly Situation[]): SituationPack {
  const byId = new Map(situations.map((situation) => [situation.id, situation]));
  const prompt = (source: string) => {
    const render = compileTemplate<Record<PromptPart, string>>(source);
    return (user: User, persona: Persona, without: readonly PromptPart[] = []): string => {
      const situation = byId.get(user.situation);
      if (situation === undefined)
        throw new Error(`situation ${user.situation} is not in the pack ${pack.name}`);
      return render({
        background: user.background,
        thought: situation[user.thought],
        task: situation.task,
        topic: situation.topic,
        style: persona.style,
        rating: persona.rating,
        memory: memoryOf(user),
        ...Object.fromEntries(without.map((part) => [part, ""])),
      });
    };
  };
  const transcript = compileTemplate<{ messages: readonly Message[] }>(pack.prompts.transcript);
  return {
    name: pack.name,
    ...(pack.language === undefined ? {} : { language: pack.language }),
    situations,
    prompts: {
      assistant: prompt(pack.prompts.assistant),
      user: prompt(pack.prompts.user),
      rater: prompt(pack.prompts.rater),
      transcript: (messages) => transcript({ messages }),
    },
    assistantParts: variablesOf(pack.prompts.assistant).flatMap(({ name, optional }) => {
      const part = promptVariables.find((known) => known === name);
      return part === undefined ? [] : [{ part, optional }];
    }),
    promptFrom: (source) => prompt(source),
    ...(pack.obliging ? { obliges: matcher(pack.obliging.pattern) } : {}),
    scale: { min: pack.rating.min, max: pack.rating.max },
    readRating: ratingReader(pack.rating),
  };
}

/** What a user who comes again remembers, for packs that want to remind it. */
function memoryOf({ visit = 1, last_rating }: User): string {
  if (visit === 1) return "";
  const mark = typeof last_rating === "number" ? String(Number(last_rating.toFixed(1))) : null;
  const before = visit === 2 ? "one talk before this one" : `${visit - 1} talks before this one`;
  return mark === null ? before : `${before}; average mark of the last one: ${mark}`;
}

function matcher(pattern: string): (reply: string) => boolean {
  const expression = new RegExp(pattern, "i");
  return (reply) => expression.test(reply);
}

function ratingReader({ pattern, min, max }: PackFile["rating"]): (reply: string) => number | null {
  const expression = new RegExp(pattern, "g");
  // Models like to repeat the scale ("from 1 to 10 I give it a 7"): its lower end is no rating.
  const scale = new RegExp(`(?<![\\d.])${min}\\s*(?:to|and|[-–—])\\s*${max}(?![\\d.]\\d)`, "g");
  return (reply) => {
    // What a reasoning model weighs up before it answers is no rating either.
    const answer = (withoutThoughts(reply) ?? "").replaceAll(scale, " ");
    for (const match of answer.matchAll(expression)) {
      const text = match[1] ?? match[0];
      const rating = Number(text);
      if (text.trim() !== "" && rating >= min && rating <= max) return rating;
    }
    return null;
  };
}
