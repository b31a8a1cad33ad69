import { Stopped } from "../../errors.js";

/** Requests are checked before they enter, so what fails here is the machine, and other requests would fare no better. */
export function engineFailure(error: unknown): Stopped {
  const why = (error instanceof Error ? error.message : String(error)).trim();
  return new Stopped(`the engine failed: ${why}`, { cause: error });
}
