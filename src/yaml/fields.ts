import type { z } from "zod";
import type { Path } from "./file.js";

type AnySchema = z.core.$ZodType;

/** Names of the fields that an object may have at a path, by its schema. */
export function fieldNames(schema: AnySchema, path: Path): string[] {
  return schemasAt(schema, path)
    .flatMap(unwrap)
    .flatMap((option) => {
      const def = defOf(option);
      return def?.type === "object" ? Object.keys(def.shape) : [];
    });
}

/** The schemas a field may follow; several where a parent is a union. */
export function schemasAt(schema: AnySchema, path: Path): AnySchema[] {
  return path.reduce<AnySchema[]>(
    (options, step) => options.flatMap(unwrap).flatMap((option) => child(option, step)),
    [schema],
  );
}

function unwrap(schema: AnySchema): AnySchema[] {
  const def = defOf(schema);
  if (def?.type === "union") return def.options.flatMap(unwrap);
  if (def?.type === "pipe") return unwrap(def.in);
  if (
    def?.type === "default" ||
    def?.type === "prefault" ||
    def?.type === "optional" ||
    def?.type === "nullable" ||
    def?.type === "catch" ||
    def?.type === "readonly"
  ) {
    return unwrap(def.innerType);
  }
  return [schema];
}

/** Undefined for the schema of another library, which says less of itself. */
function defOf(schema: AnySchema): z.core.$ZodTypes["_zod"]["def"] | undefined {
  return (schema as Partial<z.core.$ZodTypes>)._zod?.def;
}

function child(schema: AnySchema, step: string | number): AnySchema[] {
  const def = defOf(schema);
  if (def === undefined) return [];
  if (def.type === "tuple") return def.items[Number(step)] ? [def.items[Number(step)]!] : [];
  if (def.type === "object") return Object.hasOwn(def.shape, step) ? [def.shape[step]!] : [];
  if (def.type === "record") return [def.valueType];
  if (def.type === "array") return [def.element];
  return [];
}
