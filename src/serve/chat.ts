import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import type { TextResult } from "../models/index.js";
import { readBody } from "./body.js";
import { checkLength, draw, roomAfter, usageOf } from "./draw.js";
import { eventStream } from "./event-stream.js";
import { findModel, type ServedModel, type Serving } from "./models.js";
import { type ChatBody, parseChat } from "./requests.js";
import { chatLogprobs, shownTokens } from "./token-table.js";

/** POST /v1/chat/completions. */
export async function chatCompletions(context: Context, { models, onError }: Serving): Promise<Response> {
  const body = parseChat(await readBody(context));
  const served = findModel(models, body.model);
  checkLength(
    served,
    body.messages.map(({ content }) => content),
  );
  const ids = served.engine.tokenizer.encodeChat(body.messages, { addGenerationPrompt: true });
  // Before the first event: a stream that has begun cannot be refused any more.
  roomAfter(served, ids);
  const head = { id: `chatcmpl-${randomUUID()}`, created: Math.floor(Date.now() / 1000), model: served.id };
  const answer = (
    choice: number,
    signal: AbortSignal,
    onText?: (piece: string) => void,
  ): Promise<TextResult> => draw(served, { ...settingsOf(body), ids, choice, signal, onText });
  const choices = Array.from({ length: body.n }, (_, index) => index);

  if (!body.stream) {
    const { signal } = context.req.raw;
    const results = await Promise.all(choices.map((choice) => answer(choice, signal)));
    return context.json({
      ...head,
      object: "chat.completion",
      choices: results.map((result, index) => ({
        index,
        message: { role: "assistant", content: result.text, refusal: null },
        finish_reason: result.finishReason,
        logprobs: logprobsOf(served, body, result),
      })),
      usage: usageOf(ids.length, results),
    });
  }

  const chunk = { ...head, object: "chat.completion.chunk" };
  return eventStream(context, onError, async (send, signal) => {
    const results = await Promise.all(
      choices.map(async (index) => {
        const tell = (delta: object, rest: object = {}) =>
          send({ ...chunk, choices: [{ index, delta, finish_reason: null, logprobs: null, ...rest }] });
        tell({ role: "assistant", content: "" });
        const result = await answer(index, signal, (content) => tell({ content }));
        tell({}, { finish_reason: result.finishReason, logprobs: logprobsOf(served, body, result) });
        return result;
      }),
    );
    if (body.stream_options?.include_usage)
      send({ ...chunk, choices: [], usage: usageOf(ids.length, results) });
  });
}

function settingsOf(body: ChatBody) {
  return {
    maxTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    temperature: body.temperature,
    topP: body.top_p,
    seed: body.seed,
    stops: body.stop,
    alternatives: body.logprobs ? body.top_logprobs : 0,
  };
}

function logprobsOf({ engine: { tokenizer } }: ServedModel, body: ChatBody, result: TextResult) {
  if (!body.logprobs) return null;
  return chatLogprobs(
    tokenizer,
    body.stop.length > 0 ? shownTokens((ids) => tokenizer.decode(ids), result) : result,
  );
}
