import { reasonOf } from "./errors.js";

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
  return told;
}
