import { isIP } from "node:net";

/** What looks like personal data, by kind. Patterns miss some and take some for others: they are a help, no proof. */
export const personalKinds = ["email", "card", "iban", "ip", "phone"] as const;
export type PersonalKind = (typeof personalKinds)[number];

type Finder = { pattern: RegExp; isOne: (found: string) => boolean };

const digits = (text: string): string => text.replace(/\D/gu, "");

/** In this order: what is a card is no phone. */
const FINDERS: Readonly<Record<PersonalKind, Finder>> = {
  email: { pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu, isOne: () => true },
  card: { pattern: /(?<![\w.])\d(?:[ -]?\d){12,18}(?!\w)/gu, isOne: (found) => luhn(digits(found)) },
  iban: { pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/gu, isOne: isIban },
  ip: {
    pattern: /(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?![\w:]|\.\d)/giu,
    isOne: (found) => isIP(found) !== 0 && found !== "::",
  },
  phone: {
    // A plus, a bracket or at least two breaks: numbers of other kinds are written without.
    pattern: /(?<![\w.])(?:\+\d|\(\d{2,5}\)|\d{2,5}[ ./-])[\d ()./-]{5,17}\d(?!\w)/gu,
    isOne: (found) => {
      const length = digits(found).length;
      return (
        length >= 8 &&
        length <= 15 &&
        (/^[+(]/u.test(found) || /\d[ ./-]+\d+[ ./-]+\d/u.test(found)) &&
        !isDate(found)
      );
    },
  },
};

/** A text without what looks like personal data of the kinds, each in its place as `[email]`; and how much of each was found. */
export function withoutPersonal(
  text: string,
  kinds: readonly PersonalKind[] = personalKinds,
): { text: string; found: Partial<Record<PersonalKind, number>> } {
  const found: Partial<Record<PersonalKind, number>> = {};
  let left = text;
  for (const kind of personalKinds.filter((one) => kinds.includes(one))) {
    const { pattern, isOne } = FINDERS[kind];
    left = left.replace(pattern, (match) => {
      if (!isOne(match)) return match;
      found[kind] = (found[kind] ?? 0) + 1;
      return `[${kind}]`;
    });
  }
  return { text: left, found };
}

/** The check digit of card numbers. */
function luhn(number: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...number].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0 && !/^(\d)\1*$/u.test(number);
}

/** ISO 13616: the rest of a division by 97 is 1. */
function isIban(text: string): boolean {
  const plain = text.replaceAll(" ", "");
  if (plain.length < 15 || plain.length > 34) return false;
  const turned = `${plain.slice(4)}${plain.slice(0, 4)}`;
  let rest = 0;
  for (const sign of turned) {
    const value = /\d/u.test(sign) ? sign : String(sign.charCodeAt(0) - 55);
    for (const digit of value) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}

const isDate = (text: string): boolean =>
  /^(?:19|20)\d{2}[-./ ]\d{1,2}[-./ ]\d{1,2}/u.test(text) ||
  /^\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d{2}/u.test(text);
