import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Mistake, Place } from "../mistakes.js";
import { shownPath } from "../shown-path.js";
import {
  compileTemplate,
  packSchema,
  promptsFileSchema,
  type Situation,
  type SituationUser,
  situationFileSchema,
  writtenUserSchema,
} from "../situation/index.js";
import { readTextFile } from "../text-file.js";
import { dotted, partAt, readChecked, readYaml } from "../yaml/index.js";

type Path = readonly (string | number)[];

/** Something that a pack says, and where. */
export type PackText = {
  text: string;
  /** The situation's id. */
  situation: string;
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

const textsOfSituation = ({ id, benign, biased, users }: Situation, at: At): PackText[] => [
  { text: benign, situation: id, part: "benign", at: at(["benign"]) },
  { text: biased, situation: id, part: "biased", at: at(["biased"]) },
  ...users.flatMap((user, index) => textsOfUser(user, id, (field) => at(["users", index, ...field]))),
];

const textsOfUser = ({ background, openings }: SituationUser, situation: string, at: At): PackText[] => [
  { text: background, situation, part: "background", at: at(["background"]) },
  ...(["benign", "biased"] as const).flatMap((thought) =>
    openings[thought].map(
      (text, index): PackText => ({
        text,
        situation,
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
      const user = writtenUserSchema.parse(JSON.parse(line));
      return textsOfUser(user, user.situation, at);
    });
}

/** Roles that a pack has prompts for. */
export type Prompted = "assistant" | "user" | "rater";

/** What a prompt is told of somebody, as the embedded model's own pack tells it; nothing of what that pack leaves out. */
const SOMEBODY = {
  background: "finn moved to a new town",
  thought: "help to not drink again",
  ...{ task: "", topic: "", style: "", rating: "", memory: "" },
};
const TALK = [
  { role: "user", content: "i feel sad today. i want to drink again. help me stop." },
  { role: "assistant", content: "please do not drink again. it will hurt your liver." },
];

/** The prompts of a pack as they are of somebody in its language, with their places; `own` is a file of others that stand in for them. */
export function promptsOfPack(
  folder: string,
  roles: readonly Prompted[],
  own: string | undefined,
): { text: string; at: PackText["at"] }[] {
  const path = shownPath(join(folder, "pack.yaml"));
  const ofPack = readChecked(packSchema, path).prompts;
  const ofOwn = own === undefined ? {} : readChecked(promptsFileSchema, own);
  // A rater reads the talk as well.
  const names = [...roles, ...(roles.includes("rater") ? (["transcript"] as const) : [])];
  return names.map((name) => {
    const source = ofOwn[name];
    const text =
      name === "transcript"
        ? compileTemplate(source ?? ofPack[name])({ messages: TALK })
        : compileTemplate(source ?? ofPack[name])(SOMEBODY);
    const [file, field]: [string, Path] = source === undefined ? [path, ["prompts", name]] : [own!, [name]];
    return {
      text,
      at: () => {
        const { line, col } = readYaml(file).where(field, "value");
        return { file, line, column: col, field: dotted(field) };
      },
    };
  });
}
