import { UserError } from "../../errors.js";

/** A file of a run's or sweep's folder that is not as candor left it. The message names it and says what to do. */
export class DamagedFile extends UserError {
  override name = "DamagedFile";
  override readonly code: string = "damaged_file";

  /** `place` is the file's path, with `:line` where it has lines; `what` goes on from there; `advice` says what to do. */
  constructor(place: string, what: string, advice: string) {
    // On one line, whatever stands in the file that is quoted.
    super(`${place} ${what}; ${advice}`.replace(/[\s\p{Cc}]+/gu, " "));
  }
}

/** A file that is whole, and yet of another form than this version of candor writes there. */
export class OtherVersion extends DamagedFile {
  override name = "OtherVersion";
  override readonly code = "other_version";
}

/** Of a file whose own hash fits; `problem`: how its form differs. */
export const ofOtherForm = (place: string, problem: string, advice: string): OtherVersion =>
  new OtherVersion(
    place,
    `is whole, and not what this version of candor writes there (${problem}): another version wrote it, or it is another file`,
    `read it with that version, or ${advice}`,
  );
