import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { findProgram } from "./find-program.js";
import { expectTaught, trainerOf } from "./one-answer.js";

const trl = findProgram("CANDOR_TRL", "trl");
const root = mkdtempSync(join(tmpdir(), "candor-trl [1]* -"));
afterAll(() => rmSync(root, { recursive: true }));

const train = trainerOf("trl", {
  external: { command: [trl!], arguments: { use_cpu: true, bf16: false, gradient_checkpointing: false } },
  root,
});

describe.skipIf(!trl)("TRL's own command line on minnow (skipped without CANDOR_TRL or trl on PATH)", () => {
  // KTO and DPO are started alike: `grid.test.ts` holds them to the same, and `trainer-contract.test.ts` TRL to all that trainers owe.
  test("SFT teaches what the rows show, and the adapter loads here", async () => {
    await expectTaught(await train("sft", "first"));
  });
});
