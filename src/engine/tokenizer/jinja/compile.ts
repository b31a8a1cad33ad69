import { Environment, parse, tokenize } from "@huggingface/jinja";
import { PythonInterpreter } from "./interpreter.js";
import { printed } from "./values.js";

const MOST_SOURCE = 1_000_000;

/** A template that has been read. */
export type Compiled = (values: Readonly<Record<string, unknown>>) => string;

/**
 * Reads a template as `transformers` does (blocks trimmed). Throws an Error on one that is malformed. Running it throws an Error where
 * the template does, where it does what Python's Jinja does not, and beyond the bounds above.
 */
export function compileJinja(source: string): Compiled {
  if (source.length > MOST_SOURCE) throw new Error(`it is longer than ${MOST_SOURCE} characters`);
  const program = parse(tokenize(source, { lstrip_blocks: true, trim_blocks: true }));
  return (values) => {
    const environment = new Environment();
    const interpreter = new PythonInterpreter(environment);
    for (const [name, value] of Object.entries(values)) environment.set(name, value);
    environment.set("range", (...args: number[]) => range(args, (steps) => interpreter.spend(steps)));
    return printed(interpreter.run(program));
  };
}

/** Python's range, as a list. */
function range([first = 0, second, step = 1]: readonly number[], spend: (steps: number) => void): number[] {
  const [from, to] = second === undefined ? [0, first] : [first, second];
  if (step === 0) throw new Error("range: the step must not be 0");
  const count = Math.max(0, Math.ceil((to - from) / step));
  spend(count);
  return Array.from({ length: count }, (_, at) => from + at * step);
}
