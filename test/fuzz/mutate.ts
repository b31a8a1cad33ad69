import { pick, type Random } from "../../src/random.js";

// Damage as disks, editors and ill will do it.

const below = (random: Random, end: number): number => Math.floor(random() * Math.max(1, end));

/** What breaks readers: values that are none, names that objects have, marks of other formats, numbers at an end of their range. */
const WORDS: readonly string[] = [
  ...[
    "null",
    "true",
    "[]",
    "{}",
    '""',
    "0",
    "-1",
    "-0",
    "1e999",
    "1e308",
    "NaN",
    ".inf",
    ".nan",
    "9007199254740993",
  ],
  ...[
    '"__proto__"',
    '"constructor"',
    '{"toString": 1}',
    '"\\ud800"',
    '"\\u0000"',
    "\u0000",
    "\ufeff",
    "\u2028",
    "\r",
    "\n",
    "\t",
  ],
  ...[
    "---\n",
    "%YAML 1.1\n",
    "&a [*a]",
    "*a",
    "<<: *a",
    "!!binary aGk=",
    "!!js/function x",
    "? ",
    "- ",
    "|",
    ">-",
    "'",
    '"',
    "#",
    ",",
  ],
  ...[
    "{{ x }}",
    "{% for i in range(1000000000) %}x{% endfor %}",
    "{% endif %}",
    "../../etc/passwd",
    "=1+1",
    "\u001b[2J",
  ],
  ...["[".repeat(300), "{a: ".repeat(300), "a".repeat(3_000), " ".repeat(3_000), "(a+)+$"],
];

const SCALAR = /"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\btrue\b|\bfalse\b|\bnull\b/gu;

type Change = (bytes: Buffer, random: Random, other: Buffer) => Buffer;

const splice = (bytes: Buffer, at: number, gone: number, put: Buffer | string): Buffer =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at + gone)]);

const scalars =
  (change: (found: string, random: Random, all: readonly string[]) => string): Change =>
  (bytes, random) => {
    const text = bytes.toString("latin1");
    const all = [...text.matchAll(SCALAR)];
    if (all.length === 0) return bytes;
    const { index, 0: found } = pick(random, all);
    const put = change(
      found,
      random,
      all.map(([one]) => one),
    );
    return Buffer.from(text.slice(0, index) + put + text.slice(index + found.length), "latin1");
  };

const CHANGES: readonly Change[] = [
  (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
  () => Buffer.alloc(0),
  (bytes, random) => {
    const out = Buffer.from(bytes);
    if (out.length > 0) out[below(random, out.length)]! ^= 1 << below(random, 8);
    return out;
  },
  (bytes, random) => {
    const out = Buffer.from(bytes);
    if (out.length > 0) out[below(random, out.length)] = below(random, 256);
    return out;
  },
  (bytes, random) => splice(bytes, below(random, bytes.length), below(random, 64), ""),
  (bytes, random) => splice(bytes, below(random, bytes.length), 0, pick(random, WORDS)),
  (bytes, random) => {
    const from = below(random, bytes.length);
    return splice(bytes, below(random, bytes.length), 0, bytes.subarray(from, from + below(random, 256)));
  },
  (bytes, random, other) =>
    Buffer.concat([
      bytes.subarray(0, below(random, bytes.length)),
      other.subarray(below(random, other.length)),
    ]),
  (_bytes, _random, other) => other,
  scalars(() => "null"),
  scalars((_found, random) => pick(random, WORDS)),
  scalars((_found, random, all) => pick(random, all)),
  (bytes, random) => {
    const lines = bytes.toString("latin1").split("\n");
    lines.splice(
      below(random, lines.length),
      1,
      ...(random() < 0.5 ? [] : [pick(random, lines), pick(random, lines)]),
    );
    return Buffer.from(lines.join("\n"), "latin1");
  },
  (bytes) => Buffer.from(`\ufeff${bytes.toString()}`, "utf16le"),
];

/** A damaged copy: one change, or with falling odds several. `other` is a file of the same kind. */
export function mutate(bytes: Buffer, other: Buffer, random: Random): Buffer {
  let out = bytes;
  do out = pick(random, CHANGES)(out, random, other);
  while (random() < 0.3);
  return out;
}
