import { describe, expect, it } from "vitest";
import { jsonSchema } from "../../src/scenario/index.js";

type Node = {
  description?: string;
  properties?: Record<string, Node>;
  required?: string[];
  anyOf?: Node[];
  additionalProperties?: unknown;
};

describe("jsonSchema", () => {
  it("describes every field", () => {
    const bare: string[] = [];
    const walk = (node: Node, path: string): void => {
      if (path !== "" && node.description === undefined) bare.push(path);
      for (const [name, child] of Object.entries(node.properties ?? {})) walk(child, `${path}.${name}`);
      for (const option of node.anyOf ?? []) walk({ ...option, description: "" }, path);
      const { additionalProperties: more } = node;
      if (typeof more === "object" && more !== null && "properties" in more)
        walk({ ...(more as Node), description: "" }, `${path}.*`);
    };
    walk(jsonSchema() as Node, "");
    expect(bare).toEqual([]);
  });

  it("asks only for what has no default", () => {
    const schema = jsonSchema() as Node;
    expect(schema.required).toEqual(["name"]);
    expect(schema.properties?.population?.required).toEqual(["personas"]);
    expect(schema.properties?.training?.required ?? []).toEqual([]);
  });
});
