import { z } from "zod";
import { CannotServe } from "../limits/index.js";

const namedSchema = z.object({ model: z.string().min(1) });

/** Looks at the JSON of an answer for who gave it. Throws CannotServe where that is not the model that was asked. */
export type Answered = (json: unknown) => void;

/**
 * Believes no answer for an adapter that the server says its model gave without one: some answer to any name with what they have. Tells
 * `hear` every name. Hosted models answer by the name of a version, so one name alone says nothing.
 */
export function answeredAs(
  { asked, without }: { asked: string; without: string | null },
  hear: (name: string) => void,
): Answered {
  return (json) => {
    const model = namedSchema.safeParse(json).data?.model;
    if (model === undefined) return;
    if (model === without && model !== asked)
      throw new CannotServe(
        `the server was given the adapter ${asked}, and answers as ${without} without it; numbers of the trained assistant would be those of the untrained one`,
      );
    hear(model);
  };
}
