import { vi } from "vitest";
import { runCommandLine } from "../../src/cli/program.js";

/** Runs a command line in this process, in its working folder: a start of Node for each of hundreds would take minutes. */
export async function candorHere(args: readonly string[]) {
  const written = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  try {
    const code = await runCommandLine(args, { signal: new AbortController().signal });
    return { code, ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** The same in a folder; one at a time, as a process has one folder. `test/docs/played.test.ts` starts every command as people do. */
export async function candorIn(args: readonly string[], folder: string) {
  const home = process.cwd();
  process.chdir(folder);
  try {
    return await candorHere(args);
  } finally {
    process.chdir(home);
  }
}
