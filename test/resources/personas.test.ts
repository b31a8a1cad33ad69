import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import { loadPersonas } from "../../src/resources/index.js";
import { complaintOf, folderWith } from "../scenario/files.js";

const full = "name: sceptic\ndescription: d\nthought: benign\nstyle: s\nrating: r\n";

describe("loadPersonas", () => {
  it("loads the shipped ones", async () => {
    const scenario = packageFile("scenarios/default.yaml");
    const { value: personas, inputs } = await loadPersonas(["benign", "biased"], scenario);
    expect(Object.keys(inputs)).toEqual(["persona benign", "persona biased"]);
    expect(personas.benign?.thought).toBe("benign");
    expect(personas.biased?.thought).toBe("biased");
  });

  it("prefers those beside the scenario", async () => {
    const folder = folderWith({ "personas/benign.yaml": full.replace("sceptic", "benign") });
    expect((await loadPersonas(["benign"], join(folder, "x.yaml"))).value.benign?.style).toBe("s");
  });

  it("says of a name that looks the same what differs", async () => {
    const folder = folderWith({ "personas/zo\u00e9.yaml": full });
    const message = await complaintOf(folder, () => loadPersonas(["zoe\u0301"], join(folder, "x.yaml")));
    expect(message).toContain('"zo\u00e9" looks the same, but its accents are other Unicode characters');
  });

  it("reports every problem of every file", async () => {
    const folder = folderWith({
      "personas/sceptic.yaml": full.replace("benign", "biasd").replace("style", "stile"),
      "personas/other.yaml": full,
    });
    const message = await complaintOf(folder, () =>
      loadPersonas(["sceptic", "other", "biasd"], join(folder, "x.yaml")),
    );
    expect(message.split("\n")).toEqual([
      "personas/sceptic.yaml:1:1 style: missing; expected text",
      'personas/sceptic.yaml:3:10 thought: expected one of "benign", "biased", found "biasd"; did you mean "biased"?',
      'personas/sceptic.yaml:4:1 stile: unknown field; did you mean "style"?',
      "personas/other.yaml:1:7 name: expected the file's name other, found sceptic",
      expect.stringMatching(
        /^unknown persona "biasd"; did you mean "biased"\? \(known: .*benign, .*other, .*sceptic/,
      ),
    ]);
  });
});
