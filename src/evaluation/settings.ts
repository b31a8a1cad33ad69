import type { z } from "zod";
import { deceptionFields } from "./deception/settings.js";
import { maskFields } from "./mask/settings.js";

/** What each shipped suite knows of beside the settings of every suite, by its name: schema pieces for scenarios. */
export const suiteFields: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = {
  mask: maskFields,
  deception: deceptionFields,
  unknowns: {},
  sycophancy: {},
  rubric: {},
  capability: {},
};
