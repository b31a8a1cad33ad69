import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { EmbeddedChatModel, resolveChatModel } from "../chat/index.js";
import { UserError } from "../errors.js";
import { createApp } from "./app.js";
import type { ServedModel } from "./models.js";

export type ServerOptions = {
  /** Name for clients to the model's own name: `{ minnow: "minnow", "round-3": "minnow:runs/x/checkpoints/003" }`. */
  models: Readonly<Record<string, string>>;
  /** Address to listen on; any but this machine's own needs an API key. Default 127.0.0.1. */
  host?: string;
  /** 0 (the default) takes a free one. */
  port?: number;
  apiKey?: string | null;
  /** Threads of the engine. */
  threads?: number;
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
  const { host = "127.0.0.1", port = 0, apiKey = null, threads, onError = printError } = options;
  if (apiKey === null && !LOCAL.includes(host))
    throw new UserError(`serving on ${host} opens the models to the network: give an API key`);
  const models = new Map<string, ServedModel>();
  const release = async (): Promise<void> => {
    await Promise.all([...models.values()].map(({ model }) => model.release()));
  };
  try {
    for (const [id, spec] of Object.entries(options.models))
      models.set(id, { id, model: await open(spec, threads) });
    const app = createApp({ models, apiKey, onError });
    const server = await listen(app.fetch, host, port);
    const { address, family, port: taken } = server.address() as AddressInfo;
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

async function open(spec: string, threads: number | undefined): Promise<EmbeddedChatModel> {
  const model = await resolveChatModel(spec, { threads });
  if (model instanceof EmbeddedChatModel) return model;
  throw new UserError(
    `${spec} does not run on the embedded engine; only minnow, minnow:<folder> and hf:<folder> can be served`,
  );
}

function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  hostname: string,
  port: number,
): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname, port }, () => resolve(server)) as Server;
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(new UserError(`cannot listen on ${hostname}:${port}: ${error.code ?? error.message}`));
    });
  });
}

function printError(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
