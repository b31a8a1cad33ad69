import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import { errorBody, toApiError } from "./errors.js";

/**
 * Answers with server-sent events as OpenAI does: one JSON object an event, `[DONE]` at the end. A failure after the first
 * event becomes an event with the error's body. `signal` is aborted when the client goes away.
 */
export function eventStream(
  context: Context,
  onError: (error: unknown) => void,
  write: (send: (event: object) => void, signal: AbortSignal) => Promise<void>,
): Response {
  return streamSSE(context, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => gone.abort(new Error("the client has gone")));
    // Events are queued in order; a slow client does not hold up the batch.
    let last: Promise<void> = Promise.resolve();
    const event = (data: string): void => {
      last = last.then(() => stream.writeSSE({ data }));
    };
    try {
      await write((data) => event(JSON.stringify(data)), gone.signal);
      event("[DONE]");
    } catch (error) {
      const answer = toApiError(error);
      if (!gone.signal.aborted) {
        if (answer.status >= 500) onError(error);
        event(JSON.stringify(errorBody(answer)));
      }
    }
    await last;
  });
}
