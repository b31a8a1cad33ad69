import type { z } from "zod";
import type { Path } from "./file.js";

type AnySchema = z.core.$ZodType;

/**
 * Names of the fields that an object may have at a path, by its schema. Where there are several forms, `value` tells which is
 * meant, by what it says of its kind.
 */
export function fieldNames(schema: AnySchema, path: Path, value?: unknown): string[] {
  const forms = schemasAt(schema, path)
    .flatMap(unwrap)
    .flatMap((option) => {
      const def = defOf(option);
      return def?.type === "object" ? [def.shape] : [];
    });
  const meant = forms.filter((shape) =>
    Object.entries(shape).every(([name, field]) => agrees(field, value, name)),
  );
  return [...new Set((meant.length > 0 ? meant : forms).flatMap((shape) => Object.keys(shape)))];
}

/** Whether a field that must have one value has it. */
function agrees(field: AnySchema, value: unknown, name: string): boolean {
  const def = defOf(unwrap(field)[0] ?? field);
  if (def?.type !== "literal" || typeof value !== "object" || value === null) return true;
  const given: unknown = (value as Record<string, unknown>)[name];
  return def.values.some((one) => one === given);
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
