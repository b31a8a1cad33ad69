import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { UserError } from "../../errors.js";
import type { ExportedFiles, ExportRequest, KtoRow, PreferenceData } from "../../preference/index.js";
import { example, type RegisterCommand } from "../command.js";

type Format = "trl" | "llama-factory";
type Options = { format: Format; round?: number; out?: string; model?: string };

export const registerExport: RegisterCommand = (program) => {
  program
    .command("export")
    .description("write a run's preference data and settings for another trainer")
    .argument("<run>", "a run's folder")
    .addOption(
      new Option("--format <format>", "whose files to write")
        .choices(["trl", "llama-factory"])
        .default("trl"),
    )
    .option("--round <n>", "the round whose rows to write (default: the last one that has any)", wholeNumber)
    .option("--out <folder>", "where to (default: <run>/export/<format>-<round>)")
    .option(
      "--model <name>",
      "the model to train, as the other trainer is to be told (default: the run's assistant)",
    )
    .addHelpText(
      "after",
      example(
        "candor export runs/ten-percent-0123456789",
        "cd runs/ten-percent-0123456789/export/trl-004",
        "trl sft --config trl.yaml",
      ),
    )
    .action(async (run: string, options: Options) => {
      const { exportTrl, exportLlamaFactory } = await import("../../preference/index.js");
      const { request, round } = await readRun(run, options);
      const name = `${options.format}-${String(round).padStart(3, "0")}`;
      const out = options.out ?? join(run, "export", name);
      writeFiles(out, options.format === "trl" ? exportTrl(request) : exportLlamaFactory(request));
      process.stdout.write(`wrote ${request.data.rows.length} rows of round ${round} to ${out}\n`);
      await adviseOnKto(request);
    });
};

async function readRun(run: string, options: Options): Promise<{ request: ExportRequest; round: number }> {
  const { readJsonl, readManifest, runPaths } = await import("../../simulation/index.js");
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
    const { method, trainer: _trainer, start_from: _start, every: _every, ...settings } = training;
    const assistant = typeof models.assistant === "string" ? models.assistant : models.assistant.model;
    const data = { method, rows } as PreferenceData;
    return {
      request: { data, settings, model: options.model ?? (await modelFor(assistant)), seed: manifest.seed },
      round,
    };
  }
  throw new UserError(
    options.round === undefined
      ? `${run}: no round has preference data yet`
      : `${run}: round ${options.round} has no preference data; rounds go from 1 to ${rounds}`,
  );
}

/** The folder of an embedded model; other names are passed on as they are. */
async function modelFor(name: string): Promise<string> {
  const { embeddedFolder } = await import("../../chat/index.js");
  return (await embeddedFolder(name)) ?? name;
}

function writeFiles(folder: string, files: ExportedFiles): void {
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UserError(`${folder} is not empty; name another with --out`);
  }
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  } catch (error) {
    throw new UserError(`${folder} cannot be written (${(error as Error).message}); name another with --out`);
  }
}

async function adviseOnKto({ data, settings }: ExportRequest): Promise<void> {
  if (data.method !== "kto") return;
  const { balancedKtoWeights } = await import("../../preference/index.js");
  const weights = balancedKtoWeights(data.rows as KtoRow[], settings);
  if (weights === null) return;
  process.stdout.write(
    `the two sides are uneven; TRL advises desirable_weight: ${weights.desirable_weight}, undesirable_weight: ${weights.undesirable_weight}\n`,
  );
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("expected a whole number from 1");
  return value;
}
