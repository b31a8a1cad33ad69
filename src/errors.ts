/** A mistake in what the user gave: the message says what, where and what to do. The command line exits with 2. */
export class UserError extends Error {
  override name = "UserError";
  /** For programs. */
  readonly code: string = "invalid_input";

  /** `problems`: how many mistakes the message tells of, with those that it only counts. */
  constructor(
    message: string,
    readonly problems = 1,
  ) {
    super(message);
  }
}

/**
 * Work that stopped at a safe point because something outside must change first (a budget, a key, a server, memory): the message
 * says what and how to go on. The command line exits with 1.
 */
export class Stopped extends Error {
  override name = "Stopped";
  /** For programs. */
  readonly code = "stopped";
}

/**
 * Throws what ends the work: an interruption's reason, or what stops it, wrapped or not. To be called where any other failure is
 * counted and gone on from: a machine without memory would otherwise turn every question that is left into an error.
 */
export function throwIfEnded(error: unknown, signal: AbortSignal | undefined): void {
  signal?.throwIfAborted();
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof Stopped) throw one;
}

/** What a failed call to the file system means, in words. Its own message names drafts and calls that no user knows. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: "you have no permission",
  EPERM: "you have no permission",
  EROFS: "it lies on a read-only file system",
  ENOENT: "its folder does not exist",
  EEXIST: "a file stands where a folder belongs",
  ENOTDIR: "a file stands where a folder belongs",
  EISDIR: "it is a folder",
  ELOOP: "its symbolic links lead in a circle",
  ENAMETOOLONG: "its name is too long",
  ENOSPC: "no space is left on the disk",
  EDQUOT: "your disk quota is used up",
  EMFILE: "too many files are open",
  EIO: "the disk reports an error",
};

/** Why a file or folder could not be read or written, in a few words for a message; another error's own message. */
export function reasonOf(error: unknown): string {
  const { code = "", syscall, message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? (syscall === undefined ? message : code);
}
