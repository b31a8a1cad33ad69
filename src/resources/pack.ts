import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../errors.js";
import { packFolder, packNames, shownPath } from "../scenario/index.js";
import {
  compilePack,
  packSchema,
  promptsFileSchema,
  type Situation,
  type SituationPack,
  situationFileSchema,
  withUsers,
} from "../situation/index.js";
import {
  check,
  didYouMean,
  type Problem,
  readChecked,
  readYaml,
  reportProblems,
  type YamlFile,
} from "../yaml/index.js";
import { hashPath } from "./hash.js";
import type { Loaded } from "./types.js";

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
  const promptsPath = prompts === undefined ? null : shownPath(resolve(dirname(scenarioPath), prompts));
  const own = promptsPath === null ? {} : readChecked(promptsFileSchema, promptsPath);
  const users = shownPath(join(folder, "users.jsonl"));
  return {
    value: compilePack(
      { ...pack, prompts: { ...pack.prompts, ...own } },
      written ? withUsers(situations, users) : situations,
    ),
    inputs: {
      situations: await hashPath(folder),
      ...(promptsPath === null ? {} : { [`prompts ${prompts}`]: await hashPath(promptsPath) }),
    },
  };
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
