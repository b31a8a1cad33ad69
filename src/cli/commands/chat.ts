import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline/promises";
import pc from "picocolors";
import { example, type RegisterCommand } from "../command.js";
import { CommandFailed } from "../exit.js";
import { address, count, temperature, whole } from "../parsers.js";
import { say, tell } from "../say.js";

export const registerChat: RegisterCommand = (program, { signal, permissions }) => {
  program
    .command("chat")
    .description("talk to a model or a checkpoint in the terminal")
    .argument("<model>", "a checkpoint's or adapter's folder, or a model as scenarios name it")
    .option("--system <text>", "system message")
    .option("--seed <n>", "seed of the replies", whole, 1)
    .option("--temperature <t>", "sampling temperature", temperature, 1)
    .option("--max-tokens <n>", "longest reply in tokens", count, 256)
    .option("--base-url <url>", "address of an openai: model's server", address("--base-url"))
    .option("--api-key-env <name>", "environment variable that holds its key")
    .addHelpText(
      "after",
      example(
        "candor chat runs/ten-percent-0123456789/checkpoints/004",
        "candor chat openai:llama3.2 --base-url http://localhost:11434/v1",
        'echo "i feel weak today. i want to drink again. help me stay strong." | candor chat minnow',
      ),
    )
    .action(async (name, options) => {
      const { releaseModel, resolveChatModel } = await import("../../models/index.js");
      const { openSession } = await import("../chat/session.js");
      const model = await resolveChatModel(
        {
          model: isFolder(name) ? `hf:${name}` : name,
          base_url: options.baseUrl,
          api_key_env: options.apiKeyEnv,
        },
        { permissions: permissions() },
      );
      const session = openSession(model, { ...options, system: options.system ?? null });
      try {
        await (process.stdin.isTTY ? talk : readAll)(session.take, signal);
      } finally {
        await releaseModel(model);
      }
    });
};

type Take = ReturnType<typeof import("../chat/session.js").openSession>["take"];

/** With a person: a prompt, and Ctrl-C ends a reply or, between replies, the session. */
async function talk(take: Take, signal: AbortSignal): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  say(pc.dim("/help lists commands; Ctrl-D ends\n"));
  let reply: AbortController | undefined;
  terminal.on("SIGINT", () => {
    if (reply) reply.abort(new Error("stopped"));
    else terminal.close();
  });
  signal.addEventListener("abort", () => terminal.close(), { once: true });
  for (let line = await ask(terminal); line !== null; line = await ask(terminal)) {
    reply = new AbortController();
    try {
      if (!(await take(line, say, reply.signal))) break;
    } catch (error) {
      say(`\n${pc.red((error as Error).message)}\n`);
    }
    reply = undefined;
  }
  terminal.close();
}

/** The next line; null at the end. */
async function ask(terminal: Interface): Promise<string | null> {
  const closed = new Promise<null>((resolve) => terminal.once("close", () => resolve(null)));
  return await Promise.race([terminal.question(pc.bold("> ")).catch(() => null), closed]);
}

/** With a program: every line is said, replies alone are printed, and the first failure ends it. */
async function readAll(take: Take, signal: AbortSignal): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      if (!(await take(line, say, signal))) return;
    } catch (error) {
      signal.throwIfAborted();
      tell(`candor: ${(error as Error).message}\n`);
      throw new CommandFailed();
    }
  }
}

function isFolder(name: string): boolean {
  return ["config.json", "adapter_config.json"].some((file) => existsSync(join(name, file)));
}
