import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { keyIn } from "../../environment.js";
import { UserError } from "../../errors.js";
import { findNamed } from "../../models/providers/index.js";
import { aborted, example, type RegisterCommand } from "../command.js";
import { count, port, whole } from "../parsers.js";
import { say } from "../say.js";

const PORT = 8000;
const MOST_WORKERS = 8;

export const registerServe: RegisterCommand = (program, { signal, permissions }) => {
  program
    .command("serve")
    .description("serve models under OpenAI's HTTP interface, for any client or evaluation harness")
    .argument("[models...]", "minnow, minnow:<folder>, hf:<folder> or <name>=<one of those>", ["minnow"])
    .option("--port <n>", "where to listen; 0 takes a free port", port, PORT)
    .option("--host <name>", "address to listen on; other than this machine's own needs a key", "127.0.0.1")
    .option("--api-key-env <name>", "environment variable with the key that clients must send")
    .option("--threads <n>", "threads of each engine", count)
    .option(
      "--workers <n>",
      `processes that draw from small models (default: one a core, ${MOST_WORKERS} at most); 0: the server itself draws`,
      whole,
    )
    .option("--json", "print the address as JSON")
    .addHelpText(
      "after",
      example(
        "candor serve minnow",
        "candor serve base=minnow last=minnow:runs/default-1a2b3c/checkpoints/004 --port 8001",
      ),
    )
    .action(async (names, { host, port, apiKeyEnv, threads, json, workers = workersFor(threads) }) => {
      const { startServer } = await import("../../serve/index.js");
      const apiKey = apiKeyEnv === undefined ? null : keyFrom(apiKeyEnv);
      const models = named(names);
      const { url, close } = await startServer({
        models,
        host,
        port,
        apiKey,
        threads,
        workers,
        permissions: permissions(),
      });
      const ids = Object.keys(models);
      say(
        json
          ? `${JSON.stringify({ url, models: ids })}\n`
          : `serving ${ids.join(", ")} at ${url}\nCtrl-C stops it\n`,
      );
      await aborted(signal);
      await close();
    });
};

/** As many as the cores hold; none where only one would fit, which the server can be itself. */
function workersFor(threads = 1): number {
  const fitting = Math.min(MOST_WORKERS, Math.floor(availableParallelism() / threads));
  return fitting > 1 ? fitting : 0;
}

/** Models by the name that clients ask for: the one given, or the last part of the folder. */
function named(specs: readonly string[]): Record<string, string> {
  const models: Record<string, string> = {};
  for (const spec of specs) {
    const [, name, rest] = /^(?:([^=:]+)=)?(.+)$/u.exec(spec) ?? [];
    const id = name ?? basename(findNamed(rest!)?.rest || rest!);
    if (Object.hasOwn(models, id))
      throw new UserError(`two models are called "${id}"; name them apart: other-name=${rest}`);
    models[id] = rest!;
  }
  return models;
}

function keyFrom(variable: string): string {
  const key = keyIn(variable);
  if (!key) throw new UserError(`the environment variable ${variable} (--api-key-env) is not set`);
  return key;
}
