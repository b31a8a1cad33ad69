import { hostname } from "node:os";
import { resolve } from "node:path";
import { type ServerType, serve } from "@hono/node-server";
import { UserError } from "../../errors.js";
import { listeningAt } from "../../listening.js";
import { NOTHING, type Permissions } from "../../permissions/index.js";
import { indexStore } from "../../runs/index.js";
import { openChat, type ResolveModel } from "../chat/index.js";
import { openLibrary } from "../folder/index.js";
import { openJobs } from "../start/index.js";
import { openWork } from "../work/index.js";
import { isLoopback, newToken, tokenAccess } from "./access.js";
import { routes } from "./routes/index.js";

/** A scenario that takes longer to check is not one. */
const CHECK_MS = 30_000;

export type ViewerOptions = {
  /** Holds runs and sweeps, at any of three depths; or is one itself. */
  folder: string;
  /** Where to listen; anything but a loopback address needs the token. */
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** The token to ask for; a new one where it is needed and absent. */
  token?: string;
  /** What the user lets the scenarios do that are started from the page, and the models of runs; nothing if absent. */
  permissions?: Permissions;
  /** Pause between two looks at the disk, in ms; 1000 if absent. */
  everyMs?: number;
  /** How checkpoints become chat models; candor's own way if absent. */
  resolveModel?: ResolveModel;
  /** The program that `run` and `sweep` are started with; candor's own command line if absent. */
  main?: string;
};

export type Viewer = {
  /** Where to open it, with the token where one is needed. */
  url: string;
  /** Stops what was started from the page, and the server. */
  close: () => Promise<void>;
};

/** Serves the live view. Throws a UserError where it cannot listen. */
export async function startViewer(options: ViewerOptions): Promise<Viewer> {
  const { host, port, everyMs = 1_000, permissions = NOTHING } = options;
  const folder = resolve(options.folder);
  const token = options.token ?? (isLoopback(host) ? undefined : newToken());
  const access = token === undefined ? ({ kind: "loopback" } as const) : tokenAccess(token);
  const indices = indexStore();
  const chat = openChat(options.resolveModel, permissions);
  const jobs = openJobs(folder, permissions, options.main);
  const work = openWork();
  const checks = openWork(CHECK_MS);
  const app = routes(access, {
    library: openLibrary(folder),
    indices,
    chat,
    jobs,
    work,
    checks,
    everyMs,
    permissions,
  });
  const server = await listen(app.fetch, host, port);
  const { port: taken } = listeningAt(server);
  return {
    url: `http://${shownHost(host)}:${taken}/${token === undefined ? "" : `?token=${encodeURIComponent(token)}`}`,
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await Promise.all([closed, jobs.close(), chat.release(), work.close(), checks.close()]);
    },
  };
}

function listen(
  fetch: Parameters<typeof serve>[0]["fetch"],
  host: string,
  port: number,
): Promise<ServerType> {
  return new Promise((done, fail) => {
    const server = serve({ fetch, hostname: host, port }, () => done(server));
    server.on("error", (error: NodeJS.ErrnoException) => {
      const inUse = error.code === "EADDRINUSE";
      fail(
        new UserError(
          inUse
            ? `port ${port} of ${host} is in use; choose another with --port, or 0 for any`
            : `cannot listen on ${host}, port ${port}: ${error.message}`,
        ),
      );
    });
  });
}

/** A name that a browser can open: "every address" is none. */
function shownHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return hostname();
  return host.includes(":") ? `[${host}]` : host;
}
