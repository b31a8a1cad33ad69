import { Environment } from "@huggingface/jinja";

// The library exports its interpreter but not the kinds of its values: they are known by what it makes of a plain value.

/** A value of a running template. `type` is the library's name for its kind. */
export type Value = { type: string; value: unknown; __bool__: () => { value: boolean } };
export type Text = Value & { value: string };
export type List = Value & { value: Value[] };
export type Callable = Value & { value: (args: Value[], scope: Environment) => Value };

type Kind = new (value: unknown) => Value;

const made = (value: unknown): Value => new Environment().set("made", value) as Value;
const kindOf = (value: unknown): Kind => made(value).constructor as Kind;

const TextKind = kindOf("");
const BooleanKind = kindOf(true);
const IntegerKind = kindOf(1);
const ListKind = kindOf([]);
const CallableKind = kindOf(() => null);

export const text = (value: string): Text => new TextKind(value) as Text;
export const boolean = (value: boolean): Value => new BooleanKind(value);
export const integer = (value: number): Value => new IntegerKind(value);
export const list = (values: Value[]): List => new ListKind(values) as List;
export const callable = (value: Callable["value"]): Callable => new CallableKind(value) as Callable;

export const isText = (value: Value): value is Text => value instanceof TextKind;
export const isBoolean = (value: Value): boolean => value instanceof BooleanKind;
export const isInteger = (value: Value): value is Value & { value: number } => value instanceof IntegerKind;
export const isList = (value: Value): value is List => value instanceof ListKind;
export const isMapping = ({ type }: Value): boolean => type === "ObjectValue";
export const isNone = ({ type }: Value): boolean => type === "NullValue";
export const isUndefined = ({ type }: Value): boolean => type === "UndefinedValue";
export const isNumber = (value: Value): value is Value & { value: number } =>
  isInteger(value) || value.type === "FloatValue";

/** Python's `==`, which never takes one kind for another but counts true as 1. */
export function equal(a: Value, b: Value): boolean {
  if (isList(a) && isList(b))
    return (
      a.type === b.type &&
      a.value.length === b.value.length &&
      a.value.every((item, at) => equal(item, b.value[at]!))
    );
  if (isMapping(a) && isMapping(b)) {
    const [one, other] = [a.value as Map<string, Value>, b.value as Map<string, Value>];
    return (
      one.size === other.size &&
      [...one].every(([key, item]) => other.has(key) && equal(item, other.get(key)!))
    );
  }
  const numeric = (value: Value): boolean => isNumber(value) || isBoolean(value);
  if (numeric(a) && numeric(b)) return Number(a.value) === Number(b.value);
  return a.type === b.type && a.value === b.value;
}

/**
 * What Python prints for a value. Throws for what it prints in a form of its own (lists, fractions, functions): no chat template
 * shows those, and a guess would be another prompt.
 */
export function printed(value: Value): string {
  if (isText(value)) return value.value;
  if (isInteger(value)) return String(value.value);
  if (isBoolean(value)) return value.value ? "True" : "False";
  if (isNone(value)) return "None";
  if (isUndefined(value)) return "";
  throw new Error(`it prints a value of kind ${value.type.replace("Value", "").toLowerCase()}`);
}

/** Python's `in`. */
export function contains(item: Value, whole: Value): boolean {
  if (isUndefined(whole)) return false;
  if (isList(whole)) return whole.value.some((other) => equal(item, other));
  if (isText(whole) && isText(item)) return whole.value.includes(item.value);
  if (isMapping(whole)) return isText(item) && (whole.value as Map<string, Value>).has(item.value);
  throw new Error(`it looks for something in a ${whole.type.replace("Value", "").toLowerCase()}`);
}
