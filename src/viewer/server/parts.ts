import { HTTPException } from "hono/http-exception";
import type { Chat } from "../chat/index.js";
import type { FoundRun, Library } from "../folder/index.js";
import type { IndexStore } from "../lines/index.js";
import type { Jobs } from "../start/index.js";

/** What the answers to requests are made with. */
export type Parts = {
  library: Library;
  indices: IndexStore;
  chat: Chat;
  jobs: Jobs;
  /** Pause between two looks at the disk, in ms. */
  everyMs: number;
};

/** A run by its id. Throws what becomes a 404 where there is none. */
export async function runOf({ library }: Pick<Parts, "library">, id: string): Promise<FoundRun> {
  const run = await library.find(id);
  if (!run) throw new HTTPException(404, { message: `there is no run ${id}` });
  return run;
}
