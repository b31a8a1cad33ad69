import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { type Checkpoint, loadCheckpoint } from "../../src/engine/index.js";
import { loadTokenizer, type Message } from "../../src/models/index.js";
import { packageFile } from "../../src/package-root.js";
import { type EncodeChat, tokeniseRow } from "../../src/training/tokenise.js";
import { type AnyRow, checkLora, json, type Training } from "./reference.js";

// Rows of minnow's own talks: ours go through our tokeniser and template, the reference's through transformers and TRL
// (test/reference/make_minnow_fixtures.py).
type Row = { method: string; prompt: Message[]; label?: boolean } & Partial<
  Record<"completion" | "chosen" | "rejected", Message[]>
>;
const PARTS = ["completion", "chosen", "rejected"] as const;
const file = fileURLToPath(new URL("../reference/minnow-rows.jsonl", import.meta.url));
const rows = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as Row);

let checkpoint: Checkpoint;
let encode: EncodeChat;
beforeAll(async () => {
  const folder = packageFile("models/minnow/1");
  checkpoint = await loadCheckpoint(folder);
  encode = (await loadTokenizer(folder)).encodeChat;
});

describe.each(["sft", "kto", "dpo"] as const)("minnow by %s", (method) => {
  test("reads chats as TRL does", () => {
    const { tokens } = json<{ tokens: unknown[] }>(`minnow/${method}`);
    expect(rowsOf(method).map(tokenised)).toStrictEqual(tokens);
  });

  test("agrees with TRL on models/minnow: loss, gradients, ten steps, weights", () =>
    checkLora({
      checkpoint,
      folder: "minnow",
      method,
      training: json<Training>("minnow/training"),
      rows: rowsOf(method).map(trainingRow),
    }));
});

test("the reference point of minnow's KTO is above its clamp", () => {
  const { reference_points } = json<{ reference_points: number[] }>("minnow/kto");
  expect(Math.min(...reference_points)).toBeGreaterThan(0);
});

function rowsOf(method: string): Row[] {
  return rows.filter((row) => row.method === method);
}

/** A row's chats as tokens. */
function tokenised(row: Row) {
  return Object.fromEntries(
    PARTS.filter((part) => part in row).map((part) => [
      part,
      tokeniseRow(encode, { prompt: row.prompt, completion: row[part]! }, 512),
    ]),
  );
}

/** ... and in the form that the trainer takes. */
function trainingRow(row: Row): AnyRow {
  const { completion, ...pair } = tokenised(row);
  return { ...completion, ...pair, label: row.label } as AnyRow;
}
