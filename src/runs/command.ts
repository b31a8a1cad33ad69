import { join, relative, resolve } from "node:path";
import { z } from "zod";
import { type JsonRequest, readJson, type Within, writeJson } from "./disk/index.js";

/** What was given to `candor run` or `candor sweep` beside the scenario: with the same it goes on from a folder. */
export type GivenOptions = { set?: string[]; vary?: string[]; zip?: string[] };

/** `command.json`: what a run or sweep was begun with. */
export type GivenCommand = GivenOptions & {
  /** The scenario's file, from the folder. */
  scenario_file: string;
};

const texts = z.array(z.string()).optional();
const schema = z.object({
  scenario_file: z.string(),
  set: texts,
  vary: texts,
  zip: texts,
}) satisfies z.ZodType<GivenCommand>;

const fileIn = (folder: string): string => join(folder, "command.json");

/** Notes by what command a folder is gone on from. */
export async function writeCommand(
  folder: string,
  { scenarioPath, given }: { scenarioPath: string; given: GivenOptions },
): Promise<void> {
  const scenario_file = relative(resolve(folder), resolve(scenarioPath));
  await writeJson(fileIn(folder), { scenario_file, ...given } satisfies GivenCommand);
}

/** The command that a folder was begun with; undefined where none was (a program may have), or it cannot be read: it is only told. */
export async function readCommand(folder: string, within?: Within): Promise<GivenCommand | undefined> {
  const request: JsonRequest<GivenCommand> = { schema, advice: "delete it", within };
  return await readJson(fileIn(folder), request).catch(() => undefined);
}
