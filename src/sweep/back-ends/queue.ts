import { setting } from "../../environment.js";
import { UserError } from "../../errors.js";
import type { BackEnd } from "./types.js";

const VARIABLE = "CANDOR_QUEUE";

/** `candor worker`s of a Redis queue, on any number of machines. */
export const queue: BackEnd = {
  name: "queue",
  value: "[address]",
  about: `Redis queue, redis:// or rediss://[user:password@]host[:port][/database] (default: $${VARIABLE})`,
  open: async (value, onNotice, onReady) => {
    const { queueExecutor } = await import("../queue/index.js");
    return queueExecutor(addressOf(value), onNotice, { onReady });
  },
};

/** The address after `--queue`, or that in the environment. Throws a UserError if there is neither. */
export function addressOf(option: string | true): string {
  const address = option === true ? setting[VARIABLE]() : option;
  if (address) return address;
  throw new UserError(`--queue: name an address, or set ${VARIABLE}`);
}
