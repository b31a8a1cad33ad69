import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { complete, type Message, resolveChatModel } from "../../src/models/index.js";
import { packageFile } from "../../src/package-root.js";
import { startServer } from "../../src/serve/index.js";
import { pythonWith } from "../reference/python.js";

const python = pythonWith("openai", "langchain_openai", "inspect_ai", "lm_eval", "transformers", "torch");
const base = packageFile("models/minnow/1");
const messages: Message[] = [
  { role: "system", content: "tell the truth" },
  { role: "user", content: "is the boat safe" },
];

test.skipIf(!python)(
  "OpenAI's client, LangChain, Inspect and lm-eval in Python (skipped where they are not installed)",
  async () => {
    const server = await startServer({ models: { minnow: `hf:${base}` }, threads: 1 });
    try {
      const { stdout } = await promisify(execFile)(
        python!,
        [packageFile("test/reference/serve_clients.py"), server.url, "minnow", base],
        { env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" }, maxBuffer: 1 << 26 },
      );
      const told = JSON.parse(stdout.trim().split("\n").at(-1)!);
      const model = await resolveChatModel(`hf:${base}`, { threads: 1 });
      const { text } = await complete(model, messages, { seed: 1, temperature: 0, maxTokens: 8 });
      expect(told.openai).toMatchObject({
        models: ["minnow"],
        text,
        streamed: text,
        bytes: text,
        greedy: true,
      });
      expect(told.openai.usage[0]).toBe(told.openai.usage[1]);
      expect(new Set(told.openai.columns).size).toBe(1);
      expect(told.langchain).toMatchObject({ text, streamed: text });
      expect(`the boat${told.langchain.completion}`).toBe(told.openai.completion);
      expect(told.inspect.text).toBe(text);
      expect(told.lm_eval).toMatchObject({ requests: 200, greedy_alike: 200 });
      expect(told.lm_eval.worst).toBeLessThan(1e-3);
    } finally {
      await server.close();
    }
  },
);
