import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keyIn } from "../environment.js";
import { Stopped, UserError } from "../errors.js";
import { modelsAt } from "../models/index.js";
import { maySendKey, type Permissions } from "../permissions/index.js";
import { type Running, startProgram } from "../program/index.js";
import { appendSync, makeWithParentsSync } from "../whole/index.js";
import { portOf } from "./place.js";
import type { PlannedServer } from "./types.js";
import { vllmCommand, vllmEnvironment } from "./vllm.js";

export type ServerOptions = {
  /** More options of vLLM's, as they are. */
  more: readonly string[];
  /** Folder of their logs. */
  logs: string;
  /** How long a server may take to answer. */
  patienceMs: number;
  permissions: Permissions;
  signal: AbortSignal;
  tell: (line: string) => void;
};

/** A server that was started. */
export type Server = PlannedServer & { running: Running; log: string; key: string | null };

const LOOK_AGAIN_MS = 500;
const TELL_AGAIN_MS = 30_000;
const TOLD_LINES = 12;

/** Starts a server. All that it says goes into a file. */
export function startServer(planned: PlannedServer, options: ServerOptions): Server {
  const { logs, more, permissions, tell } = options;
  const { model, card, address } = planned;
  const variable = model.key;
  const key = variable !== null && maySendKey(permissions, variable, address) ? keyIn(variable) : undefined;
  makeWithParentsSync(logs);
  const log = join(logs, `vllm-${portOf(address)}.log`);
  writeFileSync(log, "");
  const running = startProgram(vllmCommand(planned, more), {
    env: vllmEnvironment(planned, key ?? null),
    onLine: (line) => appendSync(log, `${line}\n`),
    group: true,
  });
  tell(
    `waiting for ${model.name} at ${address} (${card === null ? "no card named" : `card ${card}`}; its log: ${log})`,
  );
  return { ...planned, running, log, key: key ?? null };
}

/** Waits until a server offers its model. Throws Stopped with the end of its log where it ends or takes too long. */
export async function untilServed(
  server: Server,
  { patienceMs, signal, tell }: ServerOptions,
): Promise<void> {
  const { model, address, running, key } = server;
  let code: number | null | undefined;
  const ended = running.ended.then((value) => {
    code = value;
  });
  // Rejects where there is no such program, which whoever races with it is told.
  ended.catch(() => {});
  const began = performance.now();
  const waited = (): number => Math.round((performance.now() - began) / 1000);
  for (let told = began; performance.now() - began < patienceMs; ) {
    if ((await modelsAt(address, key)).includes(model.name) && code === undefined) return;
    signal.throwIfAborted();
    if (code !== undefined)
      throw new Stopped(`${endOf(server, code)} before it answered${lastWords(server)}`);
    await Promise.race([sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => {}), ended]);
    if (performance.now() - told < TELL_AGAIN_MS) continue;
    told = performance.now();
    tell(
      `still waiting for ${model.name} at ${address} (${waited()} s): ${running.tail().split("\n").at(-1)}`,
    );
  }
  throw new Stopped(
    `${model.name} at ${address} does not answer after ${waited()} s (--wait says how long it may take)${lastWords(server)}`,
  );
}

/** Tells of a server that ends by itself. */
export function tellEnd(server: Server, tell: ServerOptions["tell"]): void {
  void server.running.ended
    .then((code) => tell(`${endOf(server, code)}${lastWords(server)}`))
    .catch(() => {});
}

function endOf({ model, address }: Server, code: number | null): string {
  return `vLLM of ${model.name} at ${address} ended with ${code === null ? "a signal" : `code ${code}`}`;
}

function lastWords({ running, log }: Server): string {
  const lines = running.tail().split("\n").slice(-TOLD_LINES);
  return `; the end of ${log}:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}

/** Whether nobody listens at a port of this machine. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const free = await new Promise<boolean>((resolve) => {
    server.on("error", () => resolve(false)).listen(port, "127.0.0.1", () => resolve(true));
  });
  await new Promise((resolve) => server.close(resolve));
  return free;
}

/** Throws a UserError where somebody else answers at an address: what it says would be taken for ours. */
export async function requireFree(servers: readonly PlannedServer[]): Promise<void> {
  for (const { address, model } of servers) {
    if (await isFree(portOf(address))) continue;
    throw new UserError(
      `${model.fields[0]}: something listens at ${address} already; end it, or name another address (--set ${model.fields[0]}.base_url=…)`,
    );
  }
}
