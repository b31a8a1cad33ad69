import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { candor } from "../cli/candor.js";

it("has ONNX Runtime keep no account of its use for its makers in the temporary folder", () => {
  const temporary = mkdtempSync(join(tmpdir(), "candor-quiet-"));
  // As in the environment of somebody who has not heard of it.
  vi.stubEnv("ORT_DISABLE_TELEMETRY", undefined);
  const args = ["eval", "minnow", "--suite", "capability", "--probes", "1", "--quiet"];
  const { stdout, stderr } = candor(args, packageFile(""), { TMPDIR: temporary });
  expect(stdout, stderr).toContain("accuracy");
  expect(readdirSync(temporary)).toEqual([]);
  rmSync(temporary, { recursive: true });
});
