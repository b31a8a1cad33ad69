import { readFile } from "node:fs/promises";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { called, typed } from "../../../called.js";
import type { Summary } from "../../../report/index.js";
import { isWithin, reportFile, resultFile, resultFiles } from "../../../runs/index.js";
import { shownPath } from "../../../shown-path.js";
import type { Outcome } from "../../api.js";
import { openComparer, openDrawn, openLosses } from "../../compare/index.js";
import { folderOf, type Parts, runOf } from "../parts.js";
import * as ask from "../requests.js";

/** What came out of runs: comparisons, figures and reports. */
export function resultRoutes(parts: Parts) {
  const { library, indices, work } = parts;
  const figures = openDrawn();
  const comparer = openComparer(indices, work, figures);
  const lossesOf = openLosses(figures);
  return new Hono()
    .get("/compare", ask.query(ask.comparison), async (context) => {
      const { run: ids, ...options } = context.req.valid("query");
      const found = (await Promise.all(ids.map((id) => library.runsOf(id)))).flat();
      if (found.length === 0) throw new HTTPException(404, { message: "none of these runs exists" });
      return context.json(await comparer.compare(found, options));
    })
    .get("/figure/:name", (context) => {
      const svg = figures.get(context.req.param("name").replace(/\.svg$/u, ""));
      if (svg === undefined) throw new HTTPException(404, { message: "this figure is no longer kept" });
      return context.body(svg, 200, {
        "content-type": "image/svg+xml",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "cache-control": "private, max-age=31536000, immutable",
      });
    })
    .get("/losses", ask.query(ask.one), async (context) => {
      const run = await runOf(parts, context.req.valid("query").run);
      return context.json({ losses: await lossesOf(run) });
    })
    .get("/outcome", ask.query(ask.one), async (context) => {
      const folder = await folderOf(parts, context.req.valid("query").run);
      return context.json(await readOutcome(folder, library.folder, work));
    })
    .get("/file", ask.query(ask.file), async (context) => {
      const { run, name } = context.req.valid("query");
      const path = resultFile(await folderOf(parts, run), name);
      if (path === undefined || !(await isWithin(library.folder, path)))
        throw new HTTPException(404, { message: `there is no result ${name}` });
      return context.body(new Uint8Array(await readFile(path)), 200, {
        "content-type": "application/octet-stream",
        "content-disposition": `attachment; filename="${name}"`,
      });
    })
    .get("/report", ask.query(ask.one), async (context) => {
      const path = reportFile(await folderOf(parts, context.req.valid("query").run));
      if (path === undefined || !(await isWithin(library.folder, path)))
        throw new HTTPException(404, { message: "no report has been written" });
      // The report brings a stricter policy of its own.
      return context.body(await readFile(path, "utf8"), 200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "sandbox allow-scripts allow-downloads",
      });
    });
}

/** What came out of a run or sweep so far. */
async function readOutcome(folder: string, within: string, work: Parts["work"]): Promise<Outcome> {
  const summary = await work.summary({ folder, within });
  return {
    summary: summary && fromHere(summary, folder),
    report: reportFile(folder) !== undefined,
    files: resultFiles(folder),
    folder,
    called: called(),
  };
}

/** Commands are for the terminal that the view was started from, where a path is shorter. */
function fromHere(summary: Summary, folder: string): Summary {
  const next = summary.headline.next.map((one) => ({
    ...one,
    command: one.command.replaceAll(folder, shownPath(folder)),
  }));
  const failures = summary.headline.failures.map((one) => ({ ...one, log: shownPath(one.log) }));
  return { ...summary, happened: typed(summary.happened), headline: { ...summary.headline, failures, next } };
}
