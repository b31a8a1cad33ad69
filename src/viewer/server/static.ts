import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MiddlewareHandler } from "hono";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The page's own files, read once: what is not among them cannot be asked for, whatever a path says. */
export function staticFiles(): MiddlewareHandler {
  const folder = fileURLToPath(new URL("../app/", import.meta.url));
  const files = new Map<string, Buffer>(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
      .map((entry) => {
        const path = join(entry.parentPath, entry.name);
        return [`/${path.slice(folder.length).replaceAll("\\", "/")}`, readFileSync(path)] as const;
      }),
  );
  return async (context, next) => {
    const path = context.req.path === "/" ? "/index.html" : context.req.path;
    const body = files.get(path);
    if (!body) return await next();
    // A newer version must not run with older parts of the page.
    return context.body(new Uint8Array(body), 200, {
      "content-type": TYPES[extname(path)]!,
      "cache-control": "no-cache",
    });
  };
}
