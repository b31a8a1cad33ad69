import { Hono } from "hono";
import { stream } from "hono/streaming";
import { InputError } from "../../../errors.js";
import type { DraftRequest } from "../../api.js";
import { formFacts } from "../../start/index.js";
import { type Parts, runOf } from "../parts.js";
import * as ask from "../requests.js";

/** What the page does beside reading: it writes scenarios, starts and stops runs, and talks with checkpoints. */
export function actionRoutes(parts: Parts) {
  const { library, jobs, chat, checks, permissions } = parts;
  const { folder } = library;
  const check = (request: DraftRequest) => checks.draft({ folder, request, permissions });
  return new Hono()
    .get("/form", async (context) => context.json(await formFacts(folder)))
    .post("/draft", ask.body(ask.draft), async (context) =>
      context.json(await check(context.req.valid("json"))),
    )
    .get("/jobs", (context) => context.json(jobs.list()))
    .post("/jobs", ask.body(ask.start), async (context) => {
      const { kind, yaml } = context.req.valid("json");
      const { problems } = await check({ yaml });
      if (problems.length > 0) throw new InputError(problems.map((what) => ({ what })));
      return context.json(jobs.start(kind, yaml), 201);
    })
    .post("/jobs/:id/stop", (context) =>
      context.json({ stopping: jobs.stop(Number(context.req.param("id"))) }),
    )
    .post("/chat", ask.body(ask.chat), async (context) => {
      const request = context.req.valid("json");
      const run = await runOf(parts, request.run);
      context.header("content-type", "application/x-ndjson; charset=utf-8");
      return stream(context, async (out) => {
        const left = new AbortController();
        out.onAbort(() => left.abort());
        for await (const piece of chat.reply(run, request, left.signal))
          await out.write(`${JSON.stringify(piece)}\n`);
      });
    });
}
