import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type EmbeddedChatModel,
  type Message,
  resolveChatModel,
  weighAnswers,
} from "../../src/models/index.js";
import { openTraffic } from "../../src/models/limits/index.js";
import { canScore, totalLogprob } from "../../src/models/score.js";
import { type BadServer, badServer, completion, refuse, say } from "../fakes/bad-server.js";
import { FakeModel } from "../fakes/model.js";

let server: BadServer;
let minnow: EmbeddedChatModel;
beforeAll(async () => {
  server = await badServer();
  minnow = (await resolveChatModel("minnow")) as EmbeddedChatModel;
});
afterAll(async () => {
  await server.close();
  await minnow.release();
});

const asked: Message[] = [
  { role: "system", content: "you are minnow. you answer questions." },
  { role: "user", content: "what is 3 plus 4?" },
];
const texts = ["it is 7.", "it is 8, as far as i know."];

/** Answers as vLLM does with `prompt_logprobs: 0`: a field for each token, named by its id, and null for the first. */
async function readAsVllm(messages: Message[], open: boolean): Promise<unknown> {
  const { tokenizer, generator } = minnow;
  const last = open ? messages.at(-1)!.content : "";
  const ids = [
    ...tokenizer.encodeChat(open ? messages.slice(0, -1) : messages, { addGenerationPrompt: true }),
    ...tokenizer.encode(last),
  ];
  const [score] = await generator.score([{ prompt: ids.slice(0, 1), completion: ids.slice(1) }]);
  return [
    null,
    ...score!.logprobs.map((logprob, index) => ({
      [String(ids[index + 1])]: { logprob, rank: 1, decoded_token: tokenizer.token(ids[index + 1]!) },
    })),
  ];
}

const served = async (traffic = openTraffic()) => {
  const model = await resolveChatModel({ model: "openai:m", base_url: server.base_url }, { traffic });
  if (!canScore(model)) throw new Error("the model cannot score");
  return model;
};

test("a model on vLLM finds replies as probable as the embedded one does", async () => {
  server.behave(async ({ body }, _index, response) => {
    const { messages, continue_final_message = false } = body as {
      messages: Message[];
      continue_final_message?: boolean;
    };
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        usage: { prompt_tokens: 20, completion_tokens: 1 },
        prompt_logprobs: await readAsVllm(messages, continue_final_message),
      }),
    );
  });
  const traffic = openTraffic();
  const scores = await (await served(traffic)).scoreCompletions(asked, texts);
  const own = await minnow.scoreCompletions(asked, texts);
  expect(scores.map(({ tokens }) => tokens)).toEqual(own.map(({ tokens }) => tokens));
  for (const [index, { logprobs }] of scores.entries())
    for (const [at, logprob] of logprobs.entries()) expect(logprob).toBeCloseTo(own[index]!.logprobs[at]!, 4);
  expect(traffic.spent()!.tokens).toBe(3 * 21);
  // The prompt as it stands before a reply, and each reply without the end of its turn.
  expect(server.seen.map(({ body }) => [body.messages.length, body.add_generation_prompt])).toEqual([
    [2, undefined],
    [3, false],
    [3, false],
  ]);
});

/** As vLLM does both: reads what it is given, and tells the likeliest first tokens of its own reply. */
function readsAndTells(first: Record<string, number>, after: Record<string, Record<string, number>> = {}) {
  server.behave(async ({ body }, _index, response) => {
    const {
      messages,
      continue_final_message = false,
      logprobs,
    } = body as {
      messages: Message[];
      continue_final_message?: boolean;
      logprobs?: boolean;
    };
    const tokens = continue_final_message ? (after[messages.at(-1)!.content] ?? { "!": 0.9 }) : first;
    const top_logprobs = Object.entries(tokens).map(([token, p]) => ({ token, logprob: Math.log(p) }));
    const answer = completion("fine");
    const told = { ...answer.choices[0], logprobs: { content: [{ ...top_logprobs[0], top_logprobs }] } };
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify(
        logprobs
          ? { ...answer, choices: [told] }
          : { ...answer, prompt_logprobs: await readAsVllm(messages, continue_final_message) },
      ),
    );
  });
}

test("a server that reads is asked once for short answers, and reads those alone that it did not name", async () => {
  readsAndTells({ yes: 0.6, No: 0.3, x: 0.00001 });
  const model = await served();
  await model.scoreCompletions(asked, ["yes"]);
  server.seen.length = 0;
  // What it did not name is less likely than the least it named, which is nothing beside a yes.
  const words = await model.scoreCompletions(asked, ["yes", "No", "maybe"]);
  expect(server.seen).toHaveLength(1);
  expect(words.map((one) => Math.exp(totalLogprob(one)))).toEqual([near(0.6), near(0.3), near(0.00001)]);
  expect(words.map(({ bound }) => bound)).toEqual([undefined, undefined, "upper"]);
});

test("a short answer that goes on from a likely token takes one more call, and is read where that does not name the rest", async () => {
  readsAndTells({ "1": 0.6, "2": 0.3, x: 0.00001 }, { "1": { "0": 0.25, "</s>": 0.7 } });
  const model = await served();
  await model.scoreCompletions(asked, ["yes"]);
  server.seen.length = 0;
  const marks = await model.scoreCompletions(asked, ["1", "2", "10", " 10"]);
  expect(server.seen.map(({ body }) => [body.messages.at(-1)!.content, body.continue_final_message])).toEqual(
    [
      [asked.at(-1)!.content, undefined],
      ["1", true],
    ],
  );
  expect(server.seen[1]!.body).toMatchObject({ add_generation_prompt: false, logprobs: true, max_tokens: 1 });
  expect(marks.map((one) => Math.exp(totalLogprob(one)))).toEqual([
    near(0.6),
    near(0.3),
    near(0.15),
    near(0.15),
  ]);
  expect(marks.map(({ tokens }) => tokens)).toEqual([["1"], ["2"], ["1", "0"], ["1", "0"]]);
  // The 1 without what goes on to 10: 0.45, 0.3 and 0.15 of 0.9.
  const weighed = await weighAnswers(model as never, asked, [
    ["1", " 1"],
    ["2", " 2"],
    ["10", " 10"],
  ]);
  expect(weighed!.shares).toEqual([near(0.5), near(1 / 3), near(1 / 6)]);
  expect(weighed!.mass).toBeCloseTo(0.9, 10);

  // Nothing is known of the rest, or two beginnings are likely, or one has white space before it: it is read.
  const [own] = await minnow.scoreCompletions(asked, ["10"]);
  for (const [first, calls] of [
    [{ "1": 0.6, "2": 0.3 }, 4],
    [{ "1": 0.4, " 1": 0.3, "2": 0.2 }, 3],
    [{ " 1": 0.6, "2": 0.3 }, 3],
  ] as const) {
    readsAndTells(first);
    server.seen.length = 0;
    const [ten] = await model.scoreCompletions(asked, ["10", "2"]);
    expect(server.seen).toHaveLength(calls);
    expect(totalLogprob(ten!)).toBeCloseTo(totalLogprob(own!), 4);
  }
});

/** Answers as OpenAI does with `logprobs` and `top_logprobs`; a field that it does not know is ignored, or refused. */
function topLogprobs(tokens: Record<string, number>, { refuses = false, most = 20 } = {}) {
  server.behave(({ body }, _index, response) => {
    if (refuses && "prompt_logprobs" in body)
      return refuse(response, 400, { message: "Unrecognized request argument supplied: prompt_logprobs" });
    if ((body.top_logprobs as number) > most)
      return refuse(response, 400, { message: `top_logprobs must be at most ${most}` });
    const top_logprobs = Object.entries(tokens).map(([token, p]) => ({ token, logprob: Math.log(p) }));
    const answer = completion("fine");
    const choice = body.logprobs ? { logprobs: { content: [{ ...top_logprobs[0], top_logprobs }] } } : {};
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...answer, choices: [{ ...answer.choices[0], ...choice }] }));
  });
}

const total = async (candidates: string[]) => {
  const scores = await (await served()).scoreCompletions(asked, candidates);
  return scores.map((score) => ({ p: Math.exp(totalLogprob(score)), bound: score.bound }));
};
const near = (p: number) => expect.closeTo(p, 9) as number;

test.each([{ refuses: false }, { refuses: true }, { refuses: true, most: 5 }])(
  "a server that tells its likeliest first tokens scores answers of one token (%j)",
  async (manners) => {
    topLogprobs({ A: 0.6, " A": 0.1, B: 0.2, The: 0.05 }, manners);
    expect(await total(["A", "B"])).toEqual([{ p: near(0.7) }, { p: near(0.2) }]);
    expect(server.seen.at(-1)!.body).toMatchObject({ logprobs: true, max_tokens: 1, temperature: 1 });
    expect(server.seen.at(-1)!.body).not.toHaveProperty("prompt_logprobs");
  },
);

test("what is not among the likeliest tokens has a bound, never nothing and never a value", async () => {
  topLogprobs({ A: 0.6, B: 0.3, Not: 0.06 });
  expect(await total(["A", "C", "Not at all"])).toEqual([
    { p: near(0.6) },
    // Of what is not named, 0.04 is left, which is less than the least that is named.
    { p: near(0.04), bound: "upper" },
    { p: near(0.06 + 0.04), bound: "upper" },
  ]);
  topLogprobs({ A: 0.5, B: 0.01 });
  expect(await total(["C"])).toEqual([{ p: near(0.01), bound: "upper" }]);
});

test("a server that tells neither says so, and whoever asked decides whether that ends the run", async () => {
  server.behave((_seen, _index, response) => say(response, "fine"));
  const traffic = openTraffic();
  await expect((await served(traffic)).scoreCompletions(asked, texts)).rejects.toThrow(
    /does not say how probable a given text is.*name a model as judge/,
  );
  expect(traffic.signal.aborted).toBe(false);
});

test("models that cannot tell are known before they are asked", async () => {
  expect(canScore(new FakeModel(() => "hm"))).toBe(false);
  expect(canScore(openTraffic().wrap(new FakeModel(() => "hm"), plain))).toBe(false);
  expect(canScore(minnow)).toBe(true);
});

const plain = { role: "user", name: "plain", baseUrl: null, version: null };

test.each([
  [
    "more than the prompt's own token",
    (told: object) => ({ "0": { logprob: -1, decoded_token: "?" }, ...told }),
  ],
  ["a probability above 1", (told: object) => ({ ...told, ...aboveOne(told) })],
])("a server that tells %s of a prompt is not believed", async (_what, change) => {
  server.behave(async ({ body }, _index, response) => {
    const { messages, continue_final_message = false } = body as {
      messages: Message[];
      continue_final_message?: boolean;
    };
    const told = (await readAsVllm(messages, continue_final_message)) as (object | null)[];
    const prompt_logprobs = told.map((one) => (one === null ? null : change(one)));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ ...completion("no"), prompt_logprobs }));
  });
  await expect((await served()).scoreCompletions(asked, texts)).rejects.toThrow(
    /does not say how probable a given text is/,
  );
});

const aboveOne = (told: object): object =>
  Object.fromEntries(Object.entries(told).map(([id, one]) => [id, { ...one, logprob: 2 }]));

/** What a server that reads tells of a conversation, changed. */
function readsOtherwise(
  change: (told: Told[], open: boolean, messages: Message[]) => (Told | null)[] | Promise<(Told | null)[]>,
): void {
  server.behave(async ({ body }, _index, response) => {
    const { messages, continue_final_message: open = false } = body as {
      messages: Message[];
      continue_final_message?: boolean;
    };
    const [, ...told] = (await readAsVllm(messages, open)) as Told[];
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        ...completion("no"),
        prompt_logprobs: [null, ...(await change(told, open, messages))],
      }),
    );
  });
}
type Told = Record<string, { logprob: number; decoded_token: string }>;
const each = (told: Told[], logprob: number): Told[] =>
  told.map((one) =>
    Object.fromEntries(Object.entries(one).map(([id, token]) => [id, { ...token, logprob }])),
  );
const END = { "2": { logprob: -0.1, decoded_token: "<|end|>" } };

test.each<[string, Parameters<typeof readsOtherwise>[0], RegExp]>([
  ["reads the end of a turn with it", (told, open) => (open ? [...told, END] : told), /ends in .*<\|end\|>"/],
  [
    "reads one token less",
    (told, open) => (open ? told.slice(0, -1) : told),
    /up to "it is 7\.".* ends in .*is7"/,
  ],
  [
    "answers one call with the reading of another",
    async (told, open, messages) =>
      open
        ? (
            (await readAsVllm(
              [
                ...messages.slice(0, -1),
                { role: "assistant", content: texts.find((text) => text !== messages.at(-1)!.content)! },
              ],
              true,
            )) as Told[]
          ).slice(1)
        : told,
    /up to "it is/,
  ],
  ["tells one number for all tokens", (told) => each(told, -1), /tells -1 as the log-probability of each/],
  [
    "gives each reply nearly all there is",
    (told) => each(told, 0).map((one, at) => (at === 0 ? each([one], -0.001)[0]! : one)),
    /come to 2\.00, where 1 is all there is/,
  ],
])("a server that %s is not believed", async (_what, change, words) => {
  readsOtherwise(change);
  await expect((await served()).scoreCompletions(asked, texts)).rejects.toThrow(words);
});

test("first tokens that are more likely together than can be are not believed", async () => {
  topLogprobs({ A: 1, B: 1, C: 1 });
  await expect(total(["A", "B"])).rejects.toThrow(/does not say how probable/);
});
