import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { UserError } from "../../errors.js";
import type { ExportedFiles, ExportRequest, KtoRow, PreferenceData } from "../../preference/index.js";
import { example, type RegisterCommand } from "../command.js";

const FORMATS = ["trl", "llama-factory", "openai"] as const;
type Format = (typeof FORMATS)[number];
type Options = { format: Format; round?: number; out?: string; model?: string; json?: boolean };

export const registerData: RegisterCommand = (program) => {
  program
    .command("data")
    .description("write a run's preference data, with its settings, for a trainer of yours")
    .argument("<run>", "a run's folder")
    .addOption(
      new Option("--format <format>", "whose files to write; openai: the JSON lines of fine-tuning APIs")
        .choices(FORMATS)
        .default("trl"),
    )
    .option("--round <n>", "the round whose rows to write (default: the last one that has any)", wholeNumber)
    .option("--out <folder>", "where to (default: <run>/data/<format>-<round>)")
    .option(
      "--model <name>",
      "the model to train, by its name for the trainer (default: the run's assistant)",
    )
    .option("--json", "print what was written as JSON")
    .addHelpText(
      "after",
      example(
        "candor data runs/ten-percent-0123456789",
        "cd runs/ten-percent-0123456789/data/trl-004",
        "trl sft --config trl.yaml",
      ),
    )
    .action(async (run: string, options: Options) => {
      const { request, round } = await readRun(run, options);
      const name = `${options.format}-${String(round).padStart(3, "0")}`;
      const out = options.out ?? join(run, "data", name);
      const files = await filesFor(options.format, request);
      await writeFiles(out, files);
      const rows = request.data.rows.length;
      const advice = await ktoAdvice(request);
      if (options.json) {
        const written = { folder: out, files: Object.keys(files), round, method: request.data.method, rows };
        process.stdout.write(`${JSON.stringify({ ...written, advice }, null, 2)}\n`);
        return;
      }
      process.stdout.write(`wrote ${rows} ${request.data.method} rows of round ${round} to ${out}\n`);
      if (advice)
        process.stdout.write(
          `the two sides are uneven; TRL advises desirable_weight: ${advice.desirable_weight}, undesirable_weight: ${advice.undesirable_weight}\n`,
        );
    });
};

async function filesFor(format: Format, request: ExportRequest): Promise<ExportedFiles> {
  const { exportLlamaFactory, exportOpenAi, exportTrl } = await import("../../preference/index.js");
  const write = { trl: exportTrl, "llama-factory": exportLlamaFactory, openai: exportOpenAi }[format];
  return write(request);
}

async function readRun(run: string, options: Options): Promise<{ request: ExportRequest; round: number }> {
  const { readJsonl, readManifest, runPaths } = await import("../../runs/index.js");
  const { settingsFor } = await import("../../training/index.js");
  const paths = runPaths(run);
  const manifest = await readManifest(paths);
  if (manifest === undefined)
    throw new UserError(`${run}: no run.json; name a run's folder, such as runs/<name>-<hash>`);
  const { training, models, rounds } = manifest.scenario;
  const wanted =
    options.round === undefined ? Array.from({ length: rounds }, (_, at) => rounds - at) : [options.round];
  for (const round of wanted) {
    const rows = await readJsonl(paths.round(round).preference);
    if (rows === undefined) continue;
    const assistant = typeof models.assistant === "string" ? models.assistant : models.assistant.model;
    const data = { method: training.method, rows } as PreferenceData;
    const settings = settingsFor(training, data, round);
    const model = options.model ?? training.external?.model ?? (await modelFor(assistant));
    return { request: { data, settings, model, seed: manifest.seed }, round };
  }
  throw new UserError(
    options.round === undefined
      ? `${run}: no round has preference data yet`
      : `${run}: round ${options.round} has no preference data; rounds go from 1 to ${rounds}`,
  );
}

/** The folder of an embedded model; the name on the server of any other. */
async function modelFor(name: string): Promise<string> {
  const { embeddedFolder } = await import("../../models/index.js");
  return (await embeddedFolder(name)) ?? name.replace(/^openai:/, "");
}

async function writeFiles(folder: string, files: ExportedFiles): Promise<void> {
  const { wholeFolder } = await import("../../runs/index.js");
  await wholeFolder(folder, (draft) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(draft, name), text);
  });
}

/** Weights that balance uneven sides, where they are uneven. */
async function ktoAdvice({
  data,
  settings,
}: ExportRequest): Promise<{ desirable_weight: number; undesirable_weight: number } | null> {
  if (data.method !== "kto") return null;
  const { balancedKtoWeights } = await import("../../preference/index.js");
  return balancedKtoWeights(data.rows as KtoRow[], settings);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("expected a whole number from 1");
  return value;
}
