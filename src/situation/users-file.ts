import { existsSync } from "node:fs";
import { z } from "zod";
import { complaints } from "../complaints.js";
import { mistaken } from "../errors.js";
import { readTextFile } from "../text-file.js";
import { fromLines, readCheckedJson } from "../yaml/index.js";
import { situationSchema } from "./schema.js";
import type { Situation, SituationUser } from "./types.js";

/** A line of the file: a user, and whose. */
export const writtenUserSchema = situationSchema.shape.users.element.extend({
  situation: z.string(),
  call: z.int().nonnegative().optional(),
});

/**
 * The situations of a pack with the users of its `users.jsonl` added, which `candor users generate` writes. Throws a
 * UserError with file and line of every one that is damaged or belongs nowhere.
 */
export function withUsers(situations: readonly Situation[], path: string): Situation[] {
  if (!existsSync(path)) return [...situations];
  const added = new Map<string, SituationUser[]>(situations.map(({ id }) => [id, []]));
  const users = readUsers(path, ({ situation }) => added.has(situation));
  for (const { situation, background, openings } of users)
    added.get(situation)!.push({ background, openings });
  return situations.map((situation) => ({
    ...situation,
    users: [...situation.users, ...added.get(situation.id)!],
  }));
}

/**
 * The users of such a file. Throws a UserError with file and line of every one that is damaged, or that does not belong to the
 * pack where `belongs` says so.
 */
export function readUsers(path: string, belongs: (user: WrittenLine) => boolean = () => true): WrittenLine[] {
  const wrong = complaints();
  const users = fromLines(readTextFile(path), path, wrong, (line, place) => {
    const user = readCheckedJson(writtenUserSchema, line, place, ADVICE);
    if (!belongs(user)) throw mistaken({ ...place, what: `the pack has no situation ${user.situation}` });
    return user;
  });
  wrong.end(path);
  return users;
}

const ADVICE = "mend or delete the line (candor users generate mends a last line that was cut)";

type WrittenLine = z.output<typeof writtenUserSchema>;
