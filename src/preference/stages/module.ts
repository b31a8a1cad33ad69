import { z } from "zod";
import type { Defence, StageFiles } from "../defences/types.js";
import { stageKind } from "./types.js";

export const module = stageKind({
  kind: "module",
  called: "modules",
  schema: z.strictObject({
    kind: z.literal("module").describe("A stage of your own; only with --allow-modules."),
    path: z
      .string()
      .min(1)
      .describe("A JavaScript module, relative to the scenario, whose default export makes the stage."),
    options: z.record(z.string(), z.unknown()).default({}).describe("Handed to it."),
  }),
  rated: false,
  readsPrompts: true,
  pairs: true,
  // Rows of others come in, whose prompts are their own.
  prompts: () => ({ system: "own", said: new Set() }),
  needs: ({ path, options }) => ({ load: "module", path, options }),
  tryOut: made,
  make: async (settings, _tools, file) => await made(settings, file),
});

async function made({ path }: { path: string }, file: StageFiles[number]): Promise<Defence> {
  if (!file || !("module" in file)) throw new Error(`${path} was not loaded`);
  return await (await import("../defences/module.js")).makeModuleDefence(
    file.module,
    file.options,
    file.where,
  );
}
