import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { UserError } from "../errors.js";
import { readCheckedJson } from "../yaml/index.js";
import { situationSchema } from "./schema.js";
import type { Situation, SituationUser } from "./types.js";

/** A line of the file: a user, and whose. */
export const writtenUserSchema = situationSchema.shape.users.element.extend({
  situation: z.string(),
  call: z.int().nonnegative().optional(),
});

/**
 * The situations of a pack with the users of its `users.jsonl` added, which `candor users generate` writes. Throws a
 * UserError with file and line on one that is damaged or belongs nowhere.
 */
export function withUsers(situations: readonly Situation[], path: string): Situation[] {
  if (!existsSync(path)) return [...situations];
  const added = new Map<string, SituationUser[]>(situations.map(({ id }) => [id, []]));
  for (const [index, line] of readFileSync(path, "utf8").split("\n").entries()) {
    if (line.trim() === "") continue;
    const { situation, background, openings } = readCheckedJson(
      writtenUserSchema,
      line,
      { path, line: index + 1 },
      "mend or delete the line (candor users generate mends a last line that was cut)",
    );
    const users = added.get(situation);
    if (!users) throw new UserError(`${path}:${index + 1}: the pack has no situation ${situation}`);
    users.push({ background, openings });
  }
  return situations.map((situation) => ({
    ...situation,
    users: [...situation.users, ...added.get(situation.id)!],
  }));
}
