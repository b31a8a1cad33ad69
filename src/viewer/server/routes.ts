import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { stream, streamSSE } from "hono/streaming";
import { UserError } from "../../errors.js";
import type { Catalogue, RunView } from "../api.js";
import type { Chat } from "../chat/index.js";
import { openComparer } from "../compare/index.js";
import { queryConversations, readConversation, readFacets } from "../conversations/index.js";
import { type FoundRun, type Library, readRunView } from "../folder/index.js";
import type { IndexStore } from "../lines/index.js";
import { readProbe, readProbeTable, searchProbes } from "../probes/index.js";
import { checkDraft, formFacts, type Jobs } from "../start/index.js";
import { type Access, guard } from "./access.js";
import { type Follower, follower } from "./follow.js";
import * as ask from "./requests.js";
import { staticFiles } from "./static.js";

export type Parts = {
  access: Access;
  library: Library;
  indices: IndexStore;
  chat: Chat;
  jobs: Jobs;
  /** Pause between two looks at the disk, in ms. */
  everyMs: number;
};

const MAX_BODY = 1024 * 1024;
const KEEP_ALIVE_MS = 15_000;

/** Everything that can be asked of the server. */
export function routes({ access, library, indices, chat, jobs, everyMs }: Parts): Hono {
  const app = new Hono();
  const comparer = openComparer(indices);
  const catalogue = follower<Catalogue>(library.list, everyMs);
  const runs = new Map<string, Follower<RunView>>();

  const runOf = async (context: Context): Promise<FoundRun> => {
    const id = context.req.query("run") ?? "";
    const run = await library.find(id);
    if (!run) throw new HTTPException(404, { message: `there is no run ${id}` });
    return run;
  };

  app.use(contentPolicy);
  app.use(
    secureHeaders({
      xFrameOptions: "DENY",
      referrerPolicy: "no-referrer",
      // The server speaks plain HTTP on purpose: a browser must not be told otherwise.
      strictTransportSecurity: false,
    }),
  );
  app.use(guard(access));
  app.use(bodyLimit({ maxSize: MAX_BODY }));
  app.onError((error, context) => {
    if (error instanceof HTTPException) return context.json({ error: error.message }, error.status);
    return context.json({ error: error.message }, error instanceof UserError ? 400 : 500);
  });

  app.get("/api/catalogue", async (context) => context.json(await library.list()));
  app.get("/api/run", async (context) => context.json(await readRunView(await runOf(context), indices)));

  app.get("/api/facets", async (context) => context.json(await readFacets(await runOf(context), indices)));
  app.get("/api/conversations", async (context) => {
    const run = await runOf(context);
    const query = context.req.query();
    const page = { ...ask.page(query), signal: context.req.raw.signal };
    return context.json(await queryConversations(run, ask.filter(query), page, indices));
  });
  app.get("/api/conversation", async (context) => {
    const run = await runOf(context);
    const found = await readConversation(run, ask.conversation(context.req.query()), indices);
    if (!found) throw new HTTPException(404, { message: "there is no such conversation" });
    return context.json(found);
  });

  app.get("/api/probes", async (context) =>
    context.json(await readProbeTable(await runOf(context), indices)),
  );
  app.get("/api/probes/search", async (context) => {
    const run = await runOf(context);
    const text = context.req.query("text") ?? "";
    return context.json(await searchProbes(run, text, indices, context.req.raw.signal));
  });
  app.get("/api/probe", async (context) => {
    const run = await runOf(context);
    return context.json(await readProbe(run, ask.probe(context.req.query()), indices));
  });

  app.get("/api/compare", async (context) => {
    const ids = context.req.queries("run") ?? [];
    const found = (await Promise.all(ids.map((id) => library.runsOf(id)))).flat();
    if (found.length === 0) throw new HTTPException(404, { message: "none of these runs exists" });
    return context.json(await comparer.compare(found, ask.comparison(context.req.query())));
  });
  app.get("/api/figure/:name", (context) => {
    const svg = comparer.figure(context.req.param("name").replace(/\.svg$/u, ""));
    if (svg === undefined) throw new HTTPException(404, { message: "this figure is no longer kept" });
    return context.body(svg, 200, {
      "content-type": "image/svg+xml",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      "cache-control": "private, max-age=31536000, immutable",
    });
  });
  app.get("/api/report", async (context) => {
    const folder = await library.folderOf(context.req.query("run") ?? "");
    const html = folder && (await readFile(join(folder, "report.html"), "utf8").catch(() => undefined));
    if (html === undefined) throw new HTTPException(404, { message: "no report has been written" });
    // The report brings a stricter policy of its own.
    return context.body(html, 200, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": "sandbox allow-scripts allow-downloads",
    });
  });

  app.get("/api/form", (context) => context.json(formFacts(library.folder)));
  app.post("/api/draft", async (context) =>
    context.json(checkDraft(library.folder, ask.draft(await body(context)))),
  );
  app.get("/api/jobs", (context) => context.json(jobs.list()));
  app.post("/api/jobs", async (context) => {
    const { kind, yaml } = ask.start(await body(context));
    return context.json(jobs.start(kind, yaml), 201);
  });
  app.post("/api/jobs/:id/stop", (context) =>
    context.json({ stopping: jobs.stop(Number(context.req.param("id"))) }),
  );

  app.post("/api/chat", async (context) => {
    const request = ask.chat(await body(context));
    const run = await library.find(request.run);
    if (!run) throw new HTTPException(404, { message: `there is no run ${request.run}` });
    context.header("content-type", "application/x-ndjson; charset=utf-8");
    return stream(context, async (out) => {
      const left = new AbortController();
      out.onAbort(() => left.abort());
      for await (const piece of chat.reply(run, request, left.signal))
        await out.write(`${JSON.stringify(piece)}\n`);
    });
  });

  app.get("/api/events", async (context) => {
    const id = context.req.query("run");
    if (id === undefined) return follow(context, catalogue);
    const run = await runOf(context);
    const known = runs.get(id) ?? follower(() => readRunView(run, indices), everyMs);
    runs.set(id, known);
    return follow(context, known);
  });

  app.use(staticFiles());
  app.notFound((context) => context.json({ error: "there is nothing at this address" }, 404));
  return app;
}

/**
 * What a page of ours may load: itself, and nothing else. Trusted types with no policy let browsers that know them refuse
 * every way from text to markup, so that nobody takes one by mistake. Answers with another policy of their own keep it.
 */
const contentPolicy: MiddlewareHandler = async (context, next) => {
  await next();
  const { res } = context;
  if (res.headers.has("content-security-policy")) return;
  res.headers.set(
    "content-security-policy",
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
      "require-trusted-types-for 'script'; trusted-types 'none'",
  );
};

/** Sends a subject's states as server-sent events until the reader leaves. */
function follow<T>(context: Context, subject: Follower<T>) {
  return streamSSE(context, async (out) => {
    const send = (event: string, data: unknown) => void out.writeSSE({ event, data: JSON.stringify(data) });
    const stop = subject.follow(
      (state) => send("state", state),
      (error) => send("problem", { error: error.message }),
    );
    out.onAbort(stop);
    // Proxies close what is silent.
    while (!out.aborted && !out.closed) {
      await out.sleep(KEEP_ALIVE_MS);
      await out.write(": here\n\n");
    }
    stop();
  });
}

async function body(context: Context): Promise<unknown> {
  if (!context.req.header("content-type")?.startsWith("application/json"))
    throw new HTTPException(415, { message: "expected application/json" });
  return await context.req.json();
}
