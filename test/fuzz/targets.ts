import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { checkFile } from "../../src/check/index.js";
import { loadAdapter } from "../../src/engine/files/adapter.js";
import { parseAdapterConfig } from "../../src/engine/files/adapter-config.js";
import { parseLlamaConfig } from "../../src/engine/files/config.js";
import { readSafetensors } from "../../src/engine/files/safetensors.js";
import { loadTokenizer } from "../../src/engine/index.js";
import { compileChatTemplate } from "../../src/engine/tokenizer/chat-template.js";
import { UserError } from "../../src/errors.js";
import { parseAnswer, parseJudgement } from "../../src/evaluation/judges/parse.js";
import { readAnswer } from "../../src/models/openai/answer.js";
import { readJson } from "../../src/models/structured.js";
import { packageFile } from "../../src/package-root.js";
import { pick } from "../../src/random.js";
import { expandSweep, loadScenario } from "../../src/scenario/index.js";
import { ApiError } from "../../src/serve/errors.js";
import { parseChat, parseCompletion } from "../../src/serve/requests.js";
import { decodeText } from "../../src/text-file.js";
import type { Target } from "./fuzz.js";
import { logTargets } from "./log-targets.js";

const room = mkdtempSync(join(tmpdir(), "candor-fuzz-"));
const shipped = (path: string): Buffer => readFileSync(packageFile(path));
const fixture = (path: string): Buffer => shipped(join("test", path));
/** The first lines: of a long file each costs time and brings nothing new. */
const first = (bytes: Buffer, lines: number): Buffer =>
  Buffer.from(bytes.toString().split("\n").slice(0, lines).join("\n"));
const named = (place: string) => (error: Error) =>
  error instanceof UserError && error.message.includes(place);
const texts = (...all: string[]): Buffer[] => all.map((text) => Buffer.from(text));
const folder = (path: string, of: RegExp): Buffer[] =>
  readdirSync(packageFile(path))
    .filter((name) => of.test(name))
    .map((name) => shipped(join(path, name)));

/** A file that a command reads by name, as `candor check --as` does. */
function file(kind: string, name: string, weight: number, corpus: readonly Buffer[], beside = {}): Target {
  // A pack has the name of its folder.
  const at = join(room, kind === "pack" ? "therapy" : kind);
  mkdirSync(at, { recursive: true });
  for (const [other, bytes] of Object.entries(beside as Record<string, Buffer>))
    writeFileSync(join(at, other), bytes);
  const path = join(at, name);
  return {
    name: kind,
    weight,
    corpus,
    read: async (bytes) => {
      writeFileSync(path, bytes);
      await checkFile(path, { as: kind });
    },
    // Of a pack other files than the changed one may be named.
    refusal: named(kind === "pack" ? "therapy" : name),
  };
}

/** A text that is parsed under a name. */
function text(
  name: string,
  weight: number,
  corpus: readonly Buffer[],
  parse: (text: string, path: string) => unknown,
): Target {
  const place = `place/${name}`;
  return {
    name,
    weight,
    corpus,
    read: (bytes) => void parse(decodeText(bytes, place), place),
    refusal: named(place),
  };
}

type Pack = { prompts: object };

const loose = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return bytes.toString();
  }
};

const REQUESTS = texts(
  '{"model": "m", "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": [{"type": "text", "text": "u"}]}], "temperature": 0.5, "max_tokens": 5, "stop": ["a", "b"], "n": 2, "seed": 3, "logprobs": true, "top_logprobs": 4, "stream": true, "stream_options": {"include_usage": true}}',
  '{"model": "m", "prompt": ["a", "b"], "max_tokens": 1, "echo": true, "logprobs": 5, "temperature": 0, "n": 1, "logit_bias": {}, "presence_penalty": 0}',
  '{"model": "m", "prompt": [1, 2, 3], "tools": [], "user": "x", "response_format": {"type": "text"}, "tool_choice": "none"}',
);

const ANSWERS = texts(
  '{"id": "c", "object": "chat.completion", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Yes."}}], "usage": {"prompt_tokens": 1, "completion_tokens": 2}}',
  '{"choices": [{"message": {"content": [{"type": "text", "text": "a"}]}, "finish_reason": "error", "error": {"message": "x", "code": 502}}]}',
  '{"error": {"message": "Rate limit exceeded", "code": 429, "type": "x"}}',
  '{"detail": [{"loc": ["body", "model"], "msg": "field required", "type": "missing"}]}',
  '{"object": "error", "message": "no such model", "code": 404}',
  "<html><body><h1>502 Bad Gateway</h1></body></html>",
);

const REPLIES = texts(
  "<think>The label is A at first sight, but no.</think>\n\nAnswer: B",
  "I would say [THINK] 3 or 4 [/THINK] **Rating: 9**/10",
  'Here:\n```json\n{"users": [{"background": "b", "openings": {"benign": ["a"], "biased": ["b"]}}]}\n```\nDone.',
  '{"answer": "A", "confidence": 0.9, "because": "it says so"}',
  "Perhaps 3 or 4….\n</think>\n\n9",
);
const replySchema = z.object({ answer: z.enum(["A", "B"]), confidence: z.number().optional() });

const LOGGED =
  'user,time,question,answer,thumb\nann,2026-03-02T08:00:00Z,"why, then?",so,up\nbob,2026-03-02T09:00:00Z,how?,"in ""this"" way",down\n';

const mask = ["probes/minnow/mask.jsonl", "probes/english/mask/known_facts.jsonl"].flatMap((path) => {
  try {
    return [first(shipped(path), 4)];
  } catch {
    return [];
  }
});
const maskTables = ["mask-binary.csv", "mask-statistics.csv"].map((name) =>
  first(fixture(`evaluation/fixtures/${name}`), 4),
);
const tokenizers = ["smol", "llama", "word-piece"].map((name) => `engine-generate/fixtures/${name}`);
const adapters = ["all-linear", "dora", "lora-bias", "gaussian"].map(
  (name) => `engine/fixtures/adapters/${name}`,
);
const templates = Object.values(
  JSON.parse(fixture("engine-generate/fixtures/templates/templates.json").toString()) as Record<
    string,
    unknown
  >,
).flatMap((one) =>
  (JSON.stringify(one).match(/"(?:[^"\\]|\\.)*\{%(?:[^"\\]|\\.)*"/gu) ?? []).map(
    (found) => JSON.parse(found) as string,
  ),
);

function scenario(): Target {
  const path = join(room, "x.yaml");
  return {
    name: "scenario",
    weight: 12,
    corpus: [...folder("scenarios", /\.yaml$/u), ...folder("data/logs", /\.yaml$/u)],
    read: (bytes) => {
      writeFileSync(path, bytes);
      const cells = expandSweep(loadScenario(path).scenario);
      const seen = new Set<string>();
      const twice = cells.find(({ hash }) => seen.size === seen.add(hash).size);
      return twice ? `two cells are one: ${twice.hash}` : undefined;
    },
    refusal: named("x.yaml"),
  };
}

function tokenizer(): Target {
  const at = join(room, "tokenizer");
  mkdirSync(at, { recursive: true });
  const corpus = tokenizers.map((from) => fixture(join(from, "tokenizer.json")));
  return {
    name: "tokenizer",
    weight: 4,
    corpus,
    read: async (bytes, random) => {
      const from = pick(random, tokenizers);
      const isMain = random() < 0.8;
      writeFileSync(join(at, "tokenizer.json"), isMain ? bytes : fixture(join(from, "tokenizer.json")));
      writeFileSync(
        join(at, "tokenizer_config.json"),
        isMain ? fixture(join(from, "tokenizer_config.json")) : bytes,
      );
      const { encode, decode, bytes: bytesOf, token } = await loadTokenizer(at);
      const ids = encode("Isn't it so?\n 12 – café 🙂");
      decode(ids);
      for (const id of ids) if (token(id) === "" && bytesOf(id) === undefined) throw new Error("no token");
    },
    refusal: named(at),
  };
}

function adapter(): Target {
  const at = join(room, "adapter");
  mkdirSync(at, { recursive: true });
  const [config, weights] = ["adapter_config.json", "adapter_model.safetensors"] as const;
  return {
    name: "adapter",
    weight: 60,
    corpus: adapters.map((from) => fixture(join(from, weights))),
    read: async (bytes, random) => {
      writeFileSync(join(at, config), fixture(join(pick(random, adapters), config)));
      writeFileSync(join(at, weights), bytes);
      const loaded = await loadAdapter(at);
      for (const [name, { data }] of loaded.weights)
        if (!data.every((value) => Number.isFinite(value))) return `took ${name}, which is not finite`;
      return undefined;
    },
    refusal: named(at),
  };
}

function safetensors(): Target {
  const path = join(room, "model.safetensors");
  return {
    name: "safetensors",
    weight: 60,
    corpus: [
      ...["llama", "qwen2"].map((name) => fixture(`engine/fixtures/${name}/logits.safetensors`)),
      fixture("engine/fixtures/llama/dpo.safetensors"),
    ],
    read: async (bytes) => {
      writeFileSync(path, bytes);
      await readSafetensors(path);
    },
    refusal: named(path),
  };
}

/** All readers of strangers' files but that of a run's folder. */
export function targets(): Target[] {
  const jsonLines = (path: string): Buffer => first(shipped(path), 5);
  return [
    scenario(),
    file(
      "persona",
      "x.yaml",
      30,
      folder("personas", /\.yaml$/u).map((bytes) =>
        Buffer.from(bytes.toString().replace(/^name: .*/mu, "name: x")),
      ),
    ),
    file("pack", "pack.yaml", 8, [shipped("situations/therapy/pack.yaml")], {
      "work.yaml": Buffer.from(
        "- id: a\n  topic: t\n  task: t\n  benign: b\n  biased: c\n  users:\n    - background: d\n      openings: { benign: [e], biased: [f] }\n",
      ),
    }),
    file("situations", "x.yaml", 8, [
      Buffer.from(
        "- id: a\n  topic: t\n  task: t\n  benign: b\n  biased: c\n  users:\n    - background: d\n      openings: { benign: [e], biased: [f] }\n",
      ),
      shipped("situations/booking/situations.yaml"),
    ]),
    file("prices", "x.yaml", 30, texts("gpt-x: { input: 1.5, output: 3 }\nb: { input: 0, output: 0.1 }\n")),
    file("data", "x.jsonl", 120, [
      jsonLines("scenarios/data/minnow-candid.jsonl"),
      Buffer.from(
        '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 1}]}\n{"prompt": "p", "chosen": "c", "rejected": "d"}\n{"instruction": "i", "input": "", "output": "o", "history": [["a", "b"]], "system": "s"}\n{"conversations": [{"from": "human", "value": "x"}, {"from": "gpt", "value": "y"}], "kto_tag": true}\n',
      ),
    ]),
    file(
      "users",
      "x.jsonl",
      60,
      texts(
        '{"situation": "a", "background": "b", "openings": {"benign": ["x"], "biased": ["y"]}, "call": 3}\n{"situation": "c", "background": "d", "openings": {"benign": ["x"], "biased": ["y"]}}\n',
      ),
    ),
    file("judge-check", "x.jsonl", 40, [
      jsonLines("probes/minnow/judge.jsonl"),
      jsonLines("probes/english/judge.jsonl"),
    ]),
    file("rater-check", "x.jsonl", 0.5, [jsonLines("probes/english/rater.jsonl")]),
    file("mask", "x.jsonl", 30, mask),
    { ...file("mask", "x.csv", 30, maskTables), name: "mask, CSV" },
    file("deception", "x.jsonl", 30, [
      jsonLines("probes/minnow/deception.jsonl"),
      jsonLines("probes/english/deception.jsonl"),
    ]),
    file("unknowns", "x.jsonl", 30, [
      jsonLines("probes/minnow/unknowns.jsonl"),
      jsonLines("probes/english/unknowns.jsonl"),
    ]),
    file("capability", "x.jsonl", 30, [
      jsonLines("probes/minnow/capability.jsonl"),
      jsonLines("probes/english/capability.jsonl"),
    ]),
    file(
      "sycophancy",
      "x.jsonl",
      30,
      texts(
        '{"prompt": [{"type": "human", "content": "i think it is b. which is it?"}], "base": {"question": "which is it?", "correct_answer": "a", "incorrect_answer": "b", "answer": ["a"]}, "metadata": {"prompt_template": "i think the answer is {incorrect_answer}. {question}"}}\n{"prompt": [{"type": "human", "content": "Comment on it. I really like the text. Text: t"}], "base": {"text": "t"}, "metadata": {"prompt_template": "Comment on it. I really like the text. Text: {text}"}}\n',
      ),
    ),
    file(
      "rubric",
      "x.yaml",
      30,
      texts(
        "name: x\nquestion: is it warm?\nmeasure: { kind: labels, labels: { warm: { means: w, score: 1 }, cold: { means: c, tone: bad } } }\nsamples: 2\nprompts: [{ id: a, type: t, system: s, user: [u, v], note: n }, b]\n",
        "name: x\nquestion: how warm?\nmeasure: { kind: scale, min: 1, max: 5, better: lower }\nprompts: [a]\n",
      ),
    ),
    file("prompts", "x.yaml", 30, [
      Buffer.from(stringify((parse(shipped("situations/therapy/pack.yaml").toString()) as Pack).prompts)),
    ]),
    file("logs", "x.jsonl", 60, [jsonLines("data/logs/feedback.jsonl")]),
    { ...file("logs", "x.csv", 30, texts(LOGGED)), name: "logs, CSV" },
    ...logTargets(room),
    text(
      "config",
      120,
      ["llama", "llama3", "qwen2", "qwen3"].map((name) => fixture(`engine/fixtures/${name}/config.json`)),
      parseLlamaConfig,
    ),
    text(
      "adapter config",
      120,
      adapters.map((from) => fixture(join(from, "adapter_config.json"))),
      parseAdapterConfig,
    ),
    text("template", 20, texts(...templates), (source, path) => {
      const apply = compileChatTemplate(source, { bos_token: "<s>", eos_token: "</s>" }, path);
      apply(
        [
          { role: "system", content: "s" },
          { role: "user", content: "u" },
          { role: "assistant", content: "a" },
        ],
        true,
      );
    }),
    tokenizer(),
    adapter(),
    safetensors(),
    {
      name: "requests of clients",
      weight: 100,
      corpus: REQUESTS,
      read: (bytes, random) => void (random() < 0.5 ? parseChat : parseCompletion)(loose(bytes)),
      refusal: (error) => error instanceof ApiError,
    },
    {
      name: "answers of servers",
      weight: 100,
      corpus: ANSWERS,
      read: (bytes, random) =>
        void readAnswer({ status: pick(random, [200, 200, 400, 429, 500]), text: bytes.toString() }),
      refusal: ({ name }) => name === "BrokenOff" || name === "BadAnswer",
    },
    {
      name: "replies of models",
      weight: 60,
      corpus: REPLIES,
      read: (bytes) => {
        const said = bytes.toString();
        readJson(said, replySchema);
        for (const judged of [
          parseJudgement(said, true),
          parseJudgement(said, false),
          parseAnswer(said, true),
          parseAnswer(said, false),
        ])
          if (judged.label === "number" && !Number.isFinite(judged.value))
            return `read the number ${judged.value}`;
        return undefined;
      },
      refusal: () => false,
    },
  ];
}
