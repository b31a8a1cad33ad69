// @ts-check
// Puts onnx-proto, the messages of ONNX files, where the package carries it: dist/node_modules/onnx-proto. The package of that
// name asks for protobufjs 6, which has an install script, and npm warns of one to everybody who installs candor. Its generated
// code reads and writes the same with protobufjs 8, which has none and is a dependency of candor's own.

import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const target = fileURLToPath(new URL("../dist/node_modules/onnx-proto", import.meta.url));
const FILES = ["dist/onnx.js", "dist/onnx.d.ts", "LICENSE"];

/** Makes the copy, unless it is there already. */
export function carryOnnxProto() {
  const source = dirname(createRequire(import.meta.url).resolve("onnx-proto/package.json"));
  const { name, version, description, license, author, repository, main, types } = JSON.parse(
    readFileSync(join(source, "package.json"), "utf8"),
  );
  const own = {
    name,
    version,
    description: `${description}. Without its dependency on protobufjs 6; carried by candor.`,
    ...{ license, author, repository, main, types },
  };
  const text = `${JSON.stringify(own, null, 2)}\n`;
  const last = join(target, "package.json");
  if (existsSync(last) && readFileSync(last, "utf8") === text) return;
  rmSync(target, { recursive: true, force: true });
  for (const path of FILES) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    copyFileSync(join(source, path), join(target, path));
  }
  writeFileSync(last, text);
}
