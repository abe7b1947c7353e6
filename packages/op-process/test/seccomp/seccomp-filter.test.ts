import { array, assert, nat, pre, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeBpf, type BpfInstruction } from "../../src/seccomp/bpf.ts";
import { deniedCalls, inspectedCalls } from "../../src/seccomp/denied-calls.ts";
import {
  createSeccompProgram,
  encodeSeccompFilter,
  toSeccompArch,
} from "../../src/seccomp/seccomp-filter.ts";

interface Call {
  readonly arch: number;
  readonly number: number;
  readonly args?: readonly number[];
}

/** Runs a filter as the kernel does, on the bytes of `struct seccomp_data`. */
function decide(program: readonly BpfInstruction[], { arch, number, args = [] }: Call): string {
  const data = new DataView(new ArrayBuffer(64));
  data.setUint32(0, number, true);
  data.setUint32(4, arch, true);
  for (const [index, value] of args.entries()) data.setUint32(16 + 8 * index, value >>> 0, true);
  let loaded = 0;
  for (let at = 0; ; at += 1) {
    const { code, ifTrue, ifFalse, value } = program[at]!;
    const wanted = value >>> 0;
    const jump = (isTrue: boolean) => (at += isTrue ? ifTrue : ifFalse);
    if (code === 0x20) loaded = data.getUint32(wanted, true);
    else if (code === 0x15) jump(loaded === wanted);
    else if (code === 0x35) jump(loaded >= wanted);
    else if (code === 0x45) jump((loaded & wanted) !== 0);
    else return verdicts[wanted] ?? `unknown ${wanted.toString(16)}`;
  }
}

const verdicts: Readonly<Record<number, string>> = {
  0x7fff0000: "allowed",
  0x80000000: "killed",
  0x00050001: "EPERM",
  0x00050026: "ENOSYS",
  0x00050061: "EAFNOSUPPORT",
};

const architectures = [
  { name: "x64", arch: 0xc000003e, column: 0 },
  { name: "arm64", arch: 0xc00000b7, column: 1 },
] as const;

describe.each(architectures)("the filter for $name", ({ name, arch, column }) => {
  const program = createSeccompProgram(name);
  const denied = new Set(Object.values(deniedCalls).map((numbers) => numbers[column]));
  const ask = (number: number, ...args: number[]) => decide(program, { arch, number, args });

  test("refuses every call of the list", () => {
    const numbers = Object.values(deniedCalls).flatMap((call) => call[column] ?? []);
    expect(numbers.length).toBeGreaterThan(40);
    expect(numbers.filter((number) => ask(number) !== "EPERM")).toEqual([]);
  });

  test("allows every other call", () => {
    const inspected = new Set<number>(Object.values(inspectedCalls).map((n) => n[column]));
    expect.hasAssertions();
    assert(
      property(nat(1_000), array(nat(), { maxLength: 6 }), (number, args) => {
        pre(!denied.has(number) && !inspected.has(number));
        expect(ask(number, ...args)).toBe("allowed");
      }),
      { seed: 7 },
    );
  });

  test("kills who calls by the numbers of another architecture", () => {
    for (const other of [0x40000003, 0x40000028, 0]) {
      expect(decide(program, { arch: other, number: 1 })).toBe("killed");
    }
  });

  test("lets clone make threads and processes, but no namespace", () => {
    const [clone, clone3] = [inspectedCalls.clone[column], inspectedCalls.clone3[column]];
    expect(ask(clone, 0x3d0f00)).toBe("allowed");
    expect(ask(clone, 0x1200011)).toBe("allowed");
    expect(ask(clone3)).toBe("ENOSYS");
    for (const flag of [
      0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000,
    ]) {
      expect(ask(clone, flag | 17)).toBe("EPERM");
    }
  });

  test("lets nobody type into a terminal", () => {
    expect(ask(inspectedCalls.ioctl[column], 0, 0x5412)).toBe("EPERM");
    expect(ask(inspectedCalls.ioctl[column], 0, 0x541c)).toBe("EPERM");
    expect(ask(inspectedCalls.ioctl[column], 0, 0x5401)).toBe("allowed");
  });

  test("knows four families of sockets", () => {
    const families = Array.from({ length: 46 }, (_, family) => family);
    const allowed = families.filter(
      (family) => ask(inspectedCalls.socket[column], family) === "allowed",
    );
    expect(allowed).toEqual([1, 2, 10, 16]);
    expect(ask(inspectedCalls.socket[column], 40)).toBe("EAFNOSUPPORT");
  });

  test("fits what the kernel takes", () => {
    expect(program.length).toBeLessThan(4_096);
    expect(encodeSeccompFilter(name)).toHaveLength(program.length * 8);
  });
});

test("on x86_64 the calls of x32 do not exist", () => {
  const program = createSeccompProgram("x64");
  expect(decide(program, { arch: 0xc000003e, number: 0x40000000 + 101 })).toBe("ENOSYS");
});

test("an instruction is eight bytes, little-endian", () => {
  const bytes = encodeBpf([{ code: 0x15, ifTrue: 1, ifFalse: 2, value: 0xc000003e }]);
  expect([...bytes]).toEqual([0x15, 0, 1, 2, 0x3e, 0, 0, 0xc0]);
});

test("machines without a filter are known", () => {
  expect(["x64", "arm64", "riscv64"].map(toSeccompArch)).toEqual(["x64", "arm64", undefined]);
});
