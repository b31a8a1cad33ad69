import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProbeResult, resolveJudge, suiteNamed } from "../../src/evaluation/index.js";
import type { Judge } from "../../src/evaluation/types.js";
import type { Message } from "../../src/models/types.js";
import { FakeModel } from "../fakes/model.js";

/** A probe file with these rows. */
export function fileOf(rows: readonly object[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "candor-probes-")), "probes.jsonl");
  writeFileSync(path, rows.map((line) => JSON.stringify(line)).join("\n"));
  return path;
}

const settings = (file: string) => ({ file, temperature: 1, maxTokens: 20 });

/** Puts rows to a model that answers by a function, judged by phrases unless another judge is given. */
export async function evaluate(
  suite: string,
  rows: readonly object[],
  answer: (messages: Message[]) => string,
  judge?: Judge,
): Promise<ProbeResult[]> {
  return await suiteNamed(suite)
    .open(settings(fileOf(rows)))
    .run({
      model: new FakeModel(answer),
      judge: judge ?? (await resolveJudge("rule")),
      seed: "1/evaluation",
    });
}
