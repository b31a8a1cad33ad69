import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { listeningAt } from "../../listening.js";
import { type Permissions, requireCode } from "../../permissions/index.js";
import { fillIn, hasPlace, type Running, startProgram } from "../../program/index.js";
import { shownAddress } from "../address.js";
import { modelsAt } from "../openai/models-at.js";
import type { Host, Loaded } from "./types.js";

/** Large models take their time to load. */
const PATIENCE_MS = 900_000;

/**
 * Serves an adapter by a command. With the place {port} it is a server of its own on a free port of this machine, and
 * stays up as long as the adapter is needed. Otherwise the model's own address is asked, and the command may end once the
 * server there knows the adapter by {name}.
 */
export async function serveByCommand(
  command: readonly string[],
  { name, path }: { name: string; path: string },
  { address, key }: Host,
  permissions: Permissions,
): Promise<Loaded> {
  requireCode(permissions, `models.assistant.adapters: ${command[0]} would be started`);
  const port = hasPlace(command, "port") ? String(await freePort()) : "";
  const own = port === "" ? address : `http://127.0.0.1:${port}/v1`;
  const server = startProgram(fillIn(command, { adapter: path, name, port }, "models.assistant.adapters"));
  try {
    const known = await untilServed(own, { name, key, alone: port !== "", server });
    return { name: known, address: own, release: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function untilServed(
  address: string,
  { name, key, alone, server }: { name: string; key: string | null; alone: boolean; server: Running },
): Promise<string> {
  let code: number | null | undefined;
  server.ended.then(
    (ended) => {
      code = ended;
    },
    () => {},
  );
  const deadline = performance.now() + PATIENCE_MS;
  for (let pause = 50; performance.now() < deadline; pause = Math.min(2_000, pause * 1.5)) {
    const models = await modelsAt(address, key);
    if (models.includes(name)) return name;
    // A server started for this adapter alone may call it as it likes.
    if (alone && models.length > 0) return models[0]!;
    if (code !== undefined && (alone || code !== 0)) {
      await server.ended;
      throw new Error(`the command that was to serve ${name} ended with code ${code}:\n${server.tail()}`);
    }
    await Promise.race([sleep(pause), server.ended.then(() => sleep(pause))]);
  }
  throw new Error(
    `${shownAddress(address)} does not serve ${name} after ${PATIENCE_MS / 60_000} minutes:\n${server.tail()}`,
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = listeningAt(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
