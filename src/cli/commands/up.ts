import { basename } from "node:path";
import type { Command } from "@commander-js/extra-typings";
import { UserError } from "../../errors.js";
import { requireOnce } from "../../once.js";
import { packageFile } from "../../package-root.js";
import type { PlannedServer } from "../../up/index.js";
import { aborted, example, type RegisterCommand } from "../command.js";
import { EndedWith } from "../exit.js";
import { collect, count, share } from "../parsers.js";
import { say, tell } from "../say.js";
import { loadGiven } from "../scenario-file.js";

const WAIT_SECONDS = 900;

export const registerUp: RegisterCommand = (program, { signal, permissions }) => {
  program
    .command("up")
    .description("start the vLLM servers that a scenario needs, run a command, and end them with it")
    .argument("<scenario>", "scenario file")
    .argument("[command...]", "after --: what to run while they are up; without it they stay up until Ctrl-C")
    .option(
      "--gpus <ids>",
      "cards that get a server each, e.g. 0,1, or none (default: all that nvidia-smi lists)",
    )
    .option(
      "--model <name=folder>",
      "what vLLM loads for a model other than the one that is trained; may be repeated",
      collect,
    )
    .option(
      "--memory <share>",
      "share of a card's memory for its servers (default: 0.9, or 0.4 where trainers run here)",
      share,
    )
    .option("--vllm <option>", "an option more for vllm serve, as it is; may be repeated", collect)
    .option("--wait <seconds>", "longest time a server may take to answer", count, WAIT_SECONDS)
    .option("--logs <folder>", "folder for the servers' logs", "runs/.servers")
    .option("--set <field=value>", "override a field; may be repeated", collect)
    .addHelpText(
      "after",
      example(
        "candor up scenarios/real-gpu.yaml -- candor sweep scenarios/real-gpu.yaml --workers 15",
        "candor up scenarios/real-users.yaml --gpus 0,1 --memory 0.3 --vllm=--enforce-eager",
      ),
    )
    .action(async (file, command, options) => {
      const { loadScenario } = await import("../../scenario/index.js");
      const { findGpus } = await import("../../program/index.js");
      const { servedModels, up } = await import("../../up/index.js");
      const { scenario } = await loadGiven(file, () => loadScenario(file, options.set, permissions()));
      const folders = foldersOf(options.model);
      const { requireOutsideOfRuns } = await import("../../runs/index.js");
      requireOutsideOfRuns(options.logs, { option: "--logs" });
      // A scenario that needs no server needs no card either, so it is looked at first.
      servedModels(scenario, folders);
      const cards = (await findGpus(options.gpus)).ids;
      if (cards.length === 0 && options.gpus === undefined)
        throw new UserError(
          "nvidia-smi lists no card; --gpus names them, and --gpus none starts servers without",
        );
      const code = await up(scenario, {
        cards,
        folders,
        memory: options.memory,
        more: options.vllm ?? [],
        logs: options.logs,
        patienceMs: options.wait * 1000,
        permissions: permissions(),
        signal,
        tell: (text) => tell(`candor: ${text}\n`),
        meanwhile: (servers, ending) => meanwhile(servers, ending, { command, cards, program }),
      });
      if (command.length > 0) signal.throwIfAborted();
      if (code !== 0) throw new EndedWith(code);
    });
};

/** Runs the command while the servers are up, or says where they are until the user ends them. */
async function meanwhile(
  servers: readonly PlannedServer[],
  ending: AbortSignal,
  {
    command,
    cards,
    program,
  }: { command: readonly string[]; cards: readonly (string | number)[]; program: Command },
): Promise<number | null> {
  const { moreAddresses, runCommand } = await import("../../up/index.js");
  const sets = moreAddresses(servers);
  if (command.length === 0) {
    const lines = [...addressLines(servers), ...sets.map((set) => `--set '${set}'`)];
    say(`${lines.join("\n")}\nCtrl-C stops them\n`);
    await aborted(ending);
    return 0;
  }
  for (const line of addressLines(servers)) tell(`candor: ${line}\n`);
  const argv = await withSets(command, sets, program);
  tell(`candor: running ${argv.join(" ")}\n`);
  const env: Record<string, string> = cards.length > 0 ? { CUDA_VISIBLE_DEVICES: cards.join(",") } : {};
  return await runCommand(ownProgram(argv), env);
}

/** `name=folder`, as it was given. Throws a UserError on what has no `=`. */
function foldersOf(given: readonly string[] = []): Record<string, string> {
  const named = given.map((text) => {
    const [, name, folder] = /^([^=]+)=(.+)$/u.exec(text) ?? [];
    if (name === undefined || folder === undefined)
      throw new UserError(`--model ${text}: expected name=folder, e.g. --model qwen=models/qwen`);
    return { option: `--model ${text}`, of: name, folder };
  });
  requireOnce(named);
  return Object.fromEntries(named.map(({ of, folder }) => [of, folder]));
}

function addressLines(servers: readonly PlannedServer[]): string[] {
  const models = [...new Set(servers.map(({ model }) => model))];
  return models.map((model) => {
    const addresses = servers.filter((one) => one.model === model).map(({ address }) => address);
    return `${model.fields.join(", ")}: ${model.name} at ${addresses.join(" ")}`;
  });
}

const isCandor = (argv: readonly string[]): boolean => basename(argv[0]!) === "candor";

/** A command of candor's that takes `--set` is told of all servers, but for fields that the user sets there, or a part of. */
async function withSets(
  argv: readonly string[],
  sets: readonly string[],
  program: Command,
): Promise<string[]> {
  const { isWithin } = await import("../../scenario/index.js");
  if (!isCandor(argv) || sets.length === 0) return [...argv];
  const taking = program.commands.filter((one) => one.options.some(({ long }) => long === "--set"));
  const names = new Set(taking.map((one) => one.name()));
  const at = argv.findIndex((word) => names.has(word));
  if (at < 0) return [...argv];
  const own = argv.flatMap((word, index) => {
    const text = argv[index - 1] === "--set" ? word : /^--set=(.*)$/su.exec(word)?.[1];
    return text === undefined ? [] : [pathOf(text)];
  });
  const told = sets.filter(
    (set) => !own.some((path) => isWithin(path, pathOf(set)) || isWithin(pathOf(set), path)),
  );
  return [...argv.slice(0, at + 1), ...told.map((set) => `--set=${set}`), ...argv.slice(at + 1)];
}

const pathOf = (set: string): string => set.slice(0, set.indexOf("=")).trim();

/** This candor, also where none is on PATH, as in a checkout. */
function ownProgram(argv: readonly string[]): string[] {
  return argv[0] === "candor"
    ? [process.execPath, packageFile("dist/cli/main.js"), ...argv.slice(1)]
    : [...argv];
}
