import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { UserError } from "../errors.js";
import type { Message } from "../models/message.js";
import type { Persona, User } from "../population/types.js";
import { packFolder, packNames, shownPath } from "../scenario/index.js";
import {
  check,
  didYouMean,
  type Problem,
  readChecked,
  readYaml,
  reportProblems,
  type YamlFile,
} from "../yaml/index.js";
import { packSchema, promptsFileSchema, type promptVariables, situationFileSchema } from "./schema.js";
import { compileTemplate } from "./template.js";
import type { Situation, SituationPack } from "./types.js";
import { withUsers } from "./users-file.js";

type PackFile = z.output<typeof packSchema>;

/**
 * Loads a situation pack: `situations/<name>/pack.yaml` and the situations in all other `.yaml` files of that folder, in
 * the order of their names; then the users in `users.jsonl`, unless `written` is false. Looks beside the scenario first,
 * then among the shipped ones. Prompts in the file `prompts` stand in for the pack's. Throws a UserError with every problem
 * of every file.
 */
export function loadPack(
  name: string,
  scenarioPath: string,
  { written = true, prompts }: { written?: boolean; prompts?: string } = {},
): SituationPack {
  const folder = packFolder(name, scenarioPath);
  if (folder === null) {
    throw new UserError(`unknown situation pack "${name}"${didYouMean(name, packNames(scenarioPath))}`);
  }
  const packPath = shownPath(join(folder, "pack.yaml"));
  const pack = readChecked(packSchema, packPath);
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml") && file !== "pack.yaml");
  const situations = [
    ...pack.situations,
    ...readSituations(files.sort().map((file) => shownPath(join(folder, file)))),
  ];
  if (pack.name !== name)
    throw new UserError(`${packPath} name: expected the folder's name ${name}, found ${pack.name}`);
  if (situations.length === 0) {
    throw new UserError(
      `${packPath}: no situations; list them under situations: or in further files of the folder`,
    );
  }
  failOnRepeated(situations, packPath);
  const users = shownPath(join(folder, "users.jsonl"));
  const own = prompts === undefined ? {} : readChecked(promptsFileSchema, prompts);
  return compilePack(
    { ...pack, prompts: { ...pack.prompts, ...own } },
    written ? withUsers(situations, users) : situations,
  );
}

function readSituations(paths: string[]): Situation[] {
  const complaints: string[] = [];
  const situations = paths.flatMap((path) => {
    try {
      const file: YamlFile = readYaml(path);
      const { data, problems } = check(situationFileSchema, file.value);
      if (data !== undefined) return Array.isArray(data) ? data : [data];
      complaints.push(reportProblems(file, problems satisfies Problem[]));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      complaints.push(error.message);
    }
    return [];
  });
  if (complaints.length > 0) throw new UserError(complaints.join("\n"));
  return situations;
}

function failOnRepeated(situations: readonly Situation[], packPath: string): void {
  const seen = new Set<string>();
  for (const { id } of situations) {
    if (seen.has(id))
      throw new UserError(`${packPath}: two situations have the id ${id}; ids are unique in a pack`);
    seen.add(id);
  }
}

/** Turns a pack's templates and rating pattern into functions. */
export function compilePack(pack: PackFile, situations: readonly Situation[]): SituationPack {
  const byId = new Map(situations.map((situation) => [situation.id, situation]));
  const prompt = (source: string) => {
    const render = compileTemplate<Record<(typeof promptVariables)[number], string>>(source);
    return (user: User, persona: Persona): string => {
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
      });
    };
  };
  const transcript = compileTemplate<{ messages: readonly Message[] }>(pack.prompts.transcript);
  return {
    name: pack.name,
    situations,
    prompts: {
      assistant: prompt(pack.prompts.assistant),
      user: prompt(pack.prompts.user),
      rater: prompt(pack.prompts.rater),
      transcript: (messages) => transcript({ messages }),
    },
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

function ratingReader({ pattern, min, max }: PackFile["rating"]): (reply: string) => number | null {
  const expression = new RegExp(pattern, "g");
  // Models like to repeat the scale ("from 1 to 10 I give it a 7"): its lower end is no rating.
  const scale = new RegExp(`(?<![\\d.])${min}\\s*(?:to|and|[-–—])\\s*${max}(?![\\d.]\\d)`, "g");
  return (reply) => {
    // What a reasoning model weighs up before it answers is no rating either.
    const answer = reply.replace(/<think>[\s\S]*?(?:<\/think>|$)/giu, " ").replaceAll(scale, " ");
    for (const match of answer.matchAll(expression)) {
      const text = match[1] ?? match[0];
      const rating = Number(text);
      if (text.trim() !== "" && rating >= min && rating <= max) return rating;
    }
    return null;
  };
}
