import type { JsonValue } from "op-core";
import type { BasicCode } from "../signature/signature.ts";
import { mismatch } from "../wire/value-mismatch.ts";

/** The codes of types that are integers. */
export type IntegerCode = Exclude<BasicCode, "s" | "o" | "g" | "b" | "d">;

const ranges: Readonly<Record<IntegerCode, readonly [lowest: bigint, highest: bigint]>> = {
  y: [0n, 0xffn],
  n: [-0x80_00n, 0x7f_ffn],
  q: [0n, 0xff_ffn],
  i: [-0x80_00_00_00n, 0x7f_ff_ff_ffn],
  u: [0n, 0xff_ff_ff_ffn],
  h: [0n, 0xff_ff_ff_ffn],
  x: [-(2n ** 63n), 2n ** 63n - 1n],
  t: [0n, 2n ** 64n - 1n],
};

/** Reads an integer from a JSON number or from decimal digits; the 64-bit types become bigint. */
export function readInteger(code: IntegerCode, json: JsonValue): number | bigint {
  const [lowest, highest] = ranges[code];
  const value = toBigInt(json);
  if (value === undefined || value < lowest || value > highest) {
    throw mismatch(`an integer from ${lowest} to ${highest}`, json);
  }
  return code === "x" || code === "t" ? value : Number(value);
}

/** A number beyond the safe ones has lost digits already, so it is not taken. */
function toBigInt(json: JsonValue): bigint | undefined {
  if (typeof json === "number") return Number.isSafeInteger(json) ? BigInt(json) : undefined;
  return typeof json === "string" && /^-?\d{1,20}$/.test(json) ? BigInt(json) : undefined;
}
