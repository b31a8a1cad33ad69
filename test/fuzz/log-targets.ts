import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parquetWriteBuffer } from "hyparquet-writer";
import { UserError } from "../../src/errors.js";
import { placed } from "../../src/mistakes.js";
import {
  type LogSettings,
  loggedTalks,
  previewOf,
  readLogs,
  readRecords,
} from "../../src/preference/index.js";
import { pick, type Random } from "../../src/random.js";
import type { Target } from "./fuzz.js";

// Feedback as deployments export it, read as a scenario reads it: by columns that are found and by columns that are named.

const ROWS = [
  { user: "ann", time: "2026-03-02T08:00:00Z", question: "why, then?", answer: "so", thumb: "up", stars: 5 },
  {
    user: "bob",
    time: "2026-03-02T09:00:00Z",
    question: "how?",
    answer: 'in "this"\nway',
    thumb: "down",
    stars: 1,
  },
  { user: "ann", time: "2026-03-03T09:00:00Z", question: "how?", answer: "so 🙂", thumb: "1", stars: 3 },
];

const cell = (value: unknown): string => `"${String(value).replaceAll('"', '""')}"`;
const table = (rows: readonly object[], separator: string): string =>
  [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row).map(cell))]
    .map((cells) => cells.join(separator))
    .join("\n");

const traces = ROWS.map(({ user, time, question, answer, stars }, at) => ({
  id: `t${at}`,
  timestamp: time,
  userId: user,
  name: "chat",
  input: {
    messages: [
      { role: "system", content: "be kind" },
      { role: "user", content: question },
    ],
  },
  output: { role: "assistant", content: answer },
  metadata: { user_id: user, tags: ["a"] },
  scores: [
    { name: "latency", value: 0.3 },
    { name: "user-feedback", value: stars > 2 ? 1 : 0, dataType: "NUMERIC" },
    { name: "rating", value: stars, stringValue: null },
  ],
}));
const logged = ROWS.map(({ user, time, question, answer, stars }) => ({
  created: Date.parse(time) / 1000,
  request: {
    model: "m",
    user,
    messages: [
      { role: "developer", content: "d" },
      { role: "user", content: [{ type: "text", text: question }] },
    ],
  },
  response: { choices: [{ index: 0, message: { role: "assistant", content: answer, tool_calls: [] } }] },
  metadata: { rating: stars, feedback_reason: "as it was" },
}));
const inCells = traces.map((trace) =>
  Object.fromEntries(
    Object.entries(trace).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  ),
);

const jsonLines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");

const parquet = (codec: "SNAPPY" | "UNCOMPRESSED"): Buffer =>
  Buffer.from(
    parquetWriteBuffer({
      codec,
      columnData: Object.keys(ROWS[0]!).map((name) => ({
        name,
        data: ROWS.map((row) => row[name as keyof typeof row]),
      })),
    }),
  );

const CORPORA: Readonly<Record<string, readonly (string | Buffer)[]>> = {
  "x.csv": [table(ROWS, ","), table(ROWS, ";"), table(inCells, ",")],
  "x.tsv": [table(ROWS, "\t")],
  "x.jsonl": [jsonLines(ROWS), jsonLines(traces), jsonLines(logged)],
  "x.json": [
    JSON.stringify(ROWS),
    JSON.stringify({ data: traces, meta: { page: 1 } }),
    JSON.stringify(logged),
  ],
  "x.parquet": [parquet("SNAPPY"), parquet("UNCOMPRESSED")],
};
const WEIGHTS: Readonly<Record<string, number>> = { "x.parquet": 40 };

const NAMED: readonly LogSettings["columns"][] = [
  undefined,
  undefined,
  { prompt: "question", reply: "answer", thumbs: "thumb", user: "user", time: "time" },
  { prompt: "input", reply: "output", stars: "scores.rating", user: "metadata.user_id", topic: "name" },
  { prompt: "request.messages", reply: "response", stars: "metadata.rating", edited: "metadata.edited" },
];

const settingsOf = (random: Random): LogSettings => ({
  kind: "logs",
  data: "x",
  columns: pick(random, NAMED),
  scale: pick(random, [
    [1, 5],
    [0, 1],
  ]),
  strip: pick(random, [true, false]),
  ...(random() < 0.5 ? { system: "be brief" } : {}),
});

/** What no file may have made of it; undefined where all is as it should be. */
function complaintOf({ replies, reading }: ReturnType<typeof readLogs>): string | undefined {
  const left = reading.left_out.reduce((sum, { rows }) => sum + rows, 0);
  if (replies.length + left !== reading.rows) return `${reading.rows} rows, ${replies.length} + ${left} told`;
  for (const { mark, time, user, messages, place } of replies) {
    const where = placed(place);
    if (!(mark >= 0 && mark <= 1)) return `${where}: the mark ${mark}`;
    if (time !== null && !Number.isFinite(time)) return `${where}: the time ${time}`;
    if (typeof user !== "string") return `${where}: a user who is no text`;
    if (messages.some(({ content }) => typeof content !== "string" || /\p{Surrogate}/u.test(content)))
      return `${where}: a message that is no whole text`;
    if (messages.at(-1)?.role !== "assistant") return `${where}: does not end in a reply`;
  }
  return undefined;
}

/** Every layout of feedback that is read, each from its own ending. */
export function logTargets(room: string): Target[] {
  const at = join(room, "exports");
  mkdirSync(at, { recursive: true });
  return Object.entries(CORPORA).map(([name, corpus]) => {
    const path = join(at, name);
    return {
      name: `exports, ${name.slice(2)}`,
      weight: WEIGHTS[name] ?? 60,
      corpus: corpus.map((one) => Buffer.from(one)),
      read: async (bytes, random) => {
        writeFileSync(path, bytes);
        const logs = readLogs([{ name: path, records: await readRecords(path) }], settingsOf(random));
        previewOf(logs, []);
        const talks = loggedTalks(logs.replies, { round: 1, rounds: 1, scale: { min: 1, max: 10 } });
        const odd = talks.find(({ reward }) => !(reward !== null && reward >= 1 && reward <= 10));
        return odd ? `${odd.id}: the reward ${odd.reward}` : complaintOf(logs);
      },
      refusal: (error) => error instanceof UserError && error.message.includes(path),
    };
  });
}
