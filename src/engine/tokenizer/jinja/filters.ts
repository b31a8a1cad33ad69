import { capitalize, strip, titled } from "./python-text.js";
import {
  integer,
  isBoolean,
  isInteger,
  isList,
  isNumber,
  isText,
  printed,
  text,
  type Value,
} from "./values.js";

type Filter = (operand: Value) => Value | undefined;

/**
 * Filters without arguments that the library has otherwise than Python's Jinja. Undefined: the library's own is right for this
 * operand.
 */
export const FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ["trim", (operand) => (isText(operand) ? text(strip(operand.value, null, "both")) : undefined)],
  ["title", (operand) => (isText(operand) ? text(titled(operand.value)) : undefined)],
  ["capitalize", (operand) => (isText(operand) ? text(capitalize(operand.value)) : undefined)],
  // A letter beyond the first plane is one to Python, two to JavaScript.
  ["length", (operand) => (isText(operand) ? integer([...operand.value].length) : undefined)],
  ["count", (operand) => (isText(operand) ? integer([...operand.value].length) : undefined)],
  ["safe", (operand) => text(printed(operand))],
  ["string", (operand) => text(printed(operand))],
  ["join", (operand) => (isList(operand) ? text(operand.value.map(printed).join("")) : undefined)],
  ["first", (operand) => edge(operand, 0)],
  ["last", (operand) => edge(operand, -1)],
  [
    "int",
    (operand) => {
      if (isBoolean(operand)) return integer(Number(operand.value));
      if (isNumber(operand)) return integer(Math.trunc(operand.value));
      if (isText(operand) && /^\s*[+-]?\d{1,15}\s*$/u.test(operand.value))
        return integer(Number(operand.value));
      throw new Error("it reads a number from something that is none");
    },
  ],
]);

function edge(operand: Value, at: 0 | -1): Value | undefined {
  if (isText(operand)) {
    const letter = [...operand.value].at(at);
    return letter === undefined ? undefined : text(letter);
  }
  if (isList(operand) && operand.value.length === 0) throw new Error("it takes an end of an empty list");
  return undefined;
}

/** What Python takes for the end of a line and JavaScript does not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const OTHER_LINES = /[\r\v\f\x1c-\x1e\x85\u2028\u2029]/u;

/** Throws where the library's filter takes something for another thing than Python does. */
export function checkOperand(name: string, operand: Value): void {
  if (name === "tojson" && (operand.type === "UndefinedValue" || operand.type === "FloatValue"))
    throw new Error("it writes as JSON what is not defined, or a fraction");
  if (name === "indent" && isText(operand) && OTHER_LINES.test(operand.value))
    throw new Error("it indents lines that end otherwise than by a line feed");
}

/** No width of an indent that a template needs; a larger one fills the memory. */
const MOST_INDENT = 1000;

/** Throws where an argument of a filter is a number that no template needs. */
export function checkArguments(args: readonly Value[]): void {
  if (args.some((value) => isInteger(value) && Math.abs(value.value) > MOST_INDENT))
    throw new Error(`it gives a filter a number above ${MOST_INDENT}`);
}
