import { type Context, Hono } from "hono";
import { streamSSE } from "hono/streaming";
import type { Catalogue, RunView } from "../../api.js";
import { readRunView } from "../../folder/index.js";
import { type Follower, follower } from "../follow.js";
import { type Parts, runOf } from "../parts.js";
import { one, perhaps, query } from "../requests.js";

const KEEP_ALIVE_MS = 15_000;

/** Runs and sweeps, once or as they change. */
export function runRoutes(parts: Parts) {
  const { library, indices, everyMs } = parts;
  const catalogue = follower<Catalogue>(library.list, everyMs);
  const runs = new Map<string, Follower<RunView>>();

  return new Hono()
    .get("/catalogue", async (context) => context.json(await library.list()))
    .get("/run", query(one), async (context) => {
      const { run } = context.req.valid("query");
      return context.json(await readRunView(await runOf(parts, run), indices));
    })
    .get("/events", query(perhaps), async (context) => {
      const { run: id } = context.req.valid("query");
      if (id === undefined) return follow(context, catalogue);
      const run = await runOf(parts, id);
      const known = runs.get(id) ?? follower(() => readRunView(run, indices), everyMs);
      runs.set(id, known);
      return follow(context, known);
    });
}

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
