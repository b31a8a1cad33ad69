import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Mistake, Place } from "../mistakes.js";
import { shownPath } from "../shown-path.js";
import {
  type Situation,
  type SituationUser,
  situationFileSchema,
  writtenUserSchema,
} from "../situation/index.js";
import { readTextFile } from "../text-file.js";
import { dotted, partAt, readYaml } from "../yaml/index.js";

type Path = readonly (string | number)[];

/** Something that a pack says, and where. */
export type PackText = {
  text: string;
  part: "background" | "benign" | "biased" | "opening";
  /** Of an opening: the thought of who says it. */
  thought?: "benign" | "biased";
  at: () => Place & Pick<Mistake, "field">;
};

/**
 * All that the situations and users in a pack's folder say, with its places. The folder must have been read by `readPack`, which finds
 * what is wrong with it; this finds again where what it read stands.
 */
export function textsOfPack(folder: string): PackText[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml") && file !== "pack.yaml");
  const inYaml = ["pack.yaml", ...files.sort()].flatMap((name) => {
    const file = readYaml(shownPath(join(folder, name)));
    const at = (field: Path) => () => {
      const { line, col } = file.where(field, "value");
      return { file: file.path, line, column: col, field: dotted(field) };
    };
    return situationsIn(name, file.value).flatMap(({ path, situation }) =>
      textsOfSituation(situation, (field) => at([...path, ...field])),
    );
  });
  return [...inYaml, ...textsOfUsers(shownPath(join(folder, "users.jsonl")))];
}

type At = (field: Path) => PackText["at"];

/** The situations of a file with the way to each: a pack's are in a list under a name, of other files the whole may be one. */
function situationsIn(name: string, value: unknown): { path: Path; situation: Situation }[] {
  const path = name === "pack.yaml" ? ["situations"] : [];
  const listed = partAt(value, path) ?? [];
  if (Array.isArray(listed) && listed.length === 0) return [];
  const data = situationFileSchema.parse(listed);
  return Array.isArray(data)
    ? data.map((situation, index) => ({ path: [...path, index], situation }))
    : [{ path, situation: data }];
}

const textsOfSituation = ({ benign, biased, users }: Situation, at: At): PackText[] => [
  { text: benign, part: "benign", at: at(["benign"]) },
  { text: biased, part: "biased", at: at(["biased"]) },
  ...users.flatMap((user, index) => textsOfUser(user, (field) => at(["users", index, ...field]))),
];

const textsOfUser = ({ background, openings }: SituationUser, at: At): PackText[] => [
  { text: background, part: "background", at: at(["background"]) },
  ...(["benign", "biased"] as const).flatMap((thought) =>
    openings[thought].map(
      (text, index): PackText => ({
        text,
        part: "opening",
        thought,
        at: at(["openings", thought, index]),
      }),
    ),
  ),
];

/** Users that a model wrote: one a line. */
function textsOfUsers(file: string): PackText[] {
  if (!existsSync(file)) return [];
  return readTextFile(file)
    .split("\n")
    .flatMap((line, index) => {
      if (line.trim() === "") return [];
      const at: At = (field) => () => ({ file, line: index + 1, field: dotted(field) });
      return textsOfUser(writtenUserSchema.parse(JSON.parse(line)), at);
    });
}
