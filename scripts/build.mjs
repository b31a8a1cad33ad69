// @ts-check
// Builds dist/ where a source changed since, and does nothing otherwise. Plain JavaScript, as it runs before anything is compiled.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { carryOnnxProto } from "./onnx-proto.mjs";
import { carryParsed, packFiles } from "./parsed.mjs";
import { carryRuntime, platforms, thisPlatform } from "./runtime.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "dist/.built");
const COMPILED = /\.(?:js|d\.ts|js\.map)$/u;

/** @param {string} folder below the root @returns {string[]} its files, below the root, in one order everywhere */
function filesOf(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}

/** What the build depends on: contents, not times, as a checkout to another branch and back changes those alone. */
function fingerprint() {
  const hash = createHash("sha256").update(process.version);
  const settings = ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.app.json"];
  for (const path of [...settings, ...filesOf("scripts"), ...filesOf("src")])
    hash.update(`\n${path}\n`).update(readFileSync(join(root, path)));
  for (const path of packFiles()) hash.update(readFileSync(path));
  return hash.digest("hex");
}

/** Results of sources that are gone: they would still be found by imports, and travel with the package. */
function removeLeftovers() {
  if (!existsSync(join(root, "dist"))) return;
  for (const path of filesOf("dist")) {
    if (path.startsWith(join("dist", "node_modules"))) continue;
    const source = path.replace(/^dist/u, "src").replace(COMPILED, "");
    if (COMPILED.test(path) && ![".ts", ".tsx"].some((ending) => existsSync(join(root, source + ending))))
      rmSync(join(root, path));
  }
}

/** Whether every source has its result; not so where a build was cut short, or results were deleted. */
function isWhole() {
  return filesOf("src").every((path) =>
    existsSync(join(root, path.replace(/^src/u, "dist").replace(/\.tsx?$/u, ".js"))),
  );
}

/** @param {boolean} anew also what the compiler remembers to have written @returns {number} its exit code */
function compile(anew) {
  const manifest = createRequire(import.meta.url).resolve("typescript/package.json");
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  const compiler = join(dirname(manifest), bin.tsc);
  const { status } = spawnSync(
    process.execPath,
    [compiler, "-b", ...(anew ? ["--force"] : []), "tsconfig.app.json"],
    {
      cwd: root,
      stdio: "inherit",
    },
  );
  return status ?? 1;
}

/** What the page needs besides its modules: markup and styles. */
function copyPage() {
  cpSync(join(root, "src/viewer/app"), join(root, "dist/viewer/app"), {
    recursive: true,
    filter: (path) => !/\.[jt]sx?$/u.test(path),
  });
}

/** Builds where something changed. @returns {number} the exit code: 0, or the compiler's */
export function build() {
  // Taken before compiling: what is saved meanwhile is built the next time.
  const now = fingerprint();
  const before = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  if (before === now && isWhole()) return 0;
  rmSync(stamp, { force: true });
  removeLeftovers();
  let status = compile(false);
  copyPage();
  // The compiler takes for there what it wrote once.
  if (status === 0 && !isWhole()) status = compile(true);
  carryOnnxProto();
  carryParsed();
  if (platforms.includes(thisPlatform)) carryRuntime([thisPlatform]);
  if (status === 0) writeFileSync(stamp, now);
  return status;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = build();
