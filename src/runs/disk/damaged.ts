import { UserError } from "../../errors.js";

/** A file of a run's or sweep's folder that is not as candor left it. The message names it and says what to do. */
export class DamagedFile extends UserError {
  override name = "DamagedFile";
  override readonly code = "damaged_file";

  /** `place` is the file's path, with `:line` where it has lines; `what` goes on from there; `advice` says what to do. */
  constructor(
    readonly place: string,
    what: string,
    advice: string,
  ) {
    // On one line, whatever stands in the file that is quoted.
    super(`${place} ${what}; ${advice}`.replace(/[\s\p{Cc}]+/gu, " "));
  }
}
