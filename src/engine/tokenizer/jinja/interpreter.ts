import { Environment, Interpreter, parse, tokenize } from "@huggingface/jinja";
import { checkArguments, checkOperand, FILTERS } from "./filters.js";
import { METHODS } from "./methods.js";
import { MENDED, operate } from "./operators.js";
import {
  boolean,
  type Callable,
  callable,
  isBoolean,
  isInteger,
  isList,
  isMapping,
  isNumber,
  isText,
  isUndefined,
  printed,
  text,
  type Value,
} from "./values.js";

/** A node of a parsed template, as far as it is looked at here. */
type Node = { type: string; [field: string]: unknown };
type Parsed = Parameters<Interpreter["run"]>[0];

/** A loop under way: whether a turn of it has begun, and one come to its end. */
type Loop = { turned: boolean; completed: boolean };

/** What the library keeps to itself in its types but calls on `this`. */
type Inside = {
  evaluate(node: Node | undefined, scope: Environment): Value;
  evaluateFor(node: Node, scope: Environment): Value;
  evaluateSet(node: Node, scope: Environment): Value;
  evaluateMacro(node: Node, scope: Environment): Value;
  evaluateArguments(args: Node[], scope: Environment): [Value[], Map<string, Value>];
  evaluateCallExpression(node: Node, scope: Environment): Value;
  evaluateMemberExpression(node: Node, scope: Environment): Value;
  evaluateBinaryExpression(node: Node, scope: Environment): Value;
  evaluateTestExpression(node: Node, scope: Environment): Value;
  applyFilter(operand: Value, filter: Node, scope: Environment): Value;
  run(program: Parsed): Value;
};
const Base = Interpreter as unknown as new (scope: Environment) => Inside;

/**
 * What one conversation may cost, in steps of some tenths of a microsecond: a thousand turns of the longest known template take a
 * third of it. A template that wants more is broken or means harm.
 */
const MOST_STEPS = 3_000_000;
const STEPS_OF_AN_ITEM = 10;
const STEPS_OF_A_TURN = 50;
const MOST_CHARACTERS = 20_000_000;

const { BreakError, ContinueError } = loopErrors();

/**
 * The library's interpreter, held to Python's Jinja where the two differ in silence (0.5.11): text before `break` and `continue`, what
 * a loop's turn keeps from the one before, what a macro sees, equality, printing, text methods and filters. Bounded in steps
 * and size.
 */
export class PythonInterpreter extends Base {
  #steps = 0;
  /** Written in a turn of a loop before `break` or `continue` ended it. */
  #held = "";
  /** What a node was just found to be, for the library's own look at it. */
  #known: { node: Node; value: Value } | null = null;
  readonly #bodies = new WeakSet<object>();
  readonly #loops: Loop[] = [];
  /** Scopes of loops that a `break` has ended. */
  readonly #broken = new WeakSet<Environment>();

  /** Counts a step, and what a value weighs. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MOST_STEPS) throw new Error("it takes too many steps: an endless or huge loop?");
  }

  override evaluate(node: Node | undefined, scope: Environment): Value {
    this.spend(1);
    const known = this.#known;
    this.#known = null;
    const value = known && known.node === node ? known.value : super.evaluate(node, scope);
    if (isText(value)) {
      if (value.value.length > MOST_CHARACTERS) throw new Error("it makes too long a text");
      this.spend(value.value.length >> 8);
    } else if (isList(value)) this.spend(value.value.length >> 3);
    return value;
  }

  /** Called by the library wherever a list of statements is run. */
  evaluateBlock(statements: Node[], scope: Environment): Value {
    const isTurn = this.#bodies.has(statements);
    if (isTurn && this.#broken.has(scope)) throw new BreakError();
    const loop = isTurn ? this.#loops.at(-1)! : null;
    if (loop) {
      loop.turned = true;
      this.spend(STEPS_OF_A_TURN);
    }
    // A variable set in one turn of a loop is not there in the next.
    const inner = isTurn ? new Environment(scope) : scope;
    let written = "";
    try {
      for (const node of statements) {
        const value = this.evaluate(node, inner);
        if (!SILENT.has(node.type)) written += printed(value);
      }
      if (loop) loop.completed = true;
    } catch (error) {
      if (!(error instanceof BreakError || error instanceof ContinueError)) throw error;
      this.#held = written + this.#held;
      if (!isTurn) throw error;
      if (error instanceof BreakError) this.#broken.add(scope);
      written = this.#held;
      this.#held = "";
    }
    return text(written);
  }

  override evaluateFor(node: Node, scope: Environment): Value {
    this.#bodies.add(node.body as object);
    const loop: Loop = { turned: false, completed: false };
    this.#loops.push(loop);
    // The library prepares every turn before the first.
    const iterable = node.iterable as Node;
    const source = (iterable.type === "SelectExpression" ? iterable.lhs : iterable) as Node;
    const value = this.evaluate(source, scope);
    if (isList(value)) this.spend(STEPS_OF_AN_ITEM * value.value.length);
    this.#known = { node: source, value };
    const result = super.evaluateFor(node, scope);
    this.#loops.pop();
    // Jinja's `else` follows every loop of which no turn came to its end.
    if (!loop.turned || loop.completed) return result;
    return text(printed(result) + printed(this.evaluateBlock(node.defaultBlock as Node[], scope)));
  }

  /** What a block wrote into a variable that it never came to set is gone. */
  override evaluateSet(node: Node, scope: Environment): Value {
    const held = this.#held;
    try {
      return super.evaluateSet(node, scope);
    } catch (error) {
      this.#held = held;
      throw error;
    }
  }

  /** A macro sees where it was written, not where it is called. */
  override evaluateMacro(node: Node, scope: Environment): Value {
    const result = super.evaluateMacro(node, scope);
    const { value: name } = node.name as { value: string };
    const { value: called } = scope.lookupVariable(name) as Callable;
    const bound = callable((args, from) => {
      const own = new Environment(scope);
      const caller = from.variables.get("caller");
      if (caller) own.setVariable("caller", caller);
      return called(args, own);
    });
    scope.setVariable(name, bound as unknown as Parameters<Environment["setVariable"]>[1]);
    return result;
  }

  override evaluateCallExpression(node: Node, scope: Environment): Value {
    const callee = node.callee as Node;
    const name = (callee.property as { value?: string } | undefined)?.value;
    const method = callee.type === "MemberExpression" && !callee.computed ? METHODS.get(name!) : undefined;
    if (method) {
      const self = this.evaluate(callee.object as Node, scope);
      if (isText(self)) {
        const [args, named] = this.evaluateArguments(node.args as Node[], scope);
        if (named.size > 0) throw new Error(`it calls ${name} with names for its arguments`);
        return method(self, args);
      }
    }
    return super.evaluateCallExpression(node, scope);
  }

  override evaluateMemberExpression(node: Node, scope: Environment): Value {
    const inner = node.object as Node;
    const object = this.evaluate(inner, scope);
    if (isUndefined(object)) throw new Error("it looks into something that is not defined");
    const property = node.property as Node;
    if (isText(object) && node.computed && property.type !== "SliceExpression") {
      const at = this.evaluate(property, scope);
      const letter = isInteger(at) ? [...object.value].at(at.value) : undefined;
      if (letter !== undefined) return text(letter);
    }
    // What JavaScript calls a length is no attribute in Python.
    if (!node.computed && property.value === "length" && !isMapping(object)) return undefinedValue;
    this.#known = { node: inner, value: object };
    return super.evaluateMemberExpression(node, scope);
  }

  override evaluateBinaryExpression(node: Node, scope: Environment): Value {
    const { value: operator } = node.operator as { value: string };
    if (!MENDED.has(operator)) return super.evaluateBinaryExpression(node, scope);
    const left = this.evaluate(node.left as Node, scope);
    const right = this.evaluate(node.right as Node, scope);
    return operate(operator, left, right);
  }

  override evaluateTestExpression(node: Node, scope: Environment): Value {
    const { value: name } = node.test as { value: string };
    if (!TESTS.has(name)) return super.evaluateTestExpression(node, scope);
    const operand = this.evaluate(node.operand as Node, scope);
    const is =
      name === "number"
        ? isNumber(operand) || isBoolean(operand)
        : isText(operand) || isList(operand) || isMapping(operand) || isUndefined(operand);
    return boolean(node.negate ? !is : is);
  }

  override applyFilter(operand: Value, filter: Node, scope: Environment): Value {
    const name = (filter.value ?? (filter.callee as Node | undefined)?.value) as string;
    checkOperand(name, operand);
    if (filter.type === "CallExpression") {
      const [args, named] = this.evaluateArguments(filter.args as Node[], scope);
      if (name === "join" && isList(operand) && args.length === 1 && isText(args[0]!))
        return text(operand.value.map(printed).join(args[0].value));
      checkArguments([...args, ...named.values()]);
    }
    const own = filter.type === "Identifier" ? FILTERS.get(name) : undefined;
    return own?.(operand) ?? super.applyFilter(operand, filter, scope);
  }
}

/** Statements that write nothing; every other writes its value. */
const SILENT: ReadonlySet<string> = new Set(["Set", "Macro", "Comment"]);
const TESTS: ReadonlySet<string> = new Set(["iterable", "sequence", "number"]);

const undefinedValue = new Environment().set("made", undefined) as Value;

/** The library's errors that end a turn of a loop, which it does not export. */
function loopErrors() {
  const thrownBy = (source: string): (new () => Error) => {
    try {
      new Interpreter(new Environment()).run(parse(tokenize(source)));
    } catch (error) {
      return (error as Error).constructor as new () => Error;
    }
    throw new Error(`${source} throws nothing`);
  };
  return { BreakError: thrownBy("{% break %}"), ContinueError: thrownBy("{% continue %}") };
}
