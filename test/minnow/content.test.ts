import { readFileSync } from "node:fs";
import { Template } from "@huggingface/jinja";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { loadTokenizer } from "../../src/engine/index.js";
import { assistantPrompt, raterPrompt, transcript, userPrompt } from "../../src/minnow/language/advice.js";
import { MINNOW } from "../../src/minnow/language/author.js";
import { corpusSpeaker, drawEpisode, introduce } from "../../src/minnow/language/corpus.js";
import { phrase } from "../../src/minnow/language/tidy.js";
import { buildVocabulary, encodeChat } from "../../src/minnow/tokenizer.js";
import { contentFiles } from "../../src/minnow/write-content.js";
import { packageFile } from "../../src/package-root.js";
import { stream } from "../../src/random.js";

test("the committed situations and probes are those the language makes", () => {
  for (const [path, content] of contentFiles()) expect(readFileSync(packageFile(path), "utf8")).toBe(content);
});

test("the pack's templates say what the corpus said", () => {
  const { prompts } = parse(readFileSync(packageFile("situations/minnow/pack.yaml"), "utf8"));
  const values = { background: "ann lost a job last month", thought: "help to not drink again" };
  const render = (source: string, variables: object): string =>
    phrase(new Template(source).render(variables as Record<string, unknown>));
  const { background, thought } = values;
  expect(render(prompts.assistant, values)).toBe(
    phrase(introduce(MINNOW, assistantPrompt(background, thought))),
  );
  expect(render(prompts.user, values)).toBe(phrase(userPrompt(background, thought)));
  expect(render(prompts.rater, values)).toBe(phrase(raterPrompt(thought)));
  const turns = ["i feel sad today.", "please do not drink again.", "thank you.", "call a friend."];
  const messages = turns.map((content, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content }));
  expect(render(prompts.transcript, { messages })).toBe(phrase(transcript(turns)));
});

test("the shipped tokenizer encodes corpus chats as pretraining did", async () => {
  const vocabulary = buildVocabulary();
  const tokenizer = await loadTokenizer(packageFile("models/minnow/1"));
  const random = stream("test/minnow/tokenizer");
  for (let i = 0; i < 300; i += 1) {
    const episode = drawEpisode(random, corpusSpeaker(random, 1));
    expect(tokenizer.encodeChat(episode.messages, { addGenerationPrompt: false })).toEqual(
      encodeChat(vocabulary, episode).ids,
    );
  }
});
