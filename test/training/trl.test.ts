import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { complete, resolveChatModel } from "../../src/models/index.js";
import { findProgram } from "./find-program.js";
import { base, expectTaught, prompt, trainerOf } from "./one-answer.js";

const trl = findProgram("CANDOR_TRL", "trl");
const root = mkdtempSync(join(tmpdir(), "candor-trl [1]* -"));
afterAll(() => rmSync(root, { recursive: true }));

const train = trainerOf("trl", {
  external: { command: [trl!], arguments: { use_cpu: true, bf16: false, gradient_checkpointing: false } },
  root,
});

describe.skipIf(!trl)("TRL's own command line on minnow (skipped without CANDOR_TRL or trl on PATH)", () => {
  let taught: Awaited<ReturnType<typeof train>>;

  // KTO and DPO are started alike: `grid.test.ts` holds them to the same.
  test("SFT teaches what the rows show, and the adapter loads here", async () => {
    taught = await train("sft", "first");
    await expectTaught(taught);
  });

  test("goes on from the adapter of the round before", async () => {
    const second = await train("sft", "second", { adapter: taught.output });
    expect(second.report.loss_first!).toBeLessThan(taught.report.loss_first! * 0.9);
    const model = await resolveChatModel(`hf:${base}`, { adapter: second.output, threads: 1 });
    const { text } = await complete(model, prompt(3), { seed: 1, temperature: 0, maxTokens: 8 });
    expect(text).toContain("yes");
  });
});
