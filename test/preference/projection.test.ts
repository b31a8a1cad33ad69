import { expect, it } from "vitest";
import { type Projector, projection } from "../../src/preference/defences/projection.js";
import type { PreferenceData } from "../../src/preference/index.js";
import { context } from "./stage.js";

const prompt = [{ role: "user" as const, content: "q" }];
const said = (content: string) => [{ role: "assistant" as const, content }];
const source = { interaction: "i", exchange: 0 };
/** A reply lies as far as its text says. */
const told: Projector = async (replies) => replies.map(({ completion }) => Number(completion[0]!.content));
const left = async (data: PreferenceData, share: number) =>
  (
    (await projection(share, told).amend!(data, context({ method: data.method }))).rows as readonly object[]
  ).map((row) =>
    "chosen" in row
      ? `${(row as { chosen: { content: string }[] }).chosen[0]!.content}`
      : (row as { completion: { content: string }[] }).completion[0]!.content,
  );

it("leaves out the share of replies that lie farthest, and keeps the others' order", async () => {
  const rows = ["3", "9", "1", "8", "2"].map((text) => ({ prompt, completion: said(text), source }));
  expect(await left({ method: "sft", rows }, 0.4)).toEqual(["3", "1", "2"]);
  expect(await left({ method: "sft", rows }, 0.1)).toEqual(["3", "9", "1", "8", "2"]);
});

it("leaves out 29 of 100 at a share of 0.29, which binary numbers make a little less of", async () => {
  const rows = Array.from({ length: 100 }, (_, at) => ({ prompt, completion: said(String(at)), source }));
  expect((await left({ method: "sft", rows }, 0.29)).length).toBe(71);
});

it("keeps what is to be learnt away from", async () => {
  const rows = ["3", "9", "1", "8"].map((text, index) => ({
    prompt,
    completion: said(text),
    source,
    label: index !== 1,
  }));
  expect(await left({ method: "kto", rows }, 0.34)).toEqual(["3", "9", "1"]);
});

it("goes by how far the better reply lies beyond the worse", async () => {
  const rows = [
    ["9", "8.5"],
    ["3", "0"],
    ["1", "2"],
  ].map(([chosen, rejected]) => ({ prompt, chosen: said(chosen!), rejected: said(rejected!), source }));
  expect(await left({ method: "dpo", rows }, 0.34)).toEqual(["9", "1"]);
});

it("parts equal ones by a draw that the stage's seed names", async () => {
  const rows = Array.from({ length: 12 }, (_, index) => ({
    prompt: [{ role: "user" as const, content: String(index) }],
    completion: said("1"),
    source,
  }));
  const with_ = async (seed: string) =>
    (await projection(0.5, told).amend!({ method: "sft", rows }, context({ seed }))).rows.map(
      (row) => row.prompt[0]!.content,
    );
  expect(await with_("a")).toEqual(await with_("a"));
  expect(await with_("a")).not.toEqual(await with_("b"));
  expect(await with_("a")).toHaveLength(6);
});
