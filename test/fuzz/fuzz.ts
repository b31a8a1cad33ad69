import { pick, type Random, stream } from "../../src/random.js";
import { mutate } from "./mutate.js";

/** Something that reads files of strangers. */
export type Target = {
  name: string;
  /** Share of all inputs: cheap readers get more. */
  weight: number;
  /** Whole files that it takes. */
  corpus: readonly Buffer[];
  /**
   * Reads one, however. Throws what is wrong with it; gives a complaint where it took what it should not have.
   */
  read: (bytes: Buffer, random: Random) => unknown;
  /** Errors that are refusals, and what each must name. */
  refusal: (error: Error) => boolean;
};

export type Outcome = { target: string; inputs: number; taken: number; refused: number; slowest: number };
export type Finding = { target: string; name: string; why: string; bytes: Buffer };

/** Words of a machine that tripped: they are no refusal, whatever carries them. */
const TRIPPED =
  /Cannot (?:read|set|convert|destructure)|is not (?:a function(?!: got)|extensible)|(?<!object )is not iterable|undefined \(|Maximum call stack|Invalid (?:array|string) length|out of (?:memory|range)|Assertion|\bBigInt\b/u;

/** Puts damaged files to a target. The same name gives the same files. */
export async function fuzz(
  target: Target,
  {
    inputs,
    from = 0,
    seed,
    onInput,
    most = 20,
    limit = Number.POSITIVE_INFINITY,
  }: {
    inputs: number;
    /** The number of the first: a series may be put in parts. */
    from?: number;
    seed: string;
    onInput?: (name: string) => void;
    most?: number;
    /** Milliseconds of processor time that one input may take: for the soak, as no other test asserts on time. */
    limit?: number;
  },
): Promise<{ outcome: Outcome; findings: Finding[] }> {
  const outcome = { target: target.name, inputs, taken: 0, refused: 0, slowest: 0 };
  const findings: Finding[] = [];
  for (let index = from; index < from + inputs && findings.length < most; index += 1) {
    const name = `${seed}/${target.name}/${index}`;
    onInput?.(name);
    const random = stream(name);
    const bytes = mutate(pick(random, target.corpus), pick(random, target.corpus), random);
    const found = (why: string): void => void findings.push({ target: target.name, name, why, bytes });
    const before = process.cpuUsage();
    try {
      const complaint = await target.read(bytes, random);
      outcome.taken += 1;
      if (typeof complaint === "string") found(complaint);
    } catch (thrown) {
      outcome.refused += 1;
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      if (TRIPPED.test(error.message) || !target.refusal(error)) found(`${error.name}: ${error.message}`);
      else if (error.message.length > 20_000) found(`says ${error.message.length} letters`);
    }
    const { user, system } = process.cpuUsage(before);
    const took = (user + system) / 1000;
    outcome.slowest = Math.max(outcome.slowest, Math.round(took));
    if (took > limit) found(`took ${Math.round(took)} ms`);
  }
  return { outcome, findings };
}
