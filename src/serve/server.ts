import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import { UserError } from "../errors.js";
import { listeningAt } from "../listening.js";
import type { Permissions } from "../permissions/index.js";
import { createApp } from "./app.js";
import { openModels } from "./open-models.js";

export type ServerOptions = {
  /** Name for clients to the model's own name: `{ minnow: "minnow", "round-3": "minnow:runs/x/checkpoints/003" }`. */
  models: Readonly<Record<string, string>>;
  /** Address to listen on; any but this machine's own needs an API key. Default 127.0.0.1. */
  host?: string;
  /** 0 (the default) takes a free one. */
  port?: number;
  apiKey?: string | null;
  /** Threads of each engine. */
  threads?: number;
  /**
   * Processes that small models (up to 64 MiB in float32) are drawn in, each with all of them; 0 (the default): this process
   * alone, where large ones are always drawn, which keep all cores busy with their threads.
   */
  workers?: number;
  /** What the user lets adapters do: name checkpoints anywhere. Nothing if absent. */
  permissions?: Permissions;
  /** Told of failures that are not the client's; default: printed to stderr. */
  onError?: (error: unknown) => void;
};

export type RunningServer = {
  /** Base address for clients, e.g. `http://127.0.0.1:8000/v1`. */
  url: string;
  /** Ends running requests and frees the models. */
  close: () => Promise<void>;
};

const LOCAL = ["127.0.0.1", "localhost", "::1"];

/** Serves embedded models under OpenAI's HTTP interface. Throws UserError on models or addresses that cannot be had. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = "127.0.0.1", port = 0, apiKey = null, onError = printError } = options;
  if (apiKey === null && !LOCAL.includes(host))
    throw new UserError(`serving on ${host} opens the models to the network: give an API key`);
  const { models, release } = await openModels(options.models, options);
  try {
    const app = createApp({ models, apiKey, onError });
    const server = await listen(app.fetch, host, port);
    const { address, family, port: taken } = listeningAt(server);
    return {
      url: `http://${family === "IPv6" ? `[${address}]` : address}:${taken}/v1`,
      close: async () => {
        const closed = new Promise((resolve) => server.close(resolve));
        server.closeAllConnections();
        await closed;
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  hostname: string,
  port: number,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname, port }, () => resolve(server)) as Server;
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new UserError(`cannot listen on ${hostname}:${port}: ${whyNot(error)}`));
    });
  });
}

/** Why an address cannot be had, and what to do. */
function whyNot({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "EADDRINUSE":
      return "another program uses that port; choose another one, or 0 for any that is free";
    case "EACCES":
      return "this user may not use that port; choose one from 1024 on";
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return "this machine has no such address";
    default:
      return code ?? message;
  }
}

function printError(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
