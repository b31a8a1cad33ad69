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
  EFBIG: "it would be larger than a file may be here (see ulimit -f)",
  EIO: "the disk reports an error",
};

/** Why a file or folder could not be read or written, in a few words for a message; another error's own message. */
export function reasonOf(error: unknown): string {
  const { code = "", syscall, message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? (syscall === undefined ? message : code);
}

/**
 * What went wrong, and with which file, in a failure of the file system that nobody has put into words; null for every other
 * error. To start a program and to listen at a socket are no matters of files: their words are given where they are done.
 */
export function fileTrouble(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code, syscall, path, dest } = error as NodeJS.ErrnoException & { dest?: string };
  if (syscall === undefined || /^(?:spawn|connect|listen|bind)/u.test(syscall)) return null;
  // What was to be read may be missing itself.
  const reason = code === "ENOENT" ? "no such file or folder" : reasonOf(error);
  const place = dest ?? path;
  return place === undefined ? reason : `${place}: ${reason}`;
}

/** An error of the file system, told of the place where a file was to go instead of the draft that is written beside it. */
export function ofPlace(error: unknown, draft: string, place: string): unknown {
  if (!(error instanceof Error)) return error;
  const told = error as NodeJS.ErrnoException;
  told.message = told.message.replaceAll(draft, place);
  if (told.path !== undefined) told.path = told.path.replaceAll(draft, place);
  // What fails at a file that is open (a write to a full disk) has no name of its own.
  else if (told.syscall !== undefined) told.path = place;
  return told;
}
