import { UserError } from "../errors.js";

/** Command lines are seen by everybody on a machine, so an address with a password is better given here. */
const VARIABLE = "CANDOR_QUEUE";

export const QUEUE_HELP = `Redis queue, redis:// or rediss://[user:password@]host[:port][/database] (default: $${VARIABLE})`;

/** The address after `--queue`, or that in the environment. Throws a UserError if there is neither. */
export function addressOf(option: string | true): string {
  const address = option === true ? process.env[VARIABLE] : option;
  if (address) return address;
  throw new UserError(`--queue: name an address, or set ${VARIABLE}`);
}
