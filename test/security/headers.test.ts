import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { locateSafetensors, readSafetensors } from "../../src/engine/files/safetensors.js";
import { parseSafetensorsHeader } from "../../src/engine/files/safetensors-header.js";
import { UserError } from "../../src/errors.js";

// Whatever a header says, it is read within its bounds or refused with a UserError.

const entry = fc.record(
  {
    dtype: fc.oneof(fc.constantFrom("F32", "F16", "BF16", "I64", "constructor", "__proto__"), fc.anything()),
    shape: fc.oneof(fc.array(fc.oneof(fc.nat(8), fc.double(), fc.maxSafeInteger())), fc.anything()),
    data_offsets: fc.oneof(fc.tuple(fc.nat(64), fc.nat(64)), fc.array(fc.maxSafeInteger()), fc.anything()),
  },
  { requiredKeys: [] },
);
const name = fc.oneof(fc.string(), fc.constantFrom("a", "b", "__metadata__", "__proto__", "toString"));
const header = fc.oneof(
  fc.dictionary(name, fc.oneof({ weight: 4, arbitrary: entry }, { weight: 1, arbitrary: fc.anything() })),
  fc.anything(),
);

it("reads a header within its bounds or refuses it", () => {
  fc.assert(
    fc.property(header, fc.nat(64), (value, dataBytes) => {
      const json =
        JSON.stringify(value, (_key, part) => (typeof part === "bigint" ? Number(part) : part)) ?? "";
      try {
        let free = 0;
        for (const { start, end, shape, type } of parseSafetensorsHeader(json, dataBytes, "x").tensors) {
          const bytes = shape.reduce((product, dim) => product * dim, type === "F32" ? 4 : 2);
          expect([start >= free, end <= dataBytes, end - start]).toEqual([true, true, bytes]);
          free = Math.max(free, end);
        }
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
    }),
    { numRuns: 5_000 },
  );
});

it("accepts a good header, so that the above is not vacuous", () => {
  const json =
    '{"b":{"dtype":"F16","shape":[2],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}';
  expect(parseSafetensorsHeader(json, 8, "x").tensors.map(({ name }) => name)).toEqual(["a", "b"]);
});

it("refuses files of any bytes, and good ones with any byte changed, without leaving their bounds", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "candor-fuzz-")), "x.safetensors");
  const json = Buffer.from('{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const good = Buffer.concat([length, json, Buffer.alloc(16)]);
  const changed = fc
    .tuple(fc.nat(good.length - 1), fc.nat(255), fc.nat(good.length))
    .map(([at, byte, size]) => {
      const copy = Buffer.from(good);
      copy[at] = byte;
      return copy.subarray(0, size);
    });
  const any = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
  await fc.assert(
    fc.asyncProperty(fc.oneof(changed, any), async (bytes) => {
      writeFileSync(path, bytes);
      for (const read of [readSafetensors, locateSafetensors]) {
        await read(path).catch((error) => expect(error).toBeInstanceOf(UserError));
      }
    }),
    { numRuns: 400 },
  );
});
