import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { deleteRun, doomedIn, label } from "../../../runs/index.js";
import type { Doomed, RunLabels } from "../../api.js";
import { folderOf, type Parts } from "../parts.js";
import * as ask from "../requests.js";

/** How people keep runs and sweeps in order: names, tags, notes, the archive, and deleting. */
export function orderRoutes(parts: Parts) {
  return new Hono()
    .post("/labels", ask.body(ask.labels), async (context) => {
      const { run, name, tags, note, archived } = context.req.valid("json");
      const folder = await folderOf(parts, run);
      const sweep = (await parts.library.find(run))?.sweep ?? null;
      if (sweep !== null)
        throw new HTTPException(400, {
          message: `${run} belongs to the sweep ${sweep}; give the labels to that`,
        });
      const labels: RunLabels = await label(folder, () => ({
        tags: [...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== ""))],
        ...(name.trim() === "" ? {} : { name }),
        ...(note.trim() === "" ? {} : { note }),
        ...(archived ? { archived: true as const } : {}),
      }));
      return context.json(labels);
    })
    .get("/doomed", ask.query(ask.one), async (context) => {
      const { files, bytes } = await doomedIn(await folderOf(parts, context.req.valid("query").run));
      return context.json({ files, bytes } satisfies Doomed);
    })
    .post("/delete", ask.body(ask.deletion), async (context) => {
      const { run, files, bytes } = context.req.valid("json");
      const folder = await folderOf(parts, run);
      const doomed = await doomedIn(folder);
      // What has changed since was not what the reader agreed to.
      if (doomed.files !== files || doomed.bytes !== bytes)
        throw new HTTPException(409, { message: `${run} has changed meanwhile; look at it again` });
      await deleteRun(folder);
      return context.json({ deleted: run });
    });
}
