import { capitalize, splitWords, strip, title } from "./python-text.js";
import { integer, isInteger, isNone, isText, list, type Text, text, type Value } from "./values.js";

type Method = (self: Text, args: readonly Value[]) => Value;

const only = (args: readonly Value[], most: number): void => {
  if (args.length > most || args.some(({ type }) => type === "KeywordArgumentsValue"))
    throw new Error("it calls a text's method with arguments that are not supported");
};

const stripping =
  (side: "both" | "left" | "right"): Method =>
  (self, args) => {
    only(args, 1);
    const [chars] = args;
    if (chars !== undefined && !isText(chars) && !isNone(chars))
      throw new Error("strip takes a text of characters");
    return text(strip(self.value, chars && isText(chars) ? chars.value : null, side));
  };

/** Without a separator: words, of which the library knows only JavaScript's. */
const split: Method = (self, args) => {
  only(args, 2);
  const [separator, most = integer(-1)] = args;
  if (!isInteger(most)) throw new Error("split takes a whole number of cuts");
  if (separator === undefined || isNone(separator)) return list(splitWords(self.value, most.value).map(text));
  if (!isText(separator) || separator.value === "") throw new Error("split takes a separator");
  const parts = self.value.split(separator.value);
  if (most.value < 0 || parts.length <= most.value) return list(parts.map(text));
  const kept = parts.slice(0, most.value);
  return list([...kept, parts.slice(most.value).join(separator.value)].map(text));
};

/** Methods of texts that the library has otherwise than Python. */
export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ["strip", stripping("both")],
  ["lstrip", stripping("left")],
  ["rstrip", stripping("right")],
  ["split", split],
  [
    "title",
    (self, args) => {
      only(args, 0);
      return text(title(self.value));
    },
  ],
  [
    "capitalize",
    (self, args) => {
      only(args, 0);
      return text(capitalize(self.value));
    },
  ],
]);
