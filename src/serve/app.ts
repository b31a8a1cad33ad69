import { createHash, timingSafeEqual } from "node:crypto";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { chatCompletions } from "./chat.js";
import { completions } from "./completions.js";
import { ApiError, errorBody, toApiError } from "./errors.js";
import { describeModel, findModel, type Serving } from "./models.js";

const BODY_LIMIT = 8 * 2 ** 20;
const ROUTES = "GET /v1/models, POST /v1/chat/completions, POST /v1/completions";
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

export type AppOptions = {
  /** Clients must send it as `Authorization: Bearer …`; null lets everyone in who calls this machine by its own name. */
  apiKey: string | null;
};

/** The OpenAI-compatible server as a function from requests to responses. */
export function createApp({ models, onError, apiKey }: Serving & AppOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    if (apiKey !== null) {
      const given = /^Bearer (.+)$/.exec(context.req.header("authorization") ?? "")?.[1] ?? "";
      if (!same(given, apiKey))
        throw new ApiError("this server wants an API key: Authorization: Bearer …", {
          status: 401,
          code: "invalid_api_key",
        });
    } else if (!LOOPBACK.test(context.req.header("host") ?? "")) {
      // A web page whose name was pointed at this machine must not reach it.
      throw new ApiError("this server answers to localhost only; start it with an API key to open it", {
        status: 403,
      });
    }
    // Nor may a page of any other origin, key or not: it could ask without seeing the answer.
    const origin = context.req.header("origin");
    if (origin !== undefined && hostOf(origin) !== context.req.header("host")?.toLowerCase())
      throw new ApiError("this server answers to no web page of another origin", { status: 403 });
    if (context.req.method === "POST" && !JSON_TYPE.test(context.req.header("content-type") ?? ""))
      throw new ApiError("the body must be sent as content-type: application/json", { status: 415 });
    await next();
  });
  const limited = bodyLimit({
    maxSize: BODY_LIMIT,
    onError: () => {
      throw new ApiError(`the request is larger than ${BODY_LIMIT} bytes`, { status: 413 });
    },
  });
  app.use(async (context, next) => {
    const { "content-length": length, "transfer-encoding": encoding } = context.req.header();
    // To be counted, a body becomes a stream, which takes a quarter of the time that a request takes here.
    if (encoding === undefined && Number(length) <= BODY_LIMIT) await next();
    else return await limited(context, next);
  });
  app.get("/v1/models", (context) =>
    context.json({ object: "list", data: [...models.values()].map(describeModel) }),
  );
  app.get("/v1/models/:id{.+}", (context) =>
    context.json(describeModel(findModel(models, context.req.param("id")))),
  );
  app.post("/v1/chat/completions", (context) => chatCompletions(context, { models, onError }));
  app.post("/v1/completions", (context) => completions(context, { models, onError }));
  app.notFound((context) => {
    const error = new ApiError(
      `there is no ${context.req.method} ${context.req.path} (there are: ${ROUTES})`,
      { status: 404 },
    );
    return context.json(errorBody(error), error.status);
  });
  app.onError((cause, context) => {
    const error =
      cause instanceof SyntaxError
        ? new ApiError(`the body is not JSON: ${cause.message}`)
        : toApiError(cause);
    if (error.status >= 500) onError(cause);
    return context.json(errorBody(error), error.status);
  });
  return app;
}

/** The host and port of an origin; null where it has none ("null", a file). */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}

/** Compares in a time that tells nothing. */
function same(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
