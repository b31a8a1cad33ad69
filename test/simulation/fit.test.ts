import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { type Load, loadOnce } from "../../src/resources/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { run, tryOut } from "../../src/simulation/index.js";
import { PATHS } from "../permissions.js";

/** A scenario on the shipped files, in a folder of its own. */
function scenarioWith(...overrides: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "candor-fit-"));
  const file = join(folder, "x.yaml");
  writeFileSync(file, "name: x\nrounds: 1\npopulation: { size: 8, personas: { benign: rest } }\n");
  return { folder, file, load: () => loadScenario(file, overrides, PATHS).scenario };
}

describe("models that cannot take part in a talk", () => {
  it.each(["assistant", "user", "rater"])(
    "are refused as %s before anything is played: the language",
    async (role) => {
      const other = ["assistant", "user", "rater"].filter((one) => one !== role);
      const elsewhere = other.map(
        (one) => `models.${one}={model: "openai:m", base_url: "http://127.0.0.1:9/v1", adapters: vllm}`,
      );
      const { folder, file, load } = scenarioWith(
        "situations=therapy",
        ...elsewhere,
        "training={trainer: trl, external: {model: org/x}}",
      );
      const options = { folder: join(folder, "run"), scenarioPath: file };
      const message = `situations: therapy is written in English, and models.${role}: minnow:1 knows its own small language alone; use situations: minnow`;
      await expect(run(load(), options)).rejects.toThrow(message);
      await expect(tryOut(load(), { scenarioPath: file })).rejects.toThrow(message);
      expect(existsSync(options.folder)).toBe(false);
    },
  );

  it("are refused before anything is played: the context", async () => {
    const models = ["assistant", "user", "rater"].map(
      (role) => `models.${role}=hf:${packageFile("models/minnow/1")}`,
    );
    const { file, load } = scenarioWith("situations=therapy", ...models);
    await expect(tryOut(load(), { scenarioPath: file, permissions: PATHS })).rejects.toThrow(
      /situations: the shortest talk of therapy takes \d+ tokens of models\.user: hf:\S+, which reads 512; use a model with a longer context/,
    );
    // Where the user says nothing after its opening, that prompt is never put.
    const short = scenarioWith("situations=therapy", ...models, "interaction.exchanges=1");
    await expect(tryOut(short.load(), { scenarioPath: short.file, permissions: PATHS })).rejects.toThrow(
      /models\.rater/,
    );
  });

  it("are refused before anything is asked: probes in another language", async () => {
    const { file, load } = scenarioWith("evaluation.suites.mask.file=english");
    await expect(tryOut(load(), { scenarioPath: file })).rejects.toThrow(
      "evaluation.suites.mask.file: these probes are in English, and models.assistant: minnow:1 knows",
    );
  });
});

describe("models that can", () => {
  it("are taken with the pack in their language, and with one that does not say what it is written in", async () => {
    const { folder, file, load } = scenarioWith("situations=own");
    cpSync(packageFile("situations/minnow"), join(folder, "situations/own"), { recursive: true });
    const pack = join(folder, "situations/own/pack.yaml");
    const text = readFileSync(pack, "utf8");
    expect(text).toMatch(/^language: minnow$/mu);
    writeFileSync(pack, text.replace(/^language: minnow\n/mu, "").replace(/^name: minnow$/mu, "name: own"));
    const { pack: loaded } = await tryOut(load(), { scenarioPath: file });
    expect([loaded.name, loaded.language]).toEqual(["own", undefined]);
    const minnow = scenarioWith();
    expect((await tryOut(minnow.load(), { scenarioPath: minnow.file })).pack.language).toBe("minnow");
  });
});

it("opens the models of cells that differ in nothing that they are asked once", async () => {
  const once = loadOnce();
  const opened: string[] = [];
  const counting: Load = (loader, ...args) => {
    if (loader.name === "tryModels") opened.push(JSON.stringify(args));
    return once(loader, ...args);
  };
  // Cells of a sweep have one file.
  const [first, second] = ["0.001", "0.002"].map((rate) => scenarioWith(`training.learning_rate=${rate}`));
  for (const { load: read } of [first!, second!])
    await tryOut(read(), { scenarioPath: first!.file, load: counting });
  expect(opened).toHaveLength(2);
  expect(new Set(opened).size).toBe(1);
});
