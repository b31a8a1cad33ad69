import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { trainerKinds } from "../../src/training/kinds/index.js";
import { warmCommand } from "../reference/one-python.js";
import { pythonWith } from "../reference/python.js";
import { findProgram } from "./find-program.js";
import { trainerContract } from "./trainer-contract.js";

const python = pythonWith("torch", "transformers", "peft", "trl");
const llamaFactory = findProgram("CANDOR_LLAMA_FACTORY", "llamafactory-cli");

/** A trainer of somebody's own: a program that reads the rows and trains as it likes, here as candor's library does. */
const PROGRAM = `
import { readFileSync } from "node:fs";
import { embeddedTrainer } from "${pathToFileURL(packageFile("dist/index.js")).href}";
const [data, settingsFile, base, adapter, output, workdir] = process.argv.slice(2);
const settings = JSON.parse(readFileSync(settingsFile, "utf8"));
const lines = readFileSync(data, "utf8").trim().split("\\n");
const rows = lines.map((line, index) => ({ ...JSON.parse(line), source: { interaction: "line " + index, exchange: 0 } }));
const steps = Math.ceil(rows.length / settings.batch_size) * settings.num_train_epochs;
console.log("  Num examples = " + rows.length);
console.log("  Total optimization steps = " + steps);
await embeddedTrainer({
  data: { method: settings.method, rows },
  base,
  adapter: adapter === "" ? null : adapter,
  settings,
  seed: String(settings.seed),
  workdir: workdir + "/own",
  output,
  threads: 1,
  onProgress: ({ step, loss, learning_rate, grad_norm }) =>
    console.log(\`{'loss': \${loss}, 'grad_norm': \${grad_norm}, 'learning_rate': \${learning_rate}, 'epoch': \${(settings.num_train_epochs * step) / steps}}\`),
});
`;

const CONTRACTS: Record<string, () => void> = {
  embedded: () => trainerContract("embedded"),
  trl: () =>
    describe.skipIf(!python)("(skipped without torch, transformers, PEFT and TRL)", () => {
      // `trl.test.ts` starts TRL as people do.
      let warm: Awaited<ReturnType<typeof warmCommand>>;
      beforeAll(async () => {
        warm = await warmCommand(python!);
      });
      trainerContract("trl", () => ({
        command: [...warm, "trl"],
        arguments: { use_cpu: true, bf16: false, gradient_checkpointing: false },
      }));
    }),
  llamafactory: () =>
    describe.skipIf(!llamaFactory)("(skipped without llamafactory-cli)", () => {
      trainerContract("llamafactory", () => ({ command: [llamaFactory!] }));
    }),
  command: () => {
    const folder = mkdtempSync(join(tmpdir(), "candor-own-trainer-"));
    const program = join(folder, "own.mjs");
    writeFileSync(program, PROGRAM);
    afterAll(() => rmSync(folder, { recursive: true }));
    const places = ["{data}", "{settings}", "{base}", "{adapter}", "{output}", "{workdir}"];
    trainerContract("command", () => ({ command: [process.execPath, program, ...places] }));
  },
};

describe.each(Object.entries(CONTRACTS))("%s", (_name, contract) => contract());

it("holds every trainer that ships to it", () => {
  expect(Object.keys(CONTRACTS)).toEqual(trainerKinds.map(({ name }) => name));
});
