import { setMaxListeners } from "node:events";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { UserError } from "../../errors.js";
import { counted } from "../../numbers.js";
import { Owner } from "../../owner.js";
import type { Permissions } from "../../permissions/index.js";
import type { Harvest } from "../../situation/index.js";
import { didYouMean } from "../../yaml/index.js";
import { example, type RegisterCommand } from "../command.js";
import { CommandFailed } from "../exit.js";
import { address, count as countOf, temperature, whole } from "../parsers.js";
import { say, tell } from "../say.js";

export const registerUsers: RegisterCommand = (program, { signal, permissions }) => {
  const users = program
    .command("users")
    .description("write more users for a situation pack")
    .addHelpText("after", example("candor users generate therapy --model hf:./my-model"));
  users
    .command("generate")
    .description("have a chat model write users until every situation has enough; goes on where it stopped")
    .argument("<pack>", "name of the pack")
    .requiredOption("--model <name>", "who writes, e.g. openai:<model>")
    .option("--base-url <url>", "address of an openai: model's server", address("--base-url"))
    .option("--api-key-env <name>", "environment variable that holds its key")
    .option("--max-concurrency <n>", "most requests at once", countOf)
    .option("--per-situation <n>", "users that each situation is to have, with those there are", countOf, 16)
    .option("--situation <id...>", "only these situations")
    .option("--budget <tokens>", "most tokens to spend", countOf)
    .option("--seed <n>", "seed of the draws", whole, 1)
    .option("--temperature <t>", "sampling temperature", temperature, 1)
    .option("--out <folder>", "the pack's folder; made as a copy if missing (default: situations/<pack>)")
    .option("--json", "print what was written as JSON")
    .addHelpText(
      "after",
      example(
        "candor users generate therapy --per-situation 400 \\",
        "  --model openai:llama3.2 --base-url http://localhost:11434/v1",
      ),
    )
    .action(async (pack, options) => {
      await generate(pack, options, { signal, permissions: permissions() });
    });
};

type GenerateOptions = {
  model: string;
  baseUrl?: string;
  apiKeyEnv?: string;
  maxConcurrency?: number;
  perSituation: number;
  situation?: string[];
  budget?: number;
  seed: number;
  temperature: number;
  out?: string;
  json?: true;
};

async function generate(
  pack: string,
  options: GenerateOptions,
  { signal, permissions }: { signal: AbortSignal; permissions: Permissions },
): Promise<void> {
  const { openTraffic, releaseModel, resolveChatModel } = await import("../../models/index.js");
  const { lockFolder, requireOutsideOfRuns } = await import("../../runs/index.js");
  const folder = options.out ?? join("situations", pack);
  requireOutsideOfRuns(folder);
  const { budget: tokens } = options;
  await using owner = new Owner();
  const traffic = owner.own(
    openTraffic({ budget: tokens === undefined ? null : { tokens, prices: {} } }),
    (open) => open.close(),
  );
  const spec = {
    model: options.model,
    base_url: options.baseUrl,
    api_key_env: options.apiKeyEnv,
    max_concurrency: options.maxConcurrency,
  };
  const model = owner.own(
    await resolveChatModel(spec, { role: "users", traffic, permissions }),
    releaseModel,
  );
  await refuseUnknown(pack, folder, options);
  await makePack(pack, folder);
  const stop = AbortSignal.any([signal, traffic.signal]);
  setMaxListeners(0, stop);
  const unlock = await lockFolder(folder);
  let harvested: { harvest: Harvest[]; count: number };
  try {
    harvested = await writeUsers(folder, options, { model, signal: stop });
  } finally {
    await unlock();
  }
  report(harvested.harvest, {
    folder,
    count: harvested.count,
    usage: traffic.usage().users ?? {},
    json: options.json,
  });
}

/** Before anything is made: a mistyped situation leaves no folder. */
async function refuseUnknown(pack: string, folder: string, options: GenerateOptions): Promise<void> {
  const { loadPack } = await import("../../resources/index.js");
  const made = existsSync(join(folder, "pack.yaml"));
  const { value } = made
    ? await loadPack(basename(resolve(folder)), besideOf(folder), { written: false })
    : await loadPack(pack, "./scenario.yaml");
  chosen(value.situations, options);
}

/** Has users written into a pack's folder, which this process holds. */
async function writeUsers(
  folder: string,
  options: GenerateOptions,
  { model, signal }: { model: BaseChatModel; signal: AbortSignal },
): Promise<{ harvest: Harvest[]; count: number }> {
  const { generateUsers, writtenUserSchema } = await import("../../situation/index.js");
  const { loadPack } = await import("../../resources/index.js");
  const { openGrowing } = await import("../../runs/index.js");
  let count = 0;
  const file = await openGrowing(join(folder, "users.jsonl"), {
    schema: writtenUserSchema,
    advice: "mend or delete that line",
  });
  const loaded = await loadPack(basename(resolve(folder)), besideOf(folder), { written: false });
  const harvest = await generateUsers(chosen(loaded.value.situations, options), {
    model,
    perSituation: options.perSituation,
    before: file.found,
    seed: options.seed,
    temperature: options.temperature,
    signal,
    onUsers: async (written) => {
      await Promise.all(written.map(file.append));
      count += written.length;
      if (!options.json) tell(`${counted(count, "user")} written\n`);
    },
  });
  return { harvest, count };
}

/** Makes the folder a copy of the pack, under the folder's own name, unless it is a pack already. */
async function makePack(pack: string, folder: string): Promise<void> {
  if (existsSync(join(folder, "pack.yaml"))) return;
  const { packFolder, packNames } = await import("../../scenario/index.js");
  const { parseDocument } = await import("yaml");
  const { makeWithParentsSync, writeWhole } = await import("../../whole/index.js");
  const source = packFolder(pack, "./scenario.yaml");
  if (source === null)
    throw new UserError(`unknown situation pack "${pack}"${didYouMean(pack, packNames("./scenario.yaml"))}`);
  makeWithParentsSync(folder);
  for (const name of readdirSync(source).filter((name) => /\.(?:yaml|jsonl)$/.test(name)))
    cpSync(join(source, name), join(folder, name));
  const path = join(folder, "pack.yaml");
  const document = parseDocument(readFileSync(path, "utf8"));
  document.set("name", basename(resolve(folder)));
  await writeWhole(path, document.toString());
}

/** A place beside which `situations/<pack>` is the folder. */
function besideOf(folder: string): string {
  const parent = resolve(folder, "..");
  if (basename(parent) !== "situations")
    throw new UserError(
      `${folder}: scenarios find packs in a folder situations/ beside them; name one there`,
    );
  return join(parent, "..", "scenario.yaml");
}

function chosen<T extends { id: string }>(
  situations: readonly T[],
  { situation: ids }: { situation?: string[] },
): T[] {
  const missing = ids?.find((id) => !situations.some((one) => one.id === id));
  if (missing !== undefined)
    throw new UserError(
      `--situation ${missing}: the pack has none of that id${didYouMean(
        missing,
        situations.map(({ id }) => id),
      )}`,
    );
  return situations.filter(({ id }) => ids === undefined || ids.includes(id));
}

function report(
  harvest: readonly Harvest[],
  { folder, count, usage, json }: { folder: string; count: number; usage: object; json?: boolean },
): void {
  const short = harvest.filter(({ gaveUp }) => gaveUp !== null);
  if (json) say(`${JSON.stringify({ folder, written: count, usage, situations: harvest }, null, 2)}\n`);
  else {
    const refused = harvest
      .flatMap((one) => Object.values(one.refused))
      .reduce((sum, times) => sum + times, 0);
    const users = harvest.reduce((sum, one) => sum + one.users, 0);
    say(
      `wrote ${counted(count, "user")} to ${join(folder, "users.jsonl")} (${refused} were refused); ${harvest.length} situations have ${counted(users, "user")}\n`,
    );
  }
  for (const { situation, users, gaveUp } of short)
    tell(`candor: ${situation} has ${counted(users, "user")}: ${gaveUp}\n`);
  if (short.length > 0) throw new CommandFailed();
}
