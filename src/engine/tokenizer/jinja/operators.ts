import {
  boolean,
  contains,
  equal,
  integer,
  isInteger,
  isList,
  isNumber,
  isText,
  list,
  printed,
  text,
  type Value,
} from "./values.js";

/** The operators that the library reckons otherwise than Python, or that differ between the two in silence. */
export const MENDED: ReadonlySet<string> = new Set(["==", "!=", "~", "%", "+", "/", "//", "in", "not in"]);

/** What Python's Jinja makes of two values. Throws where it would do what no known template asks for. */
export function operate(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case "==":
      return boolean(equal(left, right));
    case "!=":
      return boolean(!equal(left, right));
    case "~":
      return text(printed(left) + printed(right));
    case "/":
    case "//":
      if (isInteger(right) && right.value !== 0 && isInteger(left) && operator === "//")
        return integer(Math.floor(left.value / right.value));
      throw new Error("it divides something other than whole numbers");
    case "%":
      if (isInteger(left) && isInteger(right) && right.value !== 0)
        return integer(((left.value % right.value) + right.value) % right.value);
      throw new Error("it takes the rest of something that is no whole number");
    case "+":
      if (isText(left) && isText(right)) return text(left.value + right.value);
      if (isNumber(left) && isNumber(right) && left.type === right.type && isInteger(left))
        return integer(left.value + right.value);
      if (isList(left) && isList(right) && left.type === right.type)
        return list([...left.value, ...right.value]);
      throw new Error(`it adds ${left.type.replace("Value", "")} and ${right.type.replace("Value", "")}`);
    default: {
      const found = contains(left, right);
      return boolean(operator === "in" ? found : !found);
    }
  }
}
