import { Document, isScalar, type ScalarTag, visit } from "yaml";

/**
 * A number as YAML 1.1 knows it: with a point (`1.0e-7`, where 1.2 also takes `1e-7`), which Python's reader would otherwise hand
 * on as text.
 */
const float: ScalarTag = {
  identify: (value) => typeof value === "number" && !Number.isSafeInteger(value),
  default: true,
  tag: "tag:yaml.org,2002:float",
  test: /^[-+]?\d+\.\d*(?:e[-+]\d+)?$/u,
  resolve: Number,
  stringify: ({ value }) => withPoint(value as number),
};

function withPoint(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  const [digits = "", exponent] = String(value).split("e");
  const whole = digits.includes(".") ? digits : `${digits}.0`;
  return exponent === undefined ? whole : `${whole}e${exponent}`;
}

/** Names that YAML 1.1 takes for a truth value or for nothing. */
const NO_NAME = /^(?:y|n|yes|no|on|off|true|false|null|~)$/iu;

/** Settings as YAML that PyYAML reads as they are: every text in quotes, so that `no` stays one. */
export function pythonYaml(settings: Readonly<Record<string, unknown>>): string {
  const document = new Document(settings, { schema: "core", customTags: (tags) => [float, ...tags] });
  visit(document, {
    Pair: (_, { key }) => {
      if (isScalar(key) && NO_NAME.test(String(key.value))) key.type = "QUOTE_DOUBLE";
    },
  });
  return document.toString({ defaultStringType: "QUOTE_DOUBLE", defaultKeyType: "PLAIN", lineWidth: 0 });
}
