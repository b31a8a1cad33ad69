import type { RunContext } from "./context.js";

/** Says of a run what people should know at once: in its log, with fields, and to whoever watches. */
export function warn(
  { log, onEvent }: Pick<RunContext, "log" | "onEvent">,
  fields: Readonly<Record<string, unknown>>,
  text: string,
): void {
  log.warn(fields, text);
  onEvent({ type: "notice", text });
}
