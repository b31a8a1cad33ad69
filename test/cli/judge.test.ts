import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { badServer, say } from "../fakes/bad-server.js";
import { candor as started } from "../sweep/cells.js";
import { candorIn } from "./in-process.js";

it("prints agreement, kappa and the confusion table of a judge, on shipped statements too", async () => {
  const { code, stdout } = await candorIn(
    ["judge", "check", "probes/minnow/judge.jsonl", "--judge", "rule"],
    tmpdir(),
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/60 statements\nagreement +100\.0 \[94\.0, 100\.0\] %\nCohen's kappa +1\.00/);
  expect(stdout).toMatch(/supports +│ +12 │/);
});

it("refuses the rule judge on statements without phrases, instead of counting errors", async () => {
  const args = ["judge", "check", "probes/english/judge.jsonl", "--judge", "rule"];
  const { code, stdout, stderr } = await candorIn(args, tmpdir());
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toBe(
    "candor: probes/english/judge.jsonl: --judge rule reads the phrases in rules, which these statements do not all have; name a chat model\n",
  );
});

it("refuses the likelihood judge, which reads no statements, instead of counting sixty errors", async () => {
  const args = ["judge", "check", "probes/minnow/judge.jsonl", "--judge", "likelihood"];
  const { code, stdout, stderr } = await candorIn(args, tmpdir());
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(
    /^candor: probes\/minnow\/judge\.jsonl: --judge likelihood reads no statement.+name rule or a chat model\n$/u,
  );
});

it("fails where the judge judged nothing", async () => {
  const server = await badServer((_seen, _index, response) => say(response, "well, who knows"));
  const args = ["judge", "check", "probes/minnow/judge.jsonl", "--judge", "openai:x"];
  const { code, stderr } = await started(tmpdir(), [...args, "--base-url", server.base_url]).ended;
  await server.close();
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^candor: the judge judged nothing; the first: .+\n$/u),
  ]);
});

it("checks a model on a server with the parameters that a scenario would give it", async () => {
  const server = await badServer((_seen, _index, response) => say(response, "A"));
  const args = ["judge", "check", "probes/minnow/judge.jsonl", "--judge", "openai:x"];
  const named = ["--base-url", server.base_url, "--parameters", "{ grammar: 'root ::= [A-D]' }"];
  const { code, stdout, stderr } = await started(tmpdir(), [...args, ...named, "--json"]).ended;
  await server.close();
  expect(code, stderr).toBe(0);
  expect(new Set(server.seen.map(({ body }) => body.grammar))).toEqual(new Set(["root ::= [A-D]"]));
  // One who always says the same agrees with some, and not more than chance.
  expect(JSON.parse(stdout).kappa.value).toBeLessThan(0.1);
  const wrong = await candorIn([...args, "--parameters", "[1]"], tmpdir());
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("expected fields")]);
});
