import { HTTPException } from "hono/http-exception";
import type { Permissions } from "../../permissions/index.js";
import type { IndexStore } from "../../runs/index.js";
import type { Chat } from "../chat/index.js";
import type { FoundRun, Library } from "../folder/index.js";
import type { Jobs } from "../start/index.js";
import type { Work } from "../work/index.js";

/** What the answers to requests are made with. */
export type Parts = {
  library: Library;
  indices: IndexStore;
  chat: Chat;
  jobs: Jobs;
  /** Statistics. */
  work: Pick<Work, "pool" | "summary">;
  /** Checks of what was written in the page, for which somebody waits. */
  checks: Pick<Work, "draft">;
  /** What the user lets scenarios do that are written in the page. */
  permissions: Permissions;
  /** Pause between two looks at the disk, in ms. */
  everyMs: number;
};

/** The folder of a run or sweep. Throws what becomes a 404 where there is none of that id. */
export async function folderOf({ library }: Pick<Parts, "library">, id: string): Promise<string> {
  const folder = await library.folderOf(id);
  if (folder === undefined) throw new HTTPException(404, { message: `there is no run or sweep ${id}` });
  return folder;
}

/** A run by its id. Throws what becomes a 404 where there is none. */
export async function runOf({ library }: Pick<Parts, "library">, id: string): Promise<FoundRun> {
  const run = await library.find(id);
  if (!run) throw new HTTPException(404, { message: `there is no run ${id}` });
  return run;
}
