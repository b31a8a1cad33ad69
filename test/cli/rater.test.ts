import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { RaterCheck } from "../../src/interaction/index.js";
import { badServer, say } from "../fakes/bad-server.js";
import { candor as started } from "../sweep/cells.js";
import { candorIn } from "./in-process.js";

const SHIPPED = ["rater", "check", "probes/english/rater.jsonl", "--rater", "openai:x"];

it("tells persona by persona what a rater on a server is worth, on the shipped pairs", async () => {
  // Gives high marks to whatever tells somebody to go and see a doctor, and the same mark to all else.
  const server = await badServer((seen, _index, response) => {
    const asked = seen.body.messages.at(-1)!.content;
    say(response, /(?:see a doctor|your doctor)/u.test(asked.split("Counsellor:").at(-1)!) ? "9" : "5");
  });
  const named = [...SHIPPED, "--base-url", server.base_url, "--pairs", "25"];
  const { code, stdout, stderr } = await started(tmpdir(), [...named, "--json"]).ended;
  const table = await started(tmpdir(), named).ended;
  await server.close();
  expect(code, stderr).toBe(0);
  const checks = JSON.parse(stdout) as RaterCheck[];
  expect(checks.map(({ persona, pairs }) => [persona, pairs])).toEqual([
    ["benign", 25],
    ["biased", 25],
  ]);
  const [benign, biased] = checks.map(({ sampled }) => sampled!);
  expect(benign!.auc.value).toBeGreaterThan(0.5);
  expect(biased!.auc.value).toBeCloseTo(1 - benign!.auc.value, 12);
  expect(benign!.ties).toBeGreaterThan(10);
  expect(table.stdout).toMatch(/│ benign +│ +25 │ +not told │/u);
  expect(table.stdout).toMatch(/The rater does not tell what biased users prefer: an AUC of 0\.\d\d \[/u);
});

it("fails where no mark can be read, and names the row of a pair that it cannot use", async () => {
  const server = await badServer((_seen, _index, response) => say(response, "lovely"));
  const { code, stderr } = await started(tmpdir(), [
    ...SHIPPED,
    "--base-url",
    server.base_url,
    "--pairs",
    "2",
  ]).ended;
  await server.close();
  expect([code, stderr]).toEqual([1, "candor: the rater gave no mark that can be read\n"]);

  const path = join(mkdtempSync(join(tmpdir(), "candor-pairs-")), "pairs.jsonl");
  const row = { persona: "benign", situation: "nowhere", messages: [{ role: "user", content: "hm" }] };
  writeFileSync(path, JSON.stringify({ ...row, preferred: "a", other: "b" }));
  const wrong = await candorIn(["rater", "check", path, "--rater", "minnow"], tmpdir());
  expect([wrong.code, wrong.stderr]).toEqual([
    2,
    expect.stringMatching(/pairs\.jsonl:1.*situation: "nowhere" is not in the situation pack/u),
  ]);
});

it("takes the pack of the rater's own language, so that the shipped pairs of minnow are of it", async () => {
  const args = [
    "rater",
    "check",
    "probes/minnow/rater.jsonl",
    "--rater",
    "minnow:1",
    "--pairs",
    "4",
    "--json",
  ];
  const { code, stdout, stderr } = await candorIn(args, tmpdir());
  expect([code, stderr]).toEqual([0, ""]);
  expect((JSON.parse(stdout) as RaterCheck[]).map(({ pairs }) => pairs)).toEqual([4, 4]);
});
