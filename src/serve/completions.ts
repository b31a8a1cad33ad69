import { randomUUID } from "node:crypto";
import type { Context } from "hono";
import { decoderAfter, type TextResult } from "../models/index.js";
import { readBody } from "./body.js";
import { checkLength, draw, roomAfter, usageOf } from "./draw.js";
import { ApiError } from "./errors.js";
import { eventStream } from "./event-stream.js";
import { findModel, type ServedModel, type Serving } from "./models.js";
import { type CompletionBody, parseCompletion } from "./requests.js";
import { completionLogprobs, type ScoredTokens, shownTokens, withEnd } from "./token-table.js";

/** A prompt, with its text and its own log-probabilities where they are to be shown. */
type Prompt = { ids: number[]; text: string; scored: ScoredTokens | null };

/** POST /v1/completions. */
export async function completions(context: Context, { models, onError }: Serving): Promise<Response> {
  const body = parseCompletion(await readBody(context));
  const served = findModel(models, body.model);
  checkLength(
    served,
    body.prompt.flatMap((prompt) => (typeof prompt === "string" ? [prompt] : [])),
  );
  const prompts = await Promise.all(body.prompt.map((prompt) => readPrompt(served, body, prompt)));
  const head = {
    id: `cmpl-${randomUUID()}`,
    object: "text_completion",
    created: Math.floor(Date.now() / 1000),
    model: served.id,
  };
  const choices = prompts.flatMap((prompt, at) =>
    Array.from({ length: body.n }, (_, choice) => ({ index: at * body.n + choice, choice, prompt })),
  );
  type Choice = (typeof choices)[number];
  const answer = async ({ choice, prompt }: Choice, signal: AbortSignal, onText?: (piece: string) => void) =>
    body.max_tokens === 0
      ? NOTHING
      : await draw(served, { ...settingsOf(body), ids: prompt.ids, choice, signal, onText });
  const promptTokens = prompts.reduce((sum, { ids }) => sum + ids.length, 0);

  if (!body.stream) {
    const { signal } = context.req.raw;
    const results = await Promise.all(choices.map((choice) => answer(choice, signal)));
    return context.json({
      ...head,
      choices: results.map((result, i) => {
        const { index, prompt } = choices[i]!;
        return {
          index,
          text: prompt.text + result.text,
          finish_reason: result.finishReason,
          logprobs: logprobsOf(served, body, prompt, result),
        };
      }),
      usage: usageOf(promptTokens, results),
    });
  }

  return eventStream(context, onError, async (send, signal) => {
    const results = await Promise.all(
      choices.map(async (choice) => {
        const { index, prompt } = choice;
        const tell = (text: string, rest: object = {}) =>
          send({ ...head, choices: [{ index, text, finish_reason: null, logprobs: null, ...rest }] });
        if (body.echo) tell(prompt.text);
        const result = await answer(choice, signal, tell);
        tell("", { finish_reason: result.finishReason, logprobs: logprobsOf(served, body, prompt, result) });
        return result;
      }),
    );
    if (body.stream_options?.include_usage)
      send({ ...head, choices: [], usage: usageOf(promptTokens, results) });
  });
}

const NOTHING: TextResult = { text: "", ids: [], logprobs: [], alternatives: [], finishReason: "length" };

function settingsOf(body: CompletionBody) {
  return {
    maxTokens: body.max_tokens,
    temperature: body.temperature,
    topP: body.top_p,
    seed: body.seed,
    stops: body.stop,
    alternatives: body.logprobs ?? 0,
    continues: true,
  };
}

async function readPrompt(
  served: ServedModel,
  { echo, logprobs, max_tokens }: CompletionBody,
  prompt: string | number[],
): Promise<Prompt> {
  const { tokenizer, score } = served.engine;
  const ids = typeof prompt === "string" ? tokenizer.encode(prompt, { addSpecialTokens: true }) : prompt;
  if (ids.length === 0) throw new ApiError("prompt: a prompt needs at least one token", { param: "prompt" });
  if (max_tokens > 0) roomAfter(served, ids);
  if (!echo) return { ids, text: "", scored: null };
  const text = typeof prompt === "string" ? prompt : tokenizer.decode(prompt);
  if (logprobs === null || logprobs === undefined) return { ids, text, scored: null };
  const own = await score({ prompt: ids.slice(0, 1), completion: ids.slice(1), alternatives: logprobs });
  const scored = {
    ids,
    logprobs: [null, ...own.logprobs],
    alternatives: [[], ...own.alternatives],
  };
  return { ids, text, scored };
}

function logprobsOf(
  { engine: { tokenizer } }: ServedModel,
  { logprobs, stop }: CompletionBody,
  { ids, text, scored }: Prompt,
  result: TextResult,
) {
  if (logprobs === null || logprobs === undefined) return null;
  const shown = stop.length > 0 ? shownTokens(decoderAfter(tokenizer, ids), result) : result;
  const drawn = withEnd(shown, result.end);
  if (!scored) return completionLogprobs(tokenizer, drawn, { before: ids, text: result.text });
  const all = {
    ids: [...scored.ids, ...drawn.ids],
    logprobs: [...scored.logprobs, ...drawn.logprobs],
    alternatives: [...scored.alternatives, ...drawn.alternatives],
  };
  return completionLogprobs(tokenizer, all, { before: [], text: text + result.text });
}
