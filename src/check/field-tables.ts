/** What is read of a JSON Schema. */
export type JsonSchema = {
  type?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
};

type FieldRow = { field: string; type: string; fallback: string; about: string };
/** A table of its own: for fields that a `kind` decides, or that stand in several places. */
type Table = { title: string; intro?: string; rows: FieldRow[] };

/** Numbers from here on are bounds against nonsense, which nobody needs to know. */
const FAR = 10_000;

/** Markdown tables of all fields of a schema: one for each field of the top, and one for each kind of what has kinds. */
export function fieldTables(schema: JsonSchema): string[] {
  const tables: Table[] = [];
  const known = new Map<string, string>();
  const own: FieldRow[] = [];
  const top = schema.properties ?? namedFields(schema);
  for (const [name, part] of Object.entries(top)) {
    const further: Table[] = [];
    const needed = schema.required?.includes(name) ?? false;
    const [row, ...inside] = rowsOf(name, part, { needed, tables: further, known });
    // A group's own row says what the group is for.
    if (inside.length > 1) tables.push({ title: `\`${name}\``, intro: row!.about, rows: inside }, ...further);
    else {
      own.push(row!, ...inside);
      tables.push(...further);
    }
  }
  const order: Table[] = own.length > 0 ? [{ title: "", rows: own }, ...tables] : tables;
  return order.flatMap(({ title, intro = "", rows }) => [
    ...(title === "" ? [] : [`### ${title}`, ""]),
    ...(intro === "" ? [] : [intro, ""]),
    ...table(rows),
    "",
  ]);
}

/** Of a file of names: the fields of each, under `<name>`. */
function namedFields({ additionalProperties: each }: JsonSchema): Record<string, JsonSchema> {
  return typeof each === "object" ? { "<name>": each } : {};
}

type Context = { needed: boolean; tables: Table[]; known: Map<string, string> };

function rowsOf(field: string, schema: JsonSchema, context: Context): FieldRow[] {
  const inside = insideOf(field, schema, { ...context, needed: false });
  const row: FieldRow = {
    field,
    type: typeOf(schema),
    fallback: fallbackOf(schema, context.needed),
    about: schema.description ?? "",
  };
  return [row, ...inside];
}

/** The fields inside a field, wherever its schema keeps them. */
function insideOf(field: string, schema: JsonSchema, context: Context): FieldRow[] {
  const rows: FieldRow[] = [];
  const group = (properties: Record<string, JsonSchema>, required: readonly string[], at: string) =>
    Object.entries(properties).flatMap(([name, part]) =>
      rowsOf(`${at}.${name}`, part, { ...context, needed: required.includes(name) }),
    );
  if (schema.properties) rows.push(...suitesOr(field, schema, group));
  const each = schema.additionalProperties;
  if (typeof each === "object" && !schema.properties)
    rows.push(...insideOf(`${field}.<name>`, each, context));
  if (schema.items) rows.push(...insideOf(`${field}[]`, schema.items, context));
  for (const one of schema.anyOf ?? []) {
    if (!one.properties) rows.push(...insideOf(field, one, context));
    else shareTable(field, one, context, () => group(one.properties!, one.required ?? [], ""));
  }
  for (const one of schema.oneOf ?? []) {
    const kind = one.properties?.kind?.const;
    if (one.properties)
      shareTable(`${field}\`, \`kind: ${kind}`, one, context, () =>
        group(one.properties!, one.required ?? [], ""),
      );
  }
  return rows;
}

/** Fields of every suite are told once, under `<suite>`; a suite of its own name has the rest. */
function suitesOr(
  field: string,
  { properties = {}, required = [], additionalProperties: each }: JsonSchema,
  group: (properties: Record<string, JsonSchema>, required: readonly string[], at: string) => FieldRow[],
): FieldRow[] {
  if (typeof each !== "object" || !each.properties) return group(properties, required, field);
  const common = each.properties;
  const own = Object.entries(properties).flatMap(([name, part]) => {
    const extra = Object.entries(part.properties ?? {}).filter(([inner]) => !(inner in common));
    return group(Object.fromEntries(extra), [], `${field}.${name}`);
  });
  return [...group(common, [], `${field}.<name>`), ...own];
}

/** Puts fields into a table of their own, once however many places they stand in. */
function shareTable(
  field: string,
  schema: JsonSchema,
  { tables, known }: Context,
  rows: () => FieldRow[],
): void {
  const key = JSON.stringify(schema.properties);
  if (known.has(key)) return;
  known.set(key, field);
  const made = rows().map((row) => ({ ...row, field: row.field.replace(/^\./u, "") }));
  tables.push({ title: `\`${field}\``, rows: made });
}

function fallbackOf({ default: value, properties }: JsonSchema, needed: boolean): string {
  if (needed) return "needed";
  if (value === undefined || (properties && typeof value === "object")) return "";
  return `\`${JSON.stringify(value)}\``;
}

function typeOf(schema: JsonSchema): string {
  const { type, anyOf, oneOf, items, prefixItems, additionalProperties: each } = schema;
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum) return schema.enum.map((one) => `\`${String(one)}\``).join(", ");
  const options = anyOf ?? oneOf;
  if (options) return [...new Set(options.map(typeOf))].join(" or ");
  if (type === "array")
    return `list of ${prefixItems ? prefixItems.map(typeOf).join(" and ") : items ? typeOf(items) : "anything"}`;
  if (type === "object") {
    const kind = schema.properties?.kind?.const;
    if (kind !== undefined) return `\`kind: ${String(kind)}\``;
    return schema.properties
      ? "fields"
      : `names, each with ${typeof each === "object" ? typeOf(each) : "anything"}`;
  }
  if (type === "integer" || type === "number") return numberWords(schema);
  if (type === "string") return "text";
  if (type === "boolean") return "`true`, `false`";
  return "anything";
}

function numberWords({ type, minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const what = type === "integer" ? "whole number" : "number";
  const near = (bound: number | undefined): bound is number => bound !== undefined && Math.abs(bound) < FAR;
  const low = near(minimum)
    ? `from ${minimum}`
    : near(exclusiveMinimum)
      ? type === "integer"
        ? `from ${exclusiveMinimum + 1}`
        : `above ${exclusiveMinimum}`
      : "";
  const high = near(maximum) ? `to ${maximum}` : near(exclusiveMaximum) ? `below ${exclusiveMaximum}` : "";
  return [what, low, high].filter((one) => one !== "").join(" ");
}

function table(rows: readonly FieldRow[]): string[] {
  const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  return [
    "| field | what may stand there | default | what it does |",
    "|---|---|---|---|",
    ...rows.map(
      ({ field, type, fallback, about }) =>
        `| \`${field}\` | ${cell(type)} | ${cell(fallback)} | ${cell(about)} |`,
    ),
  ];
}
