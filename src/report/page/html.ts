import { escapeXml } from "../figures/figure.js";

/** Markup that may be put into a page as it is. */
export type Html = { readonly html: string };

type Part = Html | string | number | null | undefined | false | readonly Part[];

/**
 * A template for markup. Whatever is put in is text and becomes escaped, unless it is markup itself: so nothing that a
 * model, a user or a file says can become part of the page's structure. Nothing, null and false leave no trace.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return {
    html: strings.reduce(
      (text, string, index) => text + string + (index < parts.length ? put(parts[index]) : ""),
      "",
    ),
  };
}

/** Takes text that is known to be markup. Only for what this program has drawn or written itself. */
export function trusted(text: string): Html {
  return { html: text };
}

function put(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  // A number and its sign stay together: a % alone on a new line is of no number.
  if (typeof part === "string") return escapeXml(part).replaceAll(/(?<=\d) (?=%)/gu, "\u00a0");
  if (typeof part === "number") return String(part);
  if ("html" in part) return part.html;
  return part.map(put).join("");
}
