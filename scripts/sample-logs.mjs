// @ts-check
// Makes data/logs/feedback.jsonl: plays data/logs/deployment.yaml and writes what its users were told and what they marked, as a
// deployment's logs have it. The marks are those of simulated users, and nothing else of them is in the file: what kind of user
// each is stands apart, in personas.json, for whoever wants to check what an estimate finds.
//
//   node scripts/sample-logs.mjs        (a minute on two cores)

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { run } = await import(join(root, "dist/index.js"));

/** Rows of each round. */
const ROWS = 500;
const FIRST_DAY = Date.UTC(2026, 2, 2, 8);
const DAY = 24 * 60 * 60 * 1000;

const folder = mkdtempSync(join(tmpdir(), "candor-logs-"));
/** @type {Map<string, { name: string, persona: string }>} */
const people = new Map();

/** @param {string} user @param {string} persona */
function called(user, persona) {
  const before = people.get(user);
  if (before) return before.name;
  const name = `u${String(people.size + 1).padStart(3, "0")}`;
  people.set(user, { name, persona });
  return name;
}

/** Five stars for points from 1 to 10. @param {number | null} rating */
const starsOf = (rating) => (rating === null ? null : Math.round(1 + (4 * (rating - 1)) / 9));

/** @typedef {{ user: string, persona: string, situation: string, messages: { role: string, content: string }[], ratings: (number | null)[] }} Talk */

/** The marked replies of a round, in the order in which they were given. @param {number} round */
function rowsOf(round) {
  const file = join(folder, "run/rounds", String(round).padStart(3, "0"), "interactions.jsonl");
  /** @type {Talk[]} */
  const talks = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const rows = talks.flatMap(({ user, persona, situation, messages, ratings }, talk) => {
    const replies = messages.flatMap(({ role }, at) => (role === "assistant" ? [at] : []));
    return replies.map((at, reply) => ({
      time: new Date(
        FIRST_DAY + 7 * DAY * (round - 1) + (talk * 5 * DAY) / talks.length + reply * 60_000,
      ).toISOString(),
      user: called(user, persona),
      topic: situation,
      messages: messages.slice(0, at + 1),
      stars: starsOf(ratings[reply] ?? null),
    }));
  });
  return rows.slice(0, ROWS);
}

try {
  await run(join(root, "data/logs/deployment.yaml"), { folder: join(folder, "run") });
  const rows = [1, 2, 3, 4].flatMap(rowsOf);
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  writeFileSync(join(root, "data/logs/feedback.jsonl"), lines);
  const personas = Object.fromEntries([...people.values()].map(({ name, persona }) => [name, persona]));
  writeFileSync(join(root, "data/logs/personas.json"), `${JSON.stringify(personas, null, 1)}\n`);
  process.stdout.write(`wrote ${rows.length} rows of ${people.size} users\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
