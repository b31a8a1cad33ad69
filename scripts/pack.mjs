// @ts-check
// npm run pack                                   candor-<version>.tgz for machines like this one
// npm run pack -- --platform linux-arm64         … for others, named for them; several with commas, or all

import { spawnSync } from "node:child_process";
import { readFileSync, renameSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { carryRuntime, platforms, thisPlatform } from "./runtime.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const { values } = parseArgs({ options: { platform: { type: "string", default: thisPlatform } } });
const wanted = values.platform === "all" ? platforms : values.platform.split(",");
const unknown = wanted.find((platform) => !platforms.includes(platform));

if (unknown !== undefined) {
  process.stderr.write(`pack: no ONNX Runtime for "${unknown}"; there is one for ${platforms.join(", ")}\n`);
  process.exitCode = 2;
} else process.exitCode = build() || pack();

function pack() {
  carryRuntime(wanted);
  try {
    const { status } = spawnSync("npm", ["pack", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    });
    if (status !== 0) return status ?? 1;
  } finally {
    if (platforms.includes(thisPlatform)) carryRuntime([thisPlatform]);
  }
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  let file = `candor-${version}.tgz`;
  if (values.platform !== thisPlatform) {
    const named = `candor-${version}-${values.platform.replaceAll(",", "-")}.tgz`;
    renameSync(root + file, root + named);
    file = named;
  }
  process.stdout.write(`${file}\n`);
  process.stderr.write(`for ${wanted.join(", ")}; in an empty folder: npm install ${root}${file}\n`);
  return 0;
}
