/** A mistake in what the user gave: the message says what, where and what to do. The command line exits with 2. */
export class UserError extends Error {
  override name = "UserError";
}

/**
 * Work that stopped at a safe point because something outside must change first (a budget, a key, a server): the message
 * says what and how to go on. The command line exits with 1.
 */
export class Stopped extends Error {
  override name = "Stopped";
}
