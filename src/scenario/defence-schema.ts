import { z } from "zod";
import { stageKinds } from "../preference/stages/index.js";

type SchemasOf<Kinds extends readonly { schema: z.ZodType }[]> = {
  -readonly [At in keyof Kinds]: Kinds[At]["schema"];
};

/** The stages between conversations and training, in `preference.defences`. */
export const defenceSchema = z.discriminatedUnion(
  "kind",
  stageKinds.map(({ schema }) => schema) as unknown as SchemasOf<typeof stageKinds>,
);
