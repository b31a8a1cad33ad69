import type { RegisterCommand } from "../command.js";
import { registerDoctor } from "./doctor.js";
import { registerExport } from "./export.js";
import { registerInit } from "./init.js";
import { registerSchema } from "./schema.js";

/** Every command of the program, in the order of its help. A new command is a file here and a line in this list. */
export const commands: readonly RegisterCommand[] = [
  registerInit,
  registerExport,
  registerSchema,
  registerDoctor,
];
