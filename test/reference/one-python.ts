import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { inject } from "vitest";
import type { TestProject } from "vitest/node";
import { z } from "zod";
import { type WarmPython, warmPython } from "./warm.js";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where a test file asks for the Python that all share. */
    python: string;
  }
}

const answerSchema = z.union([z.array(z.string()), z.object({ error: z.string() })]);

/** Starts one warm Python for all test files, when the first of them asks for it: importing torch and TRL takes ten seconds. */
export default async function onePython(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "candor-python-"));
  const address = join(folder, "ask");
  let warm: Promise<WarmPython> | undefined;
  const answer = async (asker: Socket): Promise<void> => {
    const [python] = await once(asker, "data");
    warm ??= warmPython(String(python));
    const said = await warm.then(
      ({ command }) => command,
      (error: Error) => ({ error: error.message }),
    );
    asker.end(JSON.stringify(said));
  };
  const server = createServer((asker) => void answer(asker));
  await once(server.listen(address), "listening");
  project.provide("python", address);
  return async () => {
    server.close();
    await warm?.then(({ close }) => close()).catch(() => {});
    rmSync(folder, { recursive: true });
  };
}

/** What runs a script, or `trl`, whose name and arguments follow, in a fork of the Python that all test files share. */
export async function warmCommand(python: string): Promise<readonly [string, ...string[]]> {
  const asked = connect(inject("python"));
  asked.write(python);
  const answer = answerSchema.parse(JSON.parse(await text(asked)));
  if ("error" in answer) throw new Error(answer.error);
  const [program, ...rest] = answer;
  return [program!, ...rest];
}
