import {
  encodeBpf,
  ifEqual,
  load,
  unlessAnyBit,
  unlessAtLeast,
  unlessEqual,
  verdict,
  type BpfInstruction,
} from "./bpf.ts";
import { deniedCalls, inspectedCalls, type CallNumbers } from "./denied-calls.ts";

/** An architecture that there is a filter for, as `process.arch` names it. */
export type SeccompArch = "x64" | "arm64";

/** Where `struct seccomp_data` has what is looked at. The low half of an argument comes first. */
const callAt = 0;
const archAt = 4;
const argumentAt = (index: number) => 16 + 8 * index;

const killProcess = 0x80000000;
const allow = 0x7fff0000;
const fail = (errno: number) => verdict(0x00050000 | errno);
const eperm = 1;
const enosys = 38;
const eafnosupport = 97;

const auditArch = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
/** On x86_64, calls from here on are those of the x32 ABI: the same calls under other numbers. */
const x32Calls = 0x40000000;

/** Mount, cgroup, UTS, IPC, user, PID and network namespaces. */
const namespaceFlags = 0x7e020000;
/** Puts characters into the input of a terminal. */
const terminalInjections = [0x5412, 0x541c];
/** UNIX, IPv4, IPv6 and netlink. The others reach past the network namespace, or into rarely tested code. */
const socketFamilies = [1, 2, 10, 16];

/** The architecture of the filter for a machine, or nothing where there is none. */
export function toSeccompArch(arch: string): SeccompArch | undefined {
  return arch === "x64" || arch === "arm64" ? arch : undefined;
}

/** The filter of level `full`: everything is allowed but what {@link deniedCalls} and the checks of arguments refuse. */
export function createSeccompProgram(arch: SeccompArch): readonly BpfInstruction[] {
  const numberOf = ([x64, arm64]: CallNumbers) => (arch === "x64" ? x64 : arm64);
  return [
    load(archAt),
    ifEqual(auditArch[arch], 1),
    verdict(killProcess),
    load(callAt),
    ...(arch === "x64" ? [unlessAtLeast(x32Calls, 1), fail(enosys)] : []),
    ...Object.values(deniedCalls)
      .map(numberOf)
      .flatMap((number) => (number === undefined ? [] : [unlessEqual(number, 1), fail(eperm)])),
    ...inspectArguments((call) => inspectedCalls[call][arch === "x64" ? 0 : 1]),
    verdict(allow),
  ];
}

/** The filter as bytes, for `bwrap --seccomp`. */
export function encodeSeccompFilter(arch: SeccompArch): Uint8Array {
  return encodeBpf(createSeccompProgram(arch));
}

function inspectArguments(
  numberOf: (call: keyof typeof inspectedCalls) => number,
): BpfInstruction[] {
  return [
    // Its flags are behind a pointer, where a filter cannot look: libraries then fall back to clone.
    ...whenCalled(numberOf("clone3"), [fail(enosys)]),
    ...whenCalled(numberOf("clone"), [
      load(argumentAt(0)),
      unlessAnyBit(namespaceFlags, 1),
      fail(eperm),
      verdict(allow),
    ]),
    ...whenCalled(numberOf("ioctl"), [
      load(argumentAt(1)),
      ...terminalInjections.flatMap((command) => [unlessEqual(command, 1), fail(eperm)]),
      verdict(allow),
    ]),
    ...whenCalled(numberOf("socket"), [
      load(argumentAt(0)),
      ...socketFamilies.flatMap((family) => [unlessEqual(family, 1), verdict(allow)]),
      fail(eafnosupport),
    ]),
  ];
}

function whenCalled(number: number, block: readonly BpfInstruction[]): BpfInstruction[] {
  return [unlessEqual(number, block.length), ...block];
}
