import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../errors.js";
import { checked } from "../yaml/index.js";
import { readJson, type Within, writeJson } from "./disk/index.js";
import { ownFolder } from "./own-folder.js";

const line = z.string().trim().min(1).max(200);

const labelsSchema = z.object({
  name: line.optional(),
  tags: z.array(line).max(50).default([]),
  note: z.string().max(10_000).optional(),
  archived: z.literal(true).optional(),
});

/** What people call a run or sweep, and say of it. It changes nothing in what was computed. */
export type Labels = z.output<typeof labelsSchema>;

const ADVICE = "mend or delete it; it holds names, tags and notes alone";

const labelsPath = (folder: string): string => join(folder, "labels.json");

/** The labels of a run or sweep; none where nobody gave any. */
export async function readLabels(folder: string, within?: Within): Promise<Labels> {
  const request = { schema: labelsSchema, advice: ADVICE, within };
  return (await readJson(labelsPath(folder), request)) ?? { tags: [] };
}

/** The labels of a run or sweep in a folder that a user names. Throws a UserError where it is none or a link. */
export async function labelsIn(folder: string): Promise<Labels> {
  const { path } = await ownFolder(folder);
  return await readLabels(path, path);
}

/** Changes the labels of a run or sweep. Throws a UserError where the folder is none or a link, or a label is too long. */
export async function label(folder: string, change: (labels: Labels) => Labels): Promise<Labels> {
  const { path } = await ownFolder(folder);
  const labels = checked(
    labelsSchema,
    change(await readLabels(path, path)),
    (problem) => new UserError(`${folder}: ${problem}`),
  );
  await writeJson(labelsPath(path), labels);
  return labels;
}
