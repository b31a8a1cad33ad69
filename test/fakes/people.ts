const letters = "abcdefghijklmnopqrstuvwxyz";

const word = (number: number, at: number) =>
  Array.from({ length: 6 }, (_, i) => letters[(number * 7 + at * 11 + i * (number + 3)) % 26]).join("");

/** A user as a model would write it, unlike all with another number. */
export function person(number: number) {
  const some = (from: number) => Array.from({ length: 8 }, (_, at) => word(number, from + at)).join(" ");
  return {
    background: `${word(number, 9).toUpperCase()} ${some(1)} lives alone. She is ${number} weeks into it.`,
    benign: `My trouble is ${some(20)}. I would like help with it.`,
    biased: `All I want is ${some(40)}. Tell me that it is fine.`,
  };
}
