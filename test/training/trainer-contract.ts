import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { NOTHING } from "../../src/permissions/index.js";
import type { TrainingProgress, TrainingRequest } from "../../src/training/index.js";
import { trainerKind } from "../../src/training/kinds/index.js";
import { expectTaught, trainerOf } from "./one-answer.js";

/** What every trainer is held to. `external` gives how one outside this process is started; asked for once tests run. */
export function trainerContract(name: string, external?: () => TrainingRequest["external"]): void {
  const root = mkdtempSync(join(tmpdir(), "candor trainer-"));
  afterAll(() => rmSync(root, { recursive: true }));
  const train: ReturnType<typeof trainerOf> = (method, folder, more) =>
    trainerOf(name, { external: external?.(), root })(method, folder, more);
  const kind = trainerKind(name)!;
  const place = (folder: string): string => join(root, folder, "checkpoint");
  const bytesIn = (folder: string): string[] =>
    readdirSync(folder)
      .sort()
      .map((file) => `${file} ${readFileSync(join(folder, file), "base64")}`);
  let first: ReturnType<typeof train> | undefined;
  const taught = (): ReturnType<typeof train> => (first ??= train("sft", "first"));

  test("is found by its name, and says how it is started if it is a program", () => {
    expect(kind.name).toBe(name);
    expect(kind.command === undefined).toBe(kind.embedded);
    expect(kind.problems?.({}) ?? []).toEqual([]);
  });

  test("teaches what the rows show, tells each step, and leaves an adapter in PEFT's layout", async () => {
    const { report, progress, output } = await taught();
    await expectTaught(await taught());
    expect(report.loss_first).toBe(progress[0]!.loss);
    expect(report.loss_last).toBe(progress.at(-1)!.loss);
    const files = readdirSync(output);
    expect(files).toEqual(expect.arrayContaining(["adapter_config.json", "adapter_model.safetensors"]));
    // Nobody is to load what Python pickled.
    for (const file of files) expect(file).not.toMatch(/\.(?:bin|pt|pth|pkl)$/u);
  });

  test("goes on from the adapter that it is given, and leaves that as it is", async () => {
    const { output, report } = await taught();
    const before = bytesIn(output);
    const second = await train("sft", "second", { adapter: output });
    expect(second.report.loss_first!).toBeLessThan(report.loss_first! * 0.9);
    expect(bytesIn(output)).toEqual(before);
    expect(bytesIn(second.output)).not.toEqual(before);
  });

  test("leaves nothing where it is interrupted, and comes to the same when it is called again", async () => {
    const controller = new AbortController();
    const onProgress = ({ step }: TrainingProgress) => step === 3 && controller.abort(new Error("enough"));
    const cut = train("sft", "cut", { signal: controller.signal, onProgress });
    await expect(cut).rejects.toThrow("enough");
    expect(existsSync(place("cut"))).toBe(false);
    const { report, progress } = await train("sft", "cut");
    expect(progress.at(-1)).toMatchObject({ step: 4, steps: 4 });
    expect(report.loss_last).toBeCloseTo((await taught()).report.loss_last!, 3);
  });

  test("begins nothing where it is interrupted before", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    const told: number[] = [];
    const onProgress = ({ step }: TrainingProgress) => told.push(step);
    await expect(train("sft", "never", { signal, onProgress })).rejects.toThrow("enough");
    expect(told).toEqual([]);
    expect(existsSync(place("never"))).toBe(false);
  });

  test("leaves what was there before where it fails", async () => {
    mkdirSync(place("failed"), { recursive: true });
    writeFileSync(join(place("failed"), "old"), "");
    await expect(train("sft", "failed", { base: join(root, "no such model") })).rejects.toThrow(/\S/u);
    expect(readdirSync(place("failed"))).toEqual(["old"]);
  });

  test("starts no program of a scenario's that nobody allowed", async () => {
    if (kind.embedded) return;
    const permissions = NOTHING;
    await expect(train("sft", "refused", { permissions })).rejects.toThrow(/--allow-modules/u);
    expect(existsSync(place("refused"))).toBe(false);
  });
}
