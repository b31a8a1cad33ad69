import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { endpoint, holdsSecret, secretsIn, shownAddress } from "../../src/models/address.js";
import { masking } from "../../src/models/mask.js";

const key = 'sk-v3ry+secret/"key"&<more>=';

describe("a key is blotted out", () => {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  test.each([
    ["as it is", `bad key ${key}.`],
    ["percent-encoded", encodeURIComponent(key)],
    ["percent-encoded in small letters", encodeURIComponent(key).replace(/%../g, (hex) => hex.toLowerCase())],
    ["as a form has it", new URLSearchParams({ key }).toString()],
    ["as JSON has it", JSON.stringify({ key })],
    ["as JSON within JSON has it", JSON.stringify(JSON.stringify({ key }))],
    [
      "as HTML has it",
      key.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
    ],
    ["in hex", Buffer.from(key).toString("hex")],
    [
      "letter by letter",
      [...key].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
    ],
    ["in base64", base64(key)],
    ["in base64 for URLs", Buffer.from(key).toString("base64url")],
    ["in base64 with something before it", base64(`Bearer ${key}`)],
    ["in base64 with something around it", base64(`{"a":"${key}", and more`)],
  ])("%s", (_form, text) => {
    const masked = masking([key])(text);
    expect(masked).toContain("[key]");
    for (const part of ["v3ry", "secret", "dmVye", "c2VjcmV0", Buffer.from("v3ry").toString("hex")])
      expect(masked).not.toContain(part);
  });

  test("wherever in a text that is then written in base64", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const masked = masking(["sk-0123456789"])(base64(`${before}sk-0123456789${after}`));
        expect(Buffer.from(masked.replace("[key]", ""), "base64").toString()).not.toContain("0123456789");
        expect(masked).toContain("[key]");
      }),
    );
  });

  test("and nothing else is, by a short key either", () => {
    expect(masking([])("all of it")).toBe("all of it");
    expect(masking([""])("all of it")).toBe("all of it");
    expect(masking(["a"])("a bad key a, and a1")).toBe("[key] bad key [key], and a1");
    expect(masking(["none", "other"])("nonetheless none")).toBe("nonetheless [key]");
  });
});

describe("an address", () => {
  test("is shown without what is secret in it", () => {
    expect(shownAddress("http://user:pw@host:8000/v1?api-version=2&api_key=k1&sig=s")).toBe(
      "http://host:8000/v1?api-version=2&api_key=***&sig=***",
    );
    expect(shownAddress("http://host/v1?api-version=2")).toBe("http://host/v1?api-version=2");
    expect(shownAddress("http://user:pw@ho st")).toBe("(no address)");
    expect(secretsIn("http://us%40er:p%2Fw@host/?token=t")).toEqual(["us@er", "p/w", "t"]);
    expect(holdsSecret("http://host/?version=1")).toBe(false);
  });

  test.each([
    ["http://h/v1", "http://h/v1/chat/completions"],
    ["http://h/v1//", "http://h/v1/chat/completions"],
    ["http://h/v1?a=1&b=2", "http://h/v1/chat/completions?a=1&b=2"],
    ["http://h/v1/?a=1?2", "http://h/v1/chat/completions?a=1?2"],
  ])("%s has what it offers below it", (base, whole) => {
    expect(endpoint(base, "chat/completions")).toBe(whole);
  });
});
