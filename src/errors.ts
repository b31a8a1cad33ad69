/** A mistake in what the user gave: the message says what, where and what to do. The command line exits with 2. */
export class UserError extends Error {
  override name = "UserError";
}
