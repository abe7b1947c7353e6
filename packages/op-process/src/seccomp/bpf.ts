/** One instruction of classic BPF, as `struct sock_filter` has it. */
export interface BpfInstruction {
  readonly code: number;
  /** How many instructions to skip when the comparison is true. */
  readonly ifTrue: number;
  /** How many instructions to skip when it is false. */
  readonly ifFalse: number;
  readonly value: number;
}

const loadWordAt = 0x20;
const jumpIfEqual = 0x15;
const jumpIfAnyBit = 0x45;
const jumpIfAtLeast = 0x35;
const returnValue = 0x06;

/** Loads the 32-bit word at this offset of `struct seccomp_data`. */
export function load(offset: number): BpfInstruction {
  return { code: loadWordAt, ifTrue: 0, ifFalse: 0, value: offset };
}

/** Ends the filter with this verdict. */
export function verdict(value: number): BpfInstruction {
  return { code: returnValue, ifTrue: 0, ifFalse: 0, value };
}

/** Skips the next instructions unless the loaded word equals the value. */
export function unlessEqual(value: number, skip: number): BpfInstruction {
  return { code: jumpIfEqual, ifTrue: 0, ifFalse: skip, value };
}

/** Skips the next instructions if the loaded word equals the value. */
export function ifEqual(value: number, skip: number): BpfInstruction {
  return { code: jumpIfEqual, ifTrue: skip, ifFalse: 0, value };
}

/** Skips the next instructions unless the loaded word has one of these bits. */
export function unlessAnyBit(value: number, skip: number): BpfInstruction {
  return { code: jumpIfAnyBit, ifTrue: 0, ifFalse: skip, value };
}

/** Skips the next instructions unless the loaded word is at least the value. */
export function unlessAtLeast(value: number, skip: number): BpfInstruction {
  return { code: jumpIfAtLeast, ifTrue: 0, ifFalse: skip, value };
}

/** The bytes that the kernel takes: eight for each instruction, little-endian as both our architectures are. */
export function encodeBpf(program: readonly BpfInstruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(program.length * 8));
  for (const [index, { code, ifTrue, ifFalse, value }] of program.entries()) {
    bytes.setUint16(index * 8, code, true);
    bytes.setUint8(index * 8 + 2, ifTrue);
    bytes.setUint8(index * 8 + 3, ifFalse);
    bytes.setUint32(index * 8 + 4, value >>> 0, true);
  }
  return new Uint8Array(bytes.buffer);
}
