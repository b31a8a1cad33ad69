import { expect, it } from "vitest";
import { canScore, resolveChatModel } from "../../src/models/index.js";
import { CODE } from "../permissions.js";
import { folderWith } from "../scenario/files.js";

/** What is told of scores that a module gives for two candidates. */
async function scored(gives: string): Promise<unknown> {
  const folder = folderWith({
    "m.mjs": `export const provider = { scores: "yes" };
export default { _llmType: () => "m", invoke: async () => ({}), scoreCompletions: async () => ${gives} };\n`,
  });
  const model = await resolveChatModel(`module:${folder}/m.mjs`, { permissions: CODE, role: "assistant" });
  if (!canScore(model)) throw new Error("it cannot score");
  return await model.scoreCompletions([{ role: "user", content: "?" }], ["yes", "no"]);
}

const one = "{ tokens: ['y'], logprobs: [-1] }";

it("takes one score a candidate from a module", async () => {
  expect(await scored(`[${one}, ${one}]`)).toHaveLength(2);
});

it.each([
  ["a probability above 1", `[${one}, { tokens: ['n'], logprobs: [2] }]`, /\[1\]\.logprobs\[0\]/],
  ["no tokens", `[${one}, { tokens: [], logprobs: [] }]`, /\[1\]\.tokens/],
  ["too few log-probabilities", `[${one}, { tokens: ['n', 'o'], logprobs: [-1] }]`, /for each token/],
  ["one candidate's alone", `[${one}]`, /gives 1 scores for 2 candidates/],
  ["one too many", `[${one}, ${one}, ${one}]`, /gives 3 scores for 2 candidates/],
  ["nothing", "undefined", /gives no scores/],
  ["no number", `[${one}, { tokens: ['n'], logprobs: [NaN] }]`, /\[1\]\.logprobs\[0\]/],
])("refuses %s", async (_what, gives, message) => {
  await expect(scored(gives)).rejects.toThrow(message);
});
