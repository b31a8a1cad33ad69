import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { pythonWith } from "./python.js";
import { warmPython } from "./warm.js";

const python = pythonWith();

test.skipIf(!python)(
  "plays on where an asker was killed before it had asked (skipped without Python)",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "candor-asked-"));
    const script = join(folder, "script.py");
    writeFileSync(script, 'print("played")');
    const { command, close } = await warmPython(python!, []);
    const [program, ...asking] = command as [string, ...string[]];
    // A hundred bytes are to follow, and none does.
    const gone = connect(command.at(-1)!);
    gone.end(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 100));
    await once(gone, "close");
    const { stdout } = await promisify(execFile)(program, [...asking, script]);
    expect(stdout).toBe("played\n");
    await close();
    rmSync(folder, { recursive: true });
  },
);
