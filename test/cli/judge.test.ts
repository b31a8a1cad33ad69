import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { candor } from "./candor.js";

it("prints agreement, kappa and the confusion table of a judge, on shipped statements too", () => {
  const { code, stdout } = candor(
    ["judge", "check", "probes/minnow/judge.jsonl", "--judge", "rule"],
    tmpdir(),
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/60 statements\nagreement +100\.0 \[94\.0, 100\.0\] %\nCohen's kappa +1\.00/);
  expect(stdout).toMatch(/A +│ 12 │/);
});
