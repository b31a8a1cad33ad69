// @ts-check
// Puts ONNX Runtime where the package carries it: dist/node_modules/onnxruntime-node. The package of that name downloads CUDA
// parts of several hundred megabytes in an install script, so nobody could install candor without settings or behind a
// firewall, and it holds every platform (300 MB). Taken over are its JavaScript and what one platform needs on the processor;
// DirectML and the shader compiler are left out, which its library loads only when a GPU is asked for.

import { constants, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "dist/node_modules/onnxruntime-node");

/** @type {Record<string, string>} the library of each platform, by the name that its binding looks for */
const LIBRARIES = {
  "linux-x64": "libonnxruntime.so.1",
  "linux-arm64": "libonnxruntime.so.1",
  "darwin-arm64": "libonnxruntime.1.dylib",
  "win32-x64": "onnxruntime.dll",
  "win32-arm64": "onnxruntime.dll",
};

export const platforms = Object.keys(LIBRARIES);
export const thisPlatform = `${process.platform}-${process.arch}`;

/** Looked up in the project around candor where this copy is another platform's. */
const ENTRY = `"use strict";
const { existsSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { platform, arch } = process;
const parts = join(__dirname, "bin/napi-v6", platform, arch);
// node_modules/candor/dist/node_modules/onnxruntime-node: four folders up is candor, and beside it what else is installed.
const around = dirname(join(__dirname, "../../.."));
function other() {
  try {
    return require.resolve("onnxruntime-node", { paths: [around] });
  } catch {
    const { version, platforms } = require("./package.json");
    const error = new Error(
      \`this package of candor carries ONNX Runtime for \${platforms.join(", ")} and this machine is \${platform}-\${arch}; \` +
        \`beside candor, npm install onnxruntime-node@\${version} --ignore-scripts\`,
    );
    error.code = "EBADPLATFORM";
    throw error;
  }
}
// The names of the last assignment are those that an import finds.
if (!existsSync(parts)) module.exports = require(other());
else module.exports = require("./dist/index.js");
`;

const LICENSE = `MIT License

Copyright (c) Microsoft Corporation

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files
(the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify,
merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE
LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;

/** Makes the copy hold these platforms, unless it does already. @param {readonly string[]} wanted e.g. ["linux-x64"] */
export function carryRuntime(wanted) {
  const source = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const own = {
    name: manifest.name,
    version: manifest.version,
    description: `${manifest.description} Without its install script, GPU parts and other platforms; carried by candor.`,
    license: manifest.license,
    author: manifest.author,
    repository: manifest.repository,
    main: "main.cjs",
    types: "dist/index.d.ts",
    platforms: wanted,
  };
  const text = `${JSON.stringify(own, null, 2)}\n`;
  const last = join(target, "package.json");
  if (existsSync(last) && readFileSync(last, "utf8") === text) return;
  rmSync(target, { recursive: true, force: true });
  const parts = wanted.flatMap((platform) => {
    const folder = `bin/napi-v6/${platform.replace("-", "/")}`;
    return [`${folder}/onnxruntime_binding.node`, `${folder}/${LIBRARIES[platform]}`];
  });
  const code = ["index", "backend", "binding", "version"];
  for (const path of [...parts, ...code.flatMap((name) => [`dist/${name}.js`, `dist/${name}.d.ts`])]) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    copyFileSync(join(source, path), join(target, path), constants.COPYFILE_FICLONE);
  }
  writeFileSync(join(target, "main.cjs"), ENTRY);
  writeFileSync(join(target, "LICENSE"), LICENSE);
  writeFileSync(last, text);
}
