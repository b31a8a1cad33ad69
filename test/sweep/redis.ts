import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.js";
import { until } from "../until.js";

export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

export type RedisServer = {
  port: number;
  /** Where it would leave anything on disk. */
  folder: string;
  stop: () => Promise<void>;
};

/** A real server on a free port of this machine, with nothing kept. More options of `redis-server` may be given. */
export async function startRedis(...options: string[]): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), "candor-redis-"));
  const port = await freePort();
  const where = options.includes("--tls-port") ? ["--port", "0"] : ["--port", String(port)];
  const server = spawn("redis-server", [
    ...where,
    ...["--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no"],
    ...options.map((option) => option.replace("$PORT", String(port))),
  ]);
  await answers(port, server);
  return {
    port,
    folder,
    stop: async () => {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answers(port: number, server: ChildProcess): Promise<void> {
  let said = "";
  server.stdout!.on("data", (chunk) => {
    said += chunk;
  });
  await until(async () => {
    if (server.exitCode !== null) throw new Error(`redis-server ended: ${said}`);
    return await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.on("connect", () => socket.end());
    });
  });
}
