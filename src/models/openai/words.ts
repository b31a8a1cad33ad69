/** Longest that a message quotes of what a server says, in characters. */
const LONGEST = 500;
/** How far a page is read for its words. */
const PAGE = 20_000;

/** Fields in which servers put what they have to say, the most telling first. */
const FIELDS = [
  "error",
  "message",
  "detail",
  "errors",
  "msg",
  "title",
  "error_description",
  "reason",
  "Message",
];

/**
 * What a server says in the JSON of a refusal, in one line: OpenAI's `error.message`, FastAPI's `detail` with the place of each
 * problem, vLLM's `message`, and what others have. Empty where there are no words.
 */
export function wordsOf(json: unknown): string {
  return shortened(inner(json, 0));
}

/** What a server says in a refusal that is no JSON, in one line: a page's title and first heading, or its words. */
export function wordsOfText(text: string): string {
  const page = text.slice(0, PAGE);
  if (!/<[a-z!]/i.test(page)) return shortened(page);
  const heading = ["title", "h1"].flatMap((tag) => {
    const found = new RegExp(`<${tag}[^<>]*>([^<]{1,300})`, "i").exec(page)?.[1]?.trim();
    return found ? [found] : [];
  });
  const words = heading.length > 0 ? [...new Set(heading)].join(": ") : page.replace(/<[^<>]*>/g, " ");
  return shortened(words);
}

function inner(json: unknown, depth: number): string {
  if (typeof json === "string") return json;
  if (typeof json === "number" || json === null || json === undefined || typeof json === "boolean") return "";
  if (depth > 5) return "";
  if (Array.isArray(json))
    return json
      .slice(0, 3)
      .map((one) => inner(one, depth + 1))
      .filter((words) => words !== "")
      .join("; ");
  const fields = json as Record<string, unknown>;
  if (Array.isArray(fields.loc) && typeof fields.msg === "string")
    return `${fields.loc.filter((step) => ["string", "number"].includes(typeof step)).join(".")}: ${fields.msg}`;
  const told = FIELDS.flatMap((field) => {
    const words = Object.hasOwn(fields, field) ? inner(fields[field], depth + 1) : "";
    return words === "" ? [] : [words];
  });
  // Spring's error names the status, its message the reason.
  return [...new Set(told)].slice(0, 2).join(": ");
}

function shortened(words: string): string {
  const line = words.replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}
