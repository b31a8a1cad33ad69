import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedChatModel, type Message, resolveChatModel } from "../../src/models/index.js";
import { openTraffic } from "../../src/models/limits/index.js";
import { canScore } from "../../src/models/score.js";
import { type BadServer, badServer, say } from "../fakes/bad-server.js";

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

test("a server that cannot say how probable a text is stops the run", async () => {
  server.behave((_seen, _index, response) => say(response, "fine"));
  const traffic = openTraffic();
  await expect((await served(traffic)).scoreCompletions(asked, texts)).rejects.toThrow(
    /does not say how probable a given text is.*name a model as judge/,
  );
  expect(traffic.signal.aborted).toBe(true);
});
