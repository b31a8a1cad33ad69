import { z } from "zod";
import { countTo, MOST } from "../limits.js";

// A look inside the model under test.

/** Files of contrasts that ship, by language. */
export const contrastsSchema = z
  .string()
  .min(1)
  .optional()
  .describe(
    'JSON lines {"obliging": [messages], "candid": [messages]}: one occasion each, met by an obliging and by a candid assistant; an assistant\'s turn at the end is what it says. minnow or english: those that ship. By the assistant\'s language if absent.',
  );

export const layerSchema = countTo(MOST.layers)
  .optional()
  .describe(
    "The block whose output is read, from 1, as `transformers` numbers hidden_states; the middle one if absent.",
  );

export const dispositionSchema = z
  .strictObject({
    suite: z
      .string()
      .default("mask")
      .describe("Suite under whose pressure the model is looked into; one of evaluation.suites."),
    contrasts: contrastsSchema,
    layer: layerSchema,
  })
  .optional()
  .describe(
    "Looks into the model: how far its hidden states, at the last token of each prompt under pressure, lie on the way from candid to obliging (arXiv 2507.21509), and what a linear probe for lies, fitted at round 0 on half of the probes and kept, tells of the others. For embedded assistants. Nothing is looked at if absent.",
  );
