import { Hono, type MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { HTTPException } from "hono/http-exception";
import { secureHeaders } from "hono/secure-headers";
import { UserError } from "../../../errors.js";
import { type Access, guard } from "../access.js";
import { readLibraries } from "../libraries.js";
import type { Parts } from "../parts.js";
import { contentPolicy } from "../policy.js";
import { staticFiles } from "../static.js";
import { actionRoutes } from "./actions.js";
import { orderRoutes } from "./order.js";
import { readingRoutes } from "./readings.js";
import { resultRoutes } from "./results.js";
import { runRoutes } from "./runs.js";

const MAX_BODY = 1024 * 1024;

/** Everything that can be asked of the server below `/api`. The page takes its types from here. */
function api(parts: Parts) {
  return new Hono()
    .route("/api", runRoutes(parts))
    .route("/api", readingRoutes(parts))
    .route("/api", resultRoutes(parts))
    .route("/api", orderRoutes(parts))
    .route("/api", actionRoutes(parts));
}

/** The routes with their inputs and answers, for a typed client. */
export type Api = ReturnType<typeof api>;

/** The page and its API behind everything that guards them. */
export function routes(access: Access, parts: Parts): Hono {
  const libraries = readLibraries();
  const app = new Hono();
  app.use(contentPolicy(libraries.importMap));
  app.use(
    secureHeaders({
      xFrameOptions: "DENY",
      referrerPolicy: "no-referrer",
      // The server speaks plain HTTP on purpose: a browser must not be told otherwise.
      strictTransportSecurity: false,
    }),
  );
  app.use(guard(access));
  app.use(bodyLimit({ maxSize: MAX_BODY }));
  app.use(jsonOnly);
  app.onError((error, context) => {
    if (error instanceof HTTPException) return context.json({ error: error.message }, error.status);
    return context.json({ error: error.message }, error instanceof UserError ? 400 : 500);
  });
  app.route("/", api(parts));
  app.use(staticFiles(libraries));
  app.notFound((context) => context.json({ error: "there is nothing at this address" }, 404));
  return app;
}

/** Anything but JSON could be sent by a form of another site without the browser asking first. */
const jsonOnly: MiddlewareHandler = async (context, next) => {
  const { method } = context.req;
  const json = context.req.header("content-type")?.startsWith("application/json");
  if (method !== "GET" && method !== "HEAD" && !json)
    throw new HTTPException(415, { message: "expected application/json" });
  await next();
};
