import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { openComparer } from "../../compare/index.js";
import type { Parts } from "../parts.js";
import * as ask from "../requests.js";

/** What came out of runs: comparisons, figures and reports. */
export function resultRoutes({ library, indices }: Parts) {
  const comparer = openComparer(indices);
  return new Hono()
    .get("/compare", ask.query(ask.comparison), async (context) => {
      const { run: ids, ...options } = context.req.valid("query");
      const found = (await Promise.all(ids.map((id) => library.runsOf(id)))).flat();
      if (found.length === 0) throw new HTTPException(404, { message: "none of these runs exists" });
      return context.json(await comparer.compare(found, options));
    })
    .get("/figure/:name", (context) => {
      const svg = comparer.figure(context.req.param("name").replace(/\.svg$/u, ""));
      if (svg === undefined) throw new HTTPException(404, { message: "this figure is no longer kept" });
      return context.body(svg, 200, {
        "content-type": "image/svg+xml",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        "cache-control": "private, max-age=31536000, immutable",
      });
    })
    .get("/report", ask.query(ask.one), async (context) => {
      const folder = await library.folderOf(context.req.valid("query").run);
      const html = folder && (await readFile(join(folder, "report.html"), "utf8").catch(() => undefined));
      if (html === undefined) throw new HTTPException(404, { message: "no report has been written" });
      // The report brings a stricter policy of its own.
      return context.body(html, 200, {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "sandbox allow-scripts allow-downloads",
      });
    });
}
