import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { queryConversations, readConversation, readFacets } from "../../conversations/index.js";
import { readProbe, readProbeTable, searchProbes } from "../../probes/index.js";
import { type Parts, runOf } from "../parts.js";
import * as ask from "../requests.js";

/** What was said in a run: conversations and probes. */
export function readingRoutes(parts: Parts) {
  const { indices } = parts;
  return new Hono()
    .get("/facets", ask.query(ask.one), async (context) => {
      const { run } = context.req.valid("query");
      return context.json(await readFacets(await runOf(parts, run), indices));
    })
    .get("/conversations", ask.query(ask.conversations), async (context) => {
      const { run, offset, limit, ...filter } = context.req.valid("query");
      const page = { offset, limit, signal: context.req.raw.signal };
      return context.json(await queryConversations(await runOf(parts, run), filter, page, indices));
    })
    .get("/conversation", ask.query(ask.conversation), async (context) => {
      const { run, ...which } = context.req.valid("query");
      const found = await readConversation(await runOf(parts, run), which, indices);
      if (!found) throw new HTTPException(404, { message: "there is no such conversation" });
      return context.json(found);
    })
    .get("/probes", ask.query(ask.one), async (context) => {
      const { run } = context.req.valid("query");
      return context.json(await readProbeTable(await runOf(parts, run), indices));
    })
    .get("/probes/search", ask.query(ask.search), async (context) => {
      const { run, text } = context.req.valid("query");
      return context.json(await searchProbes(await runOf(parts, run), text, indices, context.req.raw.signal));
    })
    .get("/probe", ask.query(ask.probe), async (context) => {
      const { run, ...which } = context.req.valid("query");
      return context.json(await readProbe(await runOf(parts, run), which, indices));
    });
}
