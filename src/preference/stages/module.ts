import { z } from "zod";
import { stageKind } from "./types.js";

export const module = stageKind({
  kind: "module",
  schema: z.strictObject({
    kind: z.literal("module").describe("A stage of your own; only with --allow-modules."),
    path: z
      .string()
      .min(1)
      .describe("A JavaScript module, relative to the scenario, whose default export makes the stage."),
    options: z.record(z.string(), z.unknown()).default({}).describe("Handed to it."),
  }),
  rated: false,
  pairs: true,
  needs: ({ path }) => ({ load: "module", path }),
  make: async ({ path, options }, _tools, file) => {
    if (!file || !("module" in file)) throw new Error(`${path} was not loaded`);
    return await (await import("../defences/module.js")).makeModuleDefence(file.module, options, file.where);
  },
});
