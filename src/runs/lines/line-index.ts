import { createHash, type Hash } from "node:crypto";
import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { UserError } from "../../errors.js";
import { DamagedFile, openPlain, type Within } from "../disk/index.js";
import { compare, type Seal } from "./read.js";
import { ZEROED } from "./zeroed.js";

const BLOCK = 4 * 1024 * 1024;
const ADVICE = "put it back as it was";

/** A file that was read has been finished under another name, or begun anew, since: whoever asks again gets what there is now. */
export class GoneFile extends UserError {
  override name = "GoneFile";
  override readonly code = "gone_file";

  constructor(path: string) {
    super(`${path} is finished or begun anew by the run; ask again`);
  }
}

/** Times that a reading is begun anew, where files go under it: each is another file that is finished. */
const TRIES = 5;

/** What a reading of files that a run is writing at the moment gives, begun anew where one of them was finished under it. */
export async function whileWritten<T>(read: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1)
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof GoneFile) || left === 0) throw error;
    }
}

const identityOf = ({ ino, birthtimeMs }: Pick<Stats, "ino" | "birthtimeMs">): string =>
  `${ino} ${birthtimeMs}`;

/**
 * Knows where each line of a growing file of JSON lines begins, and a little of what each line says, so that any line can be
 * read without the others. A last line without its line break is still being written and does not count.
 */
export class LineIndex<T> {
  readonly path: string;
  readonly #skim: (line: Buffer) => T;
  #items: T[] = [];
  #starts: number[] = [];
  #end = 0;
  #identity = "";
  #growing: Promise<void> | undefined;
  #hash: Hash = createHash("sha256");
  /** Bytes that were found to be what was written. */
  #sealed = 0;
  readonly #within: Within;

  /** `skim` takes from a line what lists and filters need. `within`: the file has to lie there, all links followed. */
  constructor(path: string, skim: (line: Buffer) => T, within?: Within) {
    this.path = path;
    this.#skim = skim;
    this.#within = within;
  }

  /** What was taken from each line, in the order of the file. */
  get items(): readonly T[] {
    return this.#items;
  }

  /** Whether there was a file when it was looked at last. */
  get isThere(): boolean {
    return this.#identity !== "";
  }

  /** Reads what the file has gained; starts over where it is another file now. An absent file has no lines. */
  async refresh(): Promise<this> {
    this.#growing ??= this.#grow().finally(() => {
      this.#growing = undefined;
    });
    await this.#growing;
    return this;
  }

  /** Throws a DamagedFile where a finished file, as it was read, is not what was written. */
  verify(seal: Seal): void {
    if (this.#sealed === this.#end && this.#end > 0) return;
    const found = { lines: this.#items.length, sha256: this.#hash.copy().digest("hex") };
    compare(this.path, found, seal, ADVICE);
    this.#sealed = this.#end;
  }

  /** The text of one line. */
  async read(at: number): Promise<string> {
    const [line] = await this.readMany([at]);
    return line!;
  }

  /** The texts of some lines, in the given order. */
  async readMany(lines: readonly number[]): Promise<string[]> {
    if (lines.length === 0) return [];
    const file = await this.#open();
    try {
      const texts: string[] = [];
      for (const at of lines) {
        const { start, length } = this.#extent(at);
        const { buffer } = await file.read(Buffer.alloc(length), 0, length, start);
        texts.push(buffer.toString("utf8"));
      }
      return texts;
    } finally {
      await file.close();
    }
  }

  /** Calls `visit` with every line, a block of the file in memory at a time. Stops where `signal` aborts. */
  async scan(visit: (at: number, line: Buffer) => void, signal?: AbortSignal): Promise<void> {
    const file = await this.#open();
    try {
      for (let at = 0; at < this.#starts.length; ) {
        signal?.throwIfAborted();
        const from = this.#starts[at]!;
        let last = at;
        while (last + 1 < this.#starts.length && this.#extent(last + 1).end - from <= BLOCK) last += 1;
        const length = this.#extent(last).end - from;
        const { buffer } = await file.read(Buffer.alloc(length), 0, length, from);
        for (; at <= last; at += 1) {
          const { start, end } = this.#extent(at);
          visit(at, buffer.subarray(start - from, end - from));
        }
      }
    } finally {
      await file.close();
    }
  }

  async #open(): Promise<FileHandle> {
    const file = await openPlain(this.path, this.#within);
    if (!file) throw new GoneFile(this.path);
    const { ino, birthtimeMs } = await file.stat();
    if (identityOf({ ino, birthtimeMs }) === this.#identity) return file;
    await file.close();
    throw new GoneFile(this.path);
  }

  #extent(at: number): { start: number; end: number; length: number } {
    const start = this.#starts[at];
    if (start === undefined) {
      if (!this.isThere) throw new GoneFile(this.path);
      throw new RangeError(`${this.path} has no line ${at + 1}`);
    }
    const end = (this.#starts[at + 1] ?? this.#end) - 1;
    return { start, end, length: end - start };
  }

  async #grow(): Promise<void> {
    const file = await openPlain(this.path, this.#within);
    if (!file) {
      this.#forget("");
      return;
    }
    try {
      const { size, ...found } = await file.stat();
      // Finished files are written anew and renamed into place: another file, even where it is longer.
      const identity = identityOf(found);
      if (identity !== this.#identity || size < this.#end) this.#forget(identity);
      await this.#take(file, size);
    } finally {
      await file.close();
    }
  }

  async #take(file: FileHandle, size: number): Promise<void> {
    let block = BLOCK;
    while (this.#end < size) {
      const length = Math.min(block, size - this.#end);
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, this.#end);
      // Fewer where whoever goes on with a run has cut a torn line off meanwhile.
      const read = buffer.subarray(0, bytesRead);
      const zeroed = read.indexOf(ZEROED);
      const whole = (zeroed < 0 ? read : read.subarray(0, zeroed)).lastIndexOf(0x0a) + 1;
      if (zeroed >= 0 || bytesRead < length) {
        this.#split(read.subarray(0, whole));
        return;
      }
      if (whole === 0) {
        if (length === size - this.#end) return;
        block *= 2; // a line longer than a block
        continue;
      }
      this.#split(read.subarray(0, whole));
    }
  }

  #split(lines: Buffer): void {
    let start = 0;
    this.#hash.update(lines);
    for (let end = lines.indexOf(0x0a); end >= 0; end = lines.indexOf(0x0a, start)) {
      this.#items.push(this.#skimmed(lines.subarray(start, end)));
      this.#starts.push(this.#end + start);
      start = end + 1;
    }
    this.#end += start;
  }

  #skimmed(line: Buffer): T {
    try {
      return this.#skim(line);
    } catch (error) {
      const place = `${this.path}:${this.#items.length + 1}`;
      throw new DamagedFile(place, `is damaged (${(error as Error).message})`, ADVICE);
    }
  }

  #forget(identity: string): void {
    this.#items = [];
    this.#starts = [];
    this.#end = 0;
    this.#identity = identity;
    this.#hash = createHash("sha256");
    this.#sealed = 0;
  }
}
