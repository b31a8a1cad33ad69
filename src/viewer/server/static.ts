import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import type { MiddlewareHandler } from "hono";
import { packageFile } from "../../package-root.js";
import type { Libraries } from "./libraries.js";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** What the page's modules import from outside of their folder. In addresses `../` leads to the server's root and no further. */
const SHARED = ["numbers.js"];

const EMPTY_MAP = '<script type="importmap"></script>';

/** The page's own files and its libraries, read once: what is not among them cannot be asked for, whatever a path says. */
export function staticFiles(libraries: Libraries): MiddlewareHandler {
  const files = new Map([...libraries.files, ...sharedFiles(), ...ownFiles()]);
  const index = files.get("/index.html")?.toString("utf8") ?? "";
  // Browsers take an import map from the page itself and from nowhere else.
  const page = index.replace(EMPTY_MAP, () => EMPTY_MAP.replace("><", `>${libraries.importMap}<`));
  files.set("/", Buffer.from(page));
  files.delete("/index.html");
  return async (context, next) => {
    const { path } = context.req;
    const body = files.get(path);
    if (!body) return await next();
    // A newer version must not run with older parts of the page.
    return context.body(new Uint8Array(body), 200, {
      "content-type": TYPES[extname(path) || ".html"]!,
      "cache-control": "no-cache",
    });
  };
}

function sharedFiles(): [address: string, body: Buffer][] {
  return SHARED.map((name) => [`/${name}`, readFileSync(packageFile(`dist/${name}`))]);
}

/** As they are built: the compiler writes the modules there, and the build copies the rest. */
function ownFiles(): [address: string, body: Buffer][] {
  const folder = packageFile("dist/viewer/app/");
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extname(entry.name) in TYPES)
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [`/${path.slice(folder.length).replaceAll("\\", "/")}`, readFileSync(path)];
    });
}
