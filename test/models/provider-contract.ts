import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { afterAll, beforeAll, expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import {
  canScore,
  complete,
  describeModel,
  findNamed,
  isEmbedded,
  type Message,
  type ModelFields,
  modelPath,
  openTraffic,
  releaseModel,
  resolveChatModel,
  totalLogprob,
} from "../../src/models/index.js";
import { CODE } from "../permissions.js";

/** A provider at work. */
export type Provided = {
  /** A model of its own, with the fields that it needs. */
  spec: ModelFields;
  /** A name of a model that is not there. */
  missing: ModelFields;
  /** An adapter that the model takes; null where it takes none. */
  adapter: string | null;
};

const hello: Message[] = [
  { role: "system", content: "tell the truth" },
  { role: "user", content: "is the boat safe" },
];
const options = { seed: 7, temperature: 1, maxTokens: 8 };

/** What every provider is held to. `start` gives one at work, `stop` ends what it has started. */
export function providerContract(
  start: () => Promise<Provided>,
  stop: () => Promise<void> = async () => {},
): void {
  let provided: Provided;
  const traffic = openTraffic();
  const opened: BaseChatModel[] = [];
  const open = async (adapter: string | null = null, spec = provided.spec): Promise<BaseChatModel> => {
    const model = await resolveChatModel(spec, {
      adapter,
      role: "assistant",
      traffic,
      permissions: CODE,
    });
    opened.push(model);
    return model;
  };
  beforeAll(async () => {
    provided = await start();
  });
  afterAll(async () => {
    await Promise.all(opened.map(releaseModel));
    await stop();
  });

  test("is found by its models' names, and tells people how they are named", () => {
    const { provider, rest, name } = findNamed(provided.spec)!;
    expect(name).toBe(provided.spec.model);
    expect(name.startsWith(provider.prefix)).toBe(true);
    for (const form of provider.forms) expect(form.startsWith(provider.prefix)).toBe(true);
    expect(findNamed(provider.prefix) !== null).toBe(provider.bare);
    expect(isEmbedded(provided.spec)).toBe(provider.embedded);
    expect(modelPath(provided.spec)).toBe(provider.path(rest));
  });

  test("describes a model before it is opened", async () => {
    const { language, contextLength, priceName, scores, takesAdapters } = await describeModel(
      provided.spec,
      CODE,
    );
    expect(language).toMatch(/^[a-z]+$/);
    expect(contextLength === null || (Number.isSafeInteger(contextLength) && contextLength > 0)).toBe(true);
    expect(priceName === null || priceName.length > 0).toBe(true);
    // What costs something is not in this process.
    if (isEmbedded(provided.spec)) expect(priceName).toBeNull();
    expect(["yes", "no", "asked"]).toContain(scores);
    expect(takesAdapters).toBe(provided.adapter !== null);
  });

  test("answers in turn, says why the reply ended and what it used", async () => {
    const reply = await complete(await open(), hello, options);
    expect(reply.text.trim()).not.toBe("");
    expect(reply.finish === null || reply.finish.length > 0).toBe(true);
    expect(reply.cut).toBe(reply.finish === "length" || reply.finish === "content_filter");
    if (reply.usage !== null)
      for (const count of Object.values(reply.usage)) expect(Number.isSafeInteger(count)).toBe(true);
  });

  test("is counted under its role and price name, unless it costs nothing in this process", async () => {
    const { priceName } = await describeModel(provided.spec, CODE);
    const calls = () => traffic.usage().assistant?.[priceName ?? provided.spec.model]?.calls ?? 0;
    const before = calls();
    await complete(await open(), hello, options);
    expect(calls() - before).toBe(isEmbedded(provided.spec) ? 0 : 1);
  });

  test("answers many at the same time", async () => {
    const model = await open();
    const replies = await Promise.all(
      Array.from({ length: 12 }, (_, seed) => complete(model, hello, { ...options, seed })),
    );
    for (const { text } of replies) expect(text.trim()).not.toBe("");
  });

  test("is interrupted by a signal, with its reason", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(complete(await open(), hello, { ...options, signal })).rejects.toThrow(/enough|abort/i);
  });

  test("streams what it says", async () => {
    let said = "";
    for await (const piece of await (await open()).stream([["human", "is the boat safe"]]))
      said += piece.text;
    expect(said.trim()).not.toBe("");
  });

  test("scores replies where it says that it does, one for each candidate", async () => {
    const { scores } = await describeModel(provided.spec, CODE);
    const model = await open();
    if (scores !== "asked") expect(canScore(model)).toBe(scores === "yes");
    if (!canScore(model)) return;
    const scored = await model.scoreCompletions(hello, ["yes", "no"]);
    expect(scored).toHaveLength(2);
    for (const one of scored) {
      expect(one.tokens).toHaveLength(one.logprobs.length);
      expect(totalLogprob(one)).toBeLessThanOrEqual(0);
      expect(Number.isFinite(totalLogprob(one))).toBe(true);
    }
  });

  test("puts an adapter on, or refuses it by name", async () => {
    if (provided.adapter === null) await expect(open("/no/such/adapter")).rejects.toThrow(UserError);
    else {
      const { text } = await complete(await open(provided.adapter), hello, options);
      expect(text.trim()).not.toBe("");
    }
  });

  test("refuses what is not there by name", async () => {
    const failed = open(null, provided.missing).then((model) => complete(model, hello, options));
    await expect(failed).rejects.toThrow(/\S/);
  });

  test("refuses fields that its models do not take", async () => {
    const { provider } = findNamed(provided.spec)!;
    const all: Partial<ModelFields> = {
      base_url: "http://localhost:1/v1",
      max_concurrency: 1,
      adapters: "vllm",
      options: {},
    };
    const strange = Object.entries(all).filter(([field]) => !(provider.fields as string[]).includes(field));
    for (const [field, value] of strange)
      await expect(open(null, { ...provided.spec, [field]: value })).rejects.toThrow(`leave ${field} out`);
  });

  test("can be ended twice", async () => {
    const model = await open();
    await releaseModel(model);
    await releaseModel(model);
  });
}
