import { relative } from "node:path";

/** A path as short as it can be said from where the command is given: for messages, and for commands that are to be typed. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near !== "" && near.length < path.length ? near : path;
}
