import { closeSync, constants, fstatSync, ftruncateSync, openSync, writeFileSync } from "node:fs";
import { ofPlace } from "../file-trouble.js";

const { O_WRONLY, O_APPEND, O_CREAT, O_NONBLOCK } = constants;
/** A pipe that nobody reads is refused and not waited for. */
const APPEND = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK;

/**
 * Appends a text to a file, before anything else is done. What a full disk takes a part of is taken back, so that the next line
 * begins where a line begins. The error names the file: a write itself knows only the number of an open one.
 */
export function appendSync(path: string, text: string): void {
  try {
    const file = openSync(path, APPEND);
    try {
      const before = fstatSync(file).size;
      try {
        writeFileSync(file, text);
      } catch (error) {
        takeBack(file, before);
        throw error;
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw ofPlace(error, path, path);
  }
}

function takeBack(file: number, size: number): void {
  try {
    ftruncateSync(file, size);
  } catch {
    // Why it could not be written matters more; a pipe has no size.
  }
}
