import { z } from "zod";
import { type Complaints, complaints } from "../../complaints.js";
import { InputError, mistaken, UserError } from "../../errors.js";
import type { Place } from "../../mistakes.js";
import { check, didYouMean, dotted, type Problem, slip } from "../../yaml/index.js";
import { type FileRow, filesOf, readRows } from "./table.js";

/** Text that may be missing. */
export const optionalText = z.string().nullish();

/** What is said to a model. `None`, `nan` and `null` are what programs write where nothing is to be said. */
const spoken = z.string().refine((text) => !/^\s*(?:nan|none|null|n\/a|<na>)\s*$/iu.test(text), {
  error: ({ input }) => `${missing(input)}; leave it out, or the cell empty`,
});

function missing(value: unknown): string {
  return `${JSON.stringify(value)} is how programs write a missing value`;
}

/** What is said to a model. */
export const prompt = spoken.regex(/\S/u, "expected words");

/** What is said to a model and may be missing, also as an empty text. */
export const optionalPrompt = spoken
  .refine((text) => text === "" || text.trim() !== "", "expected words")
  .nullish();

/** An id as benchmarks write it. */
export const idSchema = z.union([z.string().min(1), z.number()]).transform(String);

/** What came of reading a suite's files: nothing is left out without a reason. */
export type Reading = {
  files: readonly string[];
  /** Rows in the files. */
  rows: number;
  /** Rows that became no probe, by reason. */
  left_out: readonly { why: string; rows: number }[];
};

/** Probes with what came of reading their files, and the row that each was made of. */
export type ReadProbes<P> = { probes: P[]; reading: Reading; rows: ProbeRows };

/** The rows of a suite's files, by the ids of their probes. */
export type ProbeRows = ReadonlyMap<string, FileRow>;

/** Where probes stand, by their ids. */
export const placesOf = (rows: ProbeRows): ReadonlyMap<string, Place> =>
  new Map([...rows].map(([id, { place }]) => [id, place]));

/** Says that a row is none of the suite's, and why; it is counted, not an error. */
export class LeftOut {
  constructor(readonly why: string) {}
}

/** How rows become probes. */
export type ProbeReader<S extends z.ZodType, P> = {
  suite: string;
  schema: S;
  /** Columns that the file may have; if absent any but those that are nearly one of the schema's. */
  columns?: readonly string[];
  /** What a column may be called besides, though it is nearly one of the schema's. */
  besides?: readonly string[];
  /** Makes a probe of a row, says why it is left out, or throws to say what is wrong with it (`column: what`). */
  read: (row: z.output<S>, at: FileRow) => P | LeftOut;
};

/**
 * Reads a suite's probes from a file, a folder of files or a list of both: CSV, a list in YAML, JSON array or JSON lines. Throws a
 * UserError with file, row and column of every row that is not what the suite expects, and where two probes share an id or none
 * is left.
 */
export function readProbes<S extends z.ZodType, P extends { id: string }>(
  path: string | readonly string[],
  { suite, schema, columns, besides = [], read }: ProbeReader<S, P>,
): ReadProbes<P> {
  const files = filesOf(path);
  const wrong = complaints();
  const rows = files.flatMap((file) => readRows(file, wrong));
  const left = new Map<string, number>();
  const made = rows.flatMap((at): { probe: P; at: FileRow }[] => {
    const probe = wrong.attempt(() => {
      if (columns) refuseUnknown(at, columns, suite);
      else refuseSlip(at.value, schema, { at, besides, suite });
      return toProbe(parseRow(at, schema, suite), at, read);
    });
    if (probe === undefined) return [];
    if (!(probe instanceof LeftOut)) return [{ probe, at }];
    left.set(probe.why, (left.get(probe.why) ?? 0) + 1);
    return [];
  });
  const own = withOwnIds(made, wrong);
  wrong.end(files.join(", "));
  const probes = own.map(({ probe }) => probe);
  const left_out = [...left].map(([why, count]) => ({ why, rows: count }));
  if (probes.length === 0) {
    const why = left_out.map((one) => `; ${one.rows} left out: ${one.why}`).join("");
    const none =
      rows.length === 0 ? `; it has no rows, and each is a probe (${columnsOf(schema, columns)})` : "";
    throw mistaken({ file: files.join(", "), what: `holds no probes of ${called(suite)}${none}${why}` });
  }
  return {
    probes,
    reading: { files, rows: rows.length, left_out },
    rows: new Map(own.map(({ probe, at }) => [probe.id, at])),
  };
}

/** What a row may have, for people. */
function columnsOf(schema: z.ZodType, columns: readonly string[] | undefined): string {
  const inner = unwrapped(schema);
  return (columns ?? (inner instanceof z.ZodObject ? Object.keys(inner.shape) : [])).join(", ");
}

/** Checks of judges and raters have rows too, and are no suites. */
const called = (suite: string): string => (suite.includes(" ") ? suite : `suite ${suite}`);

function toProbe<R, P>(row: R, at: FileRow, read: (row: R, at: FileRow) => P | LeftOut): P | LeftOut {
  try {
    return read(row, at);
  } catch (error) {
    throw error instanceof UserError ? error : mistaken({ ...at.place, what: (error as Error).message });
  }
}

/** Benchmarks of several files number the rows of each from 1: an id that stands in two files gets its file's name before it. */
function withOwnIds<P extends { id: string }>(
  made: readonly { probe: P; at: FileRow }[],
  wrong: Complaints,
): { probe: P; at: FileRow }[] {
  const filesById = new Map<string, Set<string>>();
  for (const { probe, at } of made)
    filesById.set(probe.id, (filesById.get(probe.id) ?? new Set()).add(at.file));
  const seen = new Set<string>();
  return made.map(({ probe, at }) => {
    const id = filesById.get(probe.id)!.size > 1 ? `${at.file}-${probe.id}` : probe.id;
    wrong.attempt(() => {
      if (seen.has(id))
        throw mistaken({ ...at.place, what: `id ${id} stands twice; probes need ids of their own` });
      seen.add(id);
    });
    return { probe: id === probe.id ? probe : { ...probe, id }, at };
  });
}

/** A reading in a sentence, for people: `mask.csv: 200 rows read, 3 left out (3 without a truth)`. */
export function readingWords({ files, rows, left_out }: Reading): string {
  const left = left_out.reduce((sum, one) => sum + one.rows, 0);
  const why = left_out.map((one) => `${one.rows} ${one.why}`).join(", ");
  const where = files.length > 3 ? `${files.length} files` : files.join(", ");
  return `${where}: ${rows} ${rows === 1 ? "row" : "rows"} read, ${left === 0 ? "none left out" : `${left} left out (${why})`}`;
}

function refuseUnknown({ value, place }: FileRow, columns: readonly string[], suite: string): void {
  if (typeof value !== "object" || value === null) return;
  const unknown = Object.keys(value).filter((name) => !columns.includes(name));
  if (unknown.length === 0) return;
  const one = unknown.length === 1 ? "not a column" : "not columns";
  // A file of another benchmark has many: they are one mistake.
  const near = unknown.length === 1 ? didYouMean(unknown[0]!, columns).replace(/ \(known: .*\)$/u, "") : "";
  const field = unknown.join(", ");
  const what = `${one} that ${called(suite)} knows${near}; it reads ${columns.join(", ")}`;
  throw mistaken({ ...place, field, what });
}

type Path = Problem["path"];
type SlipRequest = { at: FileRow; besides: readonly string[]; suite: string };

/** Looks for fields that are nearly one of the schema's, also within those that hold fields or lists of such. */
function refuseSlip(value: unknown, schema: z.core.$ZodType, request: SlipRequest, path: Path = []): void {
  if (typeof value !== "object" || value === null) return;
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    for (const [index, one] of value.entries()) refuseSlip(one, inner.element, request, [...path, index]);
    return;
  }
  if (!(inner instanceof z.ZodObject)) return;
  const { at, besides, suite } = request;
  const slipped = slip(value, [...Object.keys(inner.shape), ...besides]);
  if (slipped !== null) {
    const field = [...path, slipped.name];
    const place = at.fieldAt?.(field, "key") ?? at.place;
    throw mistaken({ ...place, field: dotted(field), what: `${slipped.what} (a row of ${called(suite)})` });
  }
  for (const [name, field] of Object.entries(inner.shape))
    refuseSlip((value as Record<string, unknown>)[name], field, request, [...path, name]);
}

/** A schema without what may be absent, also one that is looked at after something was done to the row. */
function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe) return unwrapped(schema.out);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return unwrapped(schema.def.innerType);
  return schema;
}

function parseRow<S extends z.ZodType>(
  { value, place, fieldAt, textual }: FileRow,
  schema: S,
  suite: string,
): z.output<S> {
  const told = textual ? filled(value, place) : value;
  const first = check(schema, told);
  const { data, problems } =
    textual && first.data === undefined ? check(schema, unfolded(told, first.problems)) : first;
  if (data !== undefined) return data;
  throw new InputError(
    problems.map(({ path, message, at }) => ({
      ...(fieldAt?.(path, at) ?? place),
      field: path.length === 0 ? "row" : dotted(path),
      what: `${message} (a row of ${called(suite)})`,
    })),
  );
}

/** A CSV's cells that hold JSON where the suite wants fields or a list: one cell has no other way to hold them. */
function unfolded(row: unknown, problems: readonly Problem[]): unknown {
  const wanted = new Set(problems.map(({ path }) => path[0]));
  return Object.fromEntries(
    Object.entries(row ?? {}).map(([name, text]) => [name, wanted.has(name) ? unfoldedCell(text) : text]),
  );
}

/** The fields or the list that a cell holds as JSON; any other as it stands. */
export function unfoldedCell(cell: unknown): unknown {
  if (typeof cell !== "string" || !/^\s*[[{]/u.test(cell)) return cell;
  try {
    return JSON.parse(cell) as unknown;
  } catch {
    return cell;
  }
}

/** What programs write into a cell that has no value. As text it would be put to the model, or be a right answer. */
const NOTHING = /^(?:nan|<na>|nat|#n\/a)$/iu;

/** A CSV's empty cells are missing values. Throws a UserError on one that says so in words. */
function filled(row: unknown, place: Place): Record<string, unknown> {
  const cells = Object.entries(row ?? {}).filter(([, text]) => String(text).trim() !== "");
  for (const [field, text] of cells)
    if (NOTHING.test(String(text).trim()))
      throw mistaken({
        ...place,
        field,
        what: `${missing(text)}; leave the cell empty`,
      });
  return Object.fromEntries(cells);
}
