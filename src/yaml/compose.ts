import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  type ParsedNode,
  Parser,
  visit,
} from "yaml";
import { type InputError, mistaken } from "../errors.js";
import type { Mistake } from "../mistakes.js";
import { firstOf } from "./first-of.js";

/** Lists and fields inside each other: more than any file of ours has, and few enough for functions that call themselves. */
const MOST_NESTED = 64;

type Place = { line: number; col: number };

/** A parsed YAML document, with line and column (from 1) of an offset in its text. */
export type Composed = { document: Document; at: (offset: number) => Place };

/**
 * Parses YAML text that may be a stranger's; `path` is the name used in messages. Throws an InputError with every syntax error,
 * or the first thing that no file may hold: deeper nesting than 64, several documents, an alias inside what it names, a number
 * that is not finite (no result file could keep it), a field that objects cannot have.
 */
export function composeYaml(source: string, path: string): Composed {
  const lines = new LineCounter();
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), col: Math.max(col, 1) };
  };
  const mistakeAt = (offset: number, what: string): Mistake => {
    const { line, col } = at(offset);
    return { file: path, line, column: col, what };
  };
  const complain = (offset: number, what: string): InputError => mistaken(mistakeAt(offset, what));
  const tokens = flatEnough(source, lines, complain);
  // The library compares every key with every other one, which takes half a minute for 18,000 of them.
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false });
  const [document, next] = [...composer.compose(tokens, true, source.length)];
  const faults = [...document!.errors, ...document!.warnings];
  if (faults.length > 0)
    throw firstOf(
      faults.map(({ pos, message }) => mistakeAt(pos[0], `invalid YAML: ${message}`)),
      path,
    );
  if (next) throw complain(next.range[0], "invalid YAML: a second document; only one may stand in a file");
  refuseOddities(document!, complain);
  return { document: document!, at };
}

type Complain = (offset: number, what: string) => InputError;

/** The tokens of a text, read without recursion, unless they are nested too deeply for what comes after. */
function flatEnough(source: string, lines: LineCounter, complain: Complain): CST.Token[] {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(source)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > MOST_NESTED)
      throw complain(parser.offset, `nested more than ${MOST_NESTED} levels deep`);
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function refuseOddities(document: Document, complain: Complain): void {
  visit(document, {
    Alias: (_key, alias, ancestors) => {
      const named = alias.resolve(document);
      if (named !== undefined && ancestors.some((ancestor) => ancestor === named))
        throw complain(offsetOf(alias), `*${alias.source} stands inside what it names`);
    },
    Map: (_key, map) => {
      const names = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key) || (typeof key.value === "object" && key.value !== null))
          throw complain(offsetOf(key), "expected a field's name, found something else");
        const name = String(key.value);
        // Objects lose a field of this name on their way, and a case or persona that is called so with it.
        if (name === "__proto__") throw complain(offsetOf(key), "no field can be named __proto__");
        if (names.has(name)) throw complain(offsetOf(key), "invalid YAML: Map keys must be unique");
        names.add(name);
      }
    },
    Scalar: (_key, scalar) => {
      if (typeof scalar.value === "number" && !Number.isFinite(scalar.value))
        throw complain(offsetOf(scalar), `expected a finite number, found ${scalar.source ?? scalar.value}`);
    },
  });
}

function offsetOf(node: unknown): number {
  return isNode(node) || isScalar(node) || isAlias(node) ? ((node as ParsedNode).range?.[0] ?? 0) : 0;
}
