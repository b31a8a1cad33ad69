import { expect, it } from "vitest";
import { loadTokenizer } from "../../src/models/index.js";
import { packageFile } from "../../src/package-root.js";
import { encodingOnce } from "../../src/training/embedded/encode-once.js";

it("gives the tokens of every conversation, and reads none twice", async () => {
  const plain = await loadTokenizer(packageFile("models/minnow/1"));
  let read = 0;
  const once = encodingOnce({
    ...plain,
    encodeChat: (...given) => {
      read += 1;
      return plain.encodeChat(...given);
    },
  });
  const talks = [
    [{ role: "user", content: "i feel lost today." }],
    [
      { role: "user", content: "i feel lost" },
      { role: "assistant", content: " today." },
    ],
    [{ role: "system", content: "i feel lost today." }],
  ] as const;
  for (let turn = 0; turn < 2; turn += 1)
    for (const messages of talks)
      for (const addGenerationPrompt of [true, false])
        expect(once.encodeChat(messages, { addGenerationPrompt })).toEqual(
          plain.encodeChat(messages, { addGenerationPrompt }),
        );
  expect(read).toBe(2 * talks.length);
});
