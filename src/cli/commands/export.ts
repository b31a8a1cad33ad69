import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { UserError } from "../../errors.js";
import type { ResultFormat } from "../../export/index.js";
import type { ExportedFiles, ExportRequest, KtoRow, PreferenceData } from "../../preference/index.js";
import { example, type RegisterCommand } from "../command.js";

const RESULTS = ["csv", "jsonl", "parquet", "vega", "bibtex", "dataset"] as const satisfies ResultFormat[];
const TRAINERS = ["trl", "llama-factory"] as const;

type Format = (typeof RESULTS)[number] | (typeof TRAINERS)[number];
type Options = { format: Format; round?: number; out?: string; model?: string };

export const registerExport: RegisterCommand = (program) => {
  program
    .command("export")
    .description("write a run's or sweep's results, or a run's preference data for another trainer")
    .argument("<folder>", "a run's folder; for results also a sweep's")
    .addOption(
      new Option(
        "--format <format>",
        "results as tables, Vega-Lite figures, a methods paragraph with BibTeX, or a data set with a card; or rows for a trainer",
      )
        .choices([...RESULTS, ...TRAINERS])
        .default("trl"),
    )
    .option("--out <folder>", "where to (default: <folder>/export/<format>)")
    .option(
      "--round <n>",
      "for a trainer: the round whose rows to write (default: the last one that has any)",
      wholeNumber,
    )
    .option(
      "--model <name>",
      "for a trainer: the model to train, by its name for it (default: the run's assistant)",
    )
    .addHelpText(
      "after",
      example(
        "candor export runs/default-0123456789 --format parquet",
        "candor export runs/ten-percent-0123456789",
        "cd runs/ten-percent-0123456789/export/trl-004",
        "trl sft --config trl.yaml",
      ),
    )
    .action(async (run: string, options: Options) => {
      if (isResult(options.format)) {
        const { exportResults } = await import("../../export/index.js");
        const out = options.out ?? join(run, "export", options.format);
        const files = await exportResults(run, options.format, out);
        process.stdout.write(`wrote ${files.length} files to ${out}\n`);
        return;
      }
      const { exportTrl, exportLlamaFactory } = await import("../../preference/index.js");
      const { request, round } = await readRun(run, options);
      const name = `${options.format}-${String(round).padStart(3, "0")}`;
      const out = options.out ?? join(run, "export", name);
      await writeFiles(out, options.format === "trl" ? exportTrl(request) : exportLlamaFactory(request));
      process.stdout.write(`wrote ${request.data.rows.length} rows of round ${round} to ${out}\n`);
      await adviseOnKto(request);
    });
};

function isResult(format: Format): format is ResultFormat {
  return (RESULTS as readonly string[]).includes(format);
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
  const { embeddedFolder } = await import("../../models/index.js");
  return (await embeddedFolder(name)) ?? name;
}

async function writeFiles(folder: string, files: ExportedFiles): Promise<void> {
  const { wholeFolder } = await import("../../runs/index.js");
  await wholeFolder(folder, (draft) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(draft, name), text);
  });
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
