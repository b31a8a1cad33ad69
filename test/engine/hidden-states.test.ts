import { afterAll, describe, expect, test } from "vitest";
import {
  createGenerator,
  type Generator,
  initAdapter,
  loadAdapter,
  loadCheckpoint,
  mergeAdapter,
  openGenerator,
} from "../../src/engine/index.js";
import { UserError } from "../../src/errors.js";
import { type HiddenModel, hasHiddenStates, type Message, openEmbedded } from "../../src/models/index.js";
import { packageFile } from "../../src/package-root.js";
import { stream } from "../../src/random.js";
import { fixture, json, largestDifference, tensors } from "./reference.js";

// Values from transformers: test/reference/make_hidden_fixtures.py.

type Pair = [number[], number[]];
type Cases = {
  chats: { messages: Message[]; reply: string }[];
  tokens: Pair[];
  families: Record<string, Pair[]>;
};
const { chats, tokens, families } = json<Cases>("hidden/cases");
const open: { release: () => Promise<void> }[] = [];
afterAll(async () => {
  for (const one of open) await one.release();
});
const kept = <T extends { release: () => Promise<void> }>(one: T): T => {
  open.push(one);
  return one;
};

async function expectAsInTransformers(generator: Generator, sequences: readonly Pair[], name: string) {
  const values = await tensors(`hidden/${name}`);
  const layers = Array.from({ length: generator.layers }, (_, at) => at + 1);
  expect(values.size).toBe(2 * layers.length * sequences.length);
  const asked = sequences.flatMap(([prompt, reply], index) =>
    layers.flatMap((layer) => [
      { name: `${index}.${layer}.prompt`, request: { ids: prompt, layer, from: prompt.length - 1 } },
      {
        name: `${index}.${layer}.reply`,
        request: { ids: [...prompt, ...reply], layer, from: prompt.length },
      },
    ]),
  );
  const found = await generator.hidden(asked.map(({ request }) => request));
  for (const [at, one] of asked.entries()) {
    const expected = values.get(one.name)!.data;
    const scale = Math.max(...expected.map(Math.abs));
    expect(largestDifference(found[at]!, expected) / scale, `${name} ${one.name}`).toBeLessThan(2e-5);
  }
}

describe("hidden states agree with transformers at every layer", () => {
  test("of models/minnow, through our own template and tokenizer", async () => {
    const model = kept(await openEmbedded({ checkpoint: packageFile("models/minnow/1"), adapter: null }));
    expect(
      chats.map(({ messages, reply }) => [
        model.tokenizer.encodeChat(messages, { addGenerationPrompt: true }),
        model.tokenizer.encode(reply),
      ]),
    ).toStrictEqual(tokens);
    await expectAsInTransformers(model.generator, tokens, "minnow");
    // The same, asked by chats.
    expect(hasHiddenStates(model)).toBe(true);
    const [chat] = chats;
    const [prompt, said] = await (model as HiddenModel).hiddenStates([
      { ...chat!, reply: undefined, layer: 2 },
      { ...chat!, layer: 2 },
    ]);
    const [asked, replied] = tokens[0]!;
    const direct = await model.generator.hidden([
      { ids: asked, layer: 2, from: asked.length - 1 },
      { ids: [...asked, ...replied], layer: 2, from: asked.length },
    ]);
    expect([prompt, said]).toStrictEqual(direct);
    await expect(
      (model as HiddenModel).hiddenStates([{ ...chat!, reply: "", layer: 2 }]),
    ).rejects.toBeInstanceOf(UserError);
  });

  test.each(Object.keys(families))("of a small %s", async (family) => {
    const generator = kept(await createGenerator(await loadCheckpoint(fixture(family))));
    await expectAsInTransformers(generator, families[family]!, family);
  });
});

test("a text's state does not depend on what is read beside it, nor on the layers asked for", async () => {
  const generator = kept(await openGenerator(packageFile("models/minnow/1")));
  const random = stream("hidden/texts");
  const texts = Array.from({ length: 40 }, (_, index) =>
    Array.from({ length: 3 + ((index * 37) % 90) }, () => Math.floor(random() * 800)),
  );
  const requests = texts.flatMap((ids) => [
    { ids, layer: 2, from: ids.length - 1 },
    { ids, layer: 3, from: 0 },
  ]);
  const together = await generator.hidden(requests);
  for (const at of [0, 1, 27, 54, 79])
    expect((await generator.hidden([requests[at]!]))[0], String(at)).toStrictEqual(together[at]);
});

test("an adapter is folded in", async () => {
  const checkpoint = await loadCheckpoint(fixture("llama"));
  const adapter = await loadAdapter(fixture("llama/adapter"));
  const request = [{ ids: [4, 5, 6, 7], layer: 1, from: 0 }];
  const [plain] = await kept(await createGenerator(checkpoint)).hidden(request);
  const [adapted] = await kept(await createGenerator(checkpoint, { adapter })).hidden(request);
  const merged = { ...checkpoint, weights: mergeAdapter(checkpoint, adapter) };
  const [expected] = await kept(await createGenerator(merged)).hidden(request);
  expect(adapted).toStrictEqual(expected);
  expect(largestDifference(adapted!, plain!)).toBeGreaterThan(1e-3);
  // A fresh adapter changes nothing.
  const fresh = initAdapter(checkpoint.config, adapter.config, stream("hidden/adapter"));
  const [same] = await kept(await createGenerator(checkpoint, { adapter: fresh })).hidden(request);
  expect(same).toStrictEqual(plain);
});

test.each([
  ["a layer that is none", { ids: [4], layer: 0, from: 0 }, /layer 0: the model has the layers 1 to 4/],
  ["one behind the last", { ids: [4], layer: 5, from: 0 }, /layers 1 to 4/],
  ["nothing to average", { ids: [4, 5], layer: 1, from: 2 }, /none from 2 on/],
  ["a text beyond the context", { ids: new Array<number>(513).fill(4), layer: 1, from: 0 }, /context of 512/],
  ["a token of another model", { ids: [9999], layer: 1, from: 0 }, /token 9999/],
])("refuses %s", async (_what, request, why) => {
  const generator = kept(await openGenerator(packageFile("models/minnow/1")));
  await expect(generator.hidden([request])).rejects.toThrow(why);
});
