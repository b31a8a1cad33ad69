import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";

// `npm run candor` builds before it runs: what it costs where nothing changed is what everybody waits for, each time. It is
// told by what is done, not by a clock: whether the compiler is started at all.

const root = mkdtempSync(join(tmpdir(), "candor-build-"));
const compiler = packageFile("node_modules/typescript/bin/tsc");
const started = join(root, "started");
const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};

/** The exit code, and how often the compiler was started for it. */
function build(): { code: number | null; compiled: number } {
  rmSync(started, { force: true });
  const { status } = spawnSync(process.execPath, [join(root, "scripts/build.mjs")], { encoding: "utf8" });
  return { code: status, compiled: existsSync(started) ? readFileSync(started, "utf8").length : 0 };
}

beforeAll(() => {
  for (const path of ["scripts", "tsconfig.json", "tsconfig.app.json", "package.json", "package-lock.json"])
    cpSync(packageFile(path), join(root, path), { recursive: true });
  write("src/kept.ts", "export const kept = 1;\n");
  write("src/gone.ts", "export const gone = 1;\n");
  write("src/viewer/app/main.ts", "export const page = 1;\n");
  write("src/viewer/app/page.css", "p {}\n");
  // The compiler itself, that says when it is started.
  const wrapper = `require("node:fs").appendFileSync(${JSON.stringify(started)}, "x");\nrequire(${JSON.stringify(compiler)});\n`;
  const asModule = `import { appendFileSync } from "node:fs";\nappendFileSync(${JSON.stringify(started)}, "x");\nawait import(${JSON.stringify(compiler)});\n`;
  const { type } = JSON.parse(readFileSync(packageFile("node_modules/typescript/package.json"), "utf8"));
  write("node_modules/typescript/tsc.js", type === "module" ? asModule : wrapper);
  write("node_modules/typescript/package.json", JSON.stringify({ type, bin: { tsc: "tsc.js" } }));
  for (const name of ["@types", "onnxruntime-node", "onnx-proto", "preact"])
    symlinkSync(packageFile(`node_modules/${name}`), join(root, "node_modules", name));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

it("compiles what is new, and does not start the compiler where nothing changed", () => {
  expect(build()).toEqual({ code: 0, compiled: 1 });
  expect(readFileSync(join(root, "dist/kept.js"), "utf8")).toContain("kept = 1");
  expect(existsSync(join(root, "dist/viewer/app/page.css"))).toBe(true);
  expect(build()).toEqual({ code: 0, compiled: 0 });
});

it("looks at what a file says, not at when it was saved", () => {
  const later = new Date(Date.now() + 60_000);
  for (const path of ["src/kept.ts", "package.json", "scripts/build.mjs"])
    utimesSync(join(root, path), later, later);
  expect(build()).toEqual({ code: 0, compiled: 0 });
});

it("compiles once when something small changed, and leaves nothing of a source that is gone", () => {
  write("src/kept.ts", "export const kept = 2;\n");
  rmSync(join(root, "src/gone.ts"));
  expect(build()).toEqual({ code: 0, compiled: 1 });
  expect(readFileSync(join(root, "dist/kept.js"), "utf8")).toContain("kept = 2");
  expect(existsSync(join(root, "dist/gone.js"))).toBe(false);
  expect(build()).toEqual({ code: 0, compiled: 0 });
});

it("builds again after a mistake, and where its results were deleted", () => {
  write("src/kept.ts", "export const kept: string = 3;\n");
  expect(build().code).not.toBe(0);
  expect(build().compiled).toBe(1);
  write("src/kept.ts", "export const kept = 3;\n");
  expect(build()).toEqual({ code: 0, compiled: 1 });
  for (const result of ["dist/viewer", "dist/kept.js"]) {
    rmSync(join(root, result), { recursive: true });
    expect(build().code).toBe(0);
    expect(existsSync(join(root, "dist/viewer/app/main.js"))).toBe(true);
    expect(readFileSync(join(root, "dist/kept.js"), "utf8")).toContain("kept = 3");
    expect(build()).toEqual({ code: 0, compiled: 0 });
  }
});
