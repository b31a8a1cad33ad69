// What a terminal takes for commands (a title, the clipboard, lines that are written over) may stand in names of a queue, replies
// of a model and words of a server: it is shown as an escape, which in JSON means the same character.

/** Colours and weights, as we write them ourselves; concealed text (8) is not among them. */
const COLOUR = String.raw`\u001b\[(?:[0-79]|[2-4]\d|9\d|10\d)?m`;
// A carriage return alone goes back to the line's start.
const COMMANDS = String.raw`[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\r(?!\n)`;
const SPECIAL = new RegExp(`${COLOUR}|${COMMANDS}`, "gu");

/** A text that a terminal shows and does not obey. */
export function harmless(text: string): string {
  return text.replace(SPECIAL, (found) =>
    found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Writes to stdout what the command is for. */
export function say(text: string): void {
  process.stdout.write(harmless(text));
}

/** Writes to stderr what is told beside it. */
export function tell(text: string): void {
  process.stderr.write(harmless(text));
}
