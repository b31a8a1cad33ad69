import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { z } from "zod";
import { complaints } from "../complaints.js";
import { mistaken, UserError } from "../errors.js";
import { ofFieldNow, packFolder, packNames, refusal } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";
import {
  compilePack,
  packSchema,
  promptsFileSchema,
  type Situation,
  type SituationPack,
  situationFileSchema,
  withUsers,
} from "../situation/index.js";
import { didYouMean, readChecked } from "../yaml/index.js";
import { hashPath } from "./hash.js";
import type { Loaded } from "./types.js";

type Prompts = z.output<typeof promptsFileSchema>;

export type PackOptions = {
  /** Whether users that a model wrote (`users.jsonl`) count; true if absent. */
  written?: boolean;
  /** A file of prompts that stand in for the pack's own, as the scenario names it: beside the scenario. */
  prompts?: string;
};
/**
 * Loads a situation pack: `situations/<name>/pack.yaml` and the situations in all other `.yaml` files of that folder, in
 * the order of their names; then the users in `users.jsonl`. Looks beside the scenario first, then among the shipped ones.
 * Throws a UserError with every problem of every file.
 */
export async function loadPack(
  name: string,
  scenarioPath: string,
  { written = true, prompts }: PackOptions = {},
): Promise<Loaded<SituationPack>> {
  const folder = packFolder(name, scenarioPath);
  if (folder === null) {
    throw new UserError(`unknown situation pack "${name}"${didYouMean(name, packNames(scenarioPath))}`);
  }
  const own = prompts === undefined ? null : shownPath(resolve(dirname(scenarioPath), prompts));
  const readPrompts = (path: string) =>
    ofFieldNow({ scenarioPath, field: ["prompts"], value: prompts }, () =>
      readChecked(promptsFileSchema, path),
    );
  return {
    value: readPack(folder, { written, prompts: own === null ? undefined : () => readPrompts(own) }),
    inputs: {
      situations: await hashPath(folder),
      ...(own === null ? {} : { [`prompts ${prompts}`]: await hashPath(own) }),
    },
  };
}

/**
 * The pack in a folder of any name and place, with the prompts that are read in place of its own. Throws a UserError
 * with every problem of every file.
 */
export function readPack(
  folder: string,
  { written = true, prompts }: { written?: boolean; prompts?: () => Prompts } = {},
): SituationPack {
  const packPath = shownPath(join(folder, "pack.yaml"));
  const name = basename(resolve(folder));
  const wrong = complaints();
  const pack = wrong.attempt(() => readChecked(packSchema, packPath));
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml") && file !== "pack.yaml");
  const further = files
    .sort()
    .flatMap((file) => wrong.attempt(() => readSituations(shownPath(join(folder, file)))) ?? []);
  const own = wrong.attempt(() => prompts?.() ?? {});
  const situations = [...(pack?.situations ?? []), ...further];
  wrong.attempt(() => {
    if (pack && pack.name !== name)
      throw refusal(
        { scenarioPath: packPath, field: ["name"] },
        `expected the folder's name ${name}, found ${pack.name}`,
      );
  });
  wrong.attempt(() => failOnRepeated(situations, packPath));
  // Users belong to situations: where one of those could not be read, theirs would seem lost.
  wrong.end(packPath);
  if (situations.length === 0) {
    throw new UserError(
      `${packPath}: no situations; list them under situations: or in further files of the folder`,
    );
  }
  const users = shownPath(join(folder, "users.jsonl"));
  return compilePack(
    { ...pack!, prompts: { ...pack!.prompts, ...own } },
    written ? withUsers(situations, users) : situations,
  );
}

/** A file of one situation or a list of them. Throws a UserError with every problem. */
export function readSituations(path: string): Situation[] {
  const data = readChecked(situationFileSchema, path);
  return Array.isArray(data) ? data : [data];
}

function failOnRepeated(situations: readonly Situation[], packPath: string): void {
  const seen = new Set<string>();
  for (const { id } of situations) {
    if (seen.has(id))
      throw mistaken({ file: packPath, what: `two situations have the id ${id}; ids are unique in a pack` });
    seen.add(id);
  }
}
