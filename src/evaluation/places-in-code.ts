import type { Place } from "../mistakes.js";
import type { Suite } from "./types.js";

/**
 * A suite that a module brings, with the places of its probes: the line of the module's code that says a text of theirs, if one does. What
 * is put together while it runs stands nowhere; the module itself is its place. Of probes that were read from files those know more.
 */
export function placedInCode(suite: Suite, file: string, code: string): Suite {
  if (suite.places || !Array.isArray(suite.probes)) return suite;
  const lines = code.split("\n");
  const places = new Map(
    suite.probes.map(({ id, texts }): [string, Place] => {
      const said = Array.isArray(texts) ? texts : [];
      const line = lines.findIndex((one) => said.some((text) => text !== "" && one.includes(text)));
      return [id, { file, ...(line < 0 ? {} : { line: line + 1 }) }];
    }),
  );
  return { ...suite, places };
}
