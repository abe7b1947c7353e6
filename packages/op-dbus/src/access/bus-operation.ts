import type { JsonObject } from "op-core";
import type { AccessClass } from "./access-class.ts";

/** What is done with a member: a method is called, a property read or written, a signal listened to. */
export type OperationKind = "call" | "get" | "set" | "listen";

/** Something that somebody wants to do on a bus. */
export interface BusOperation {
  /** `system`, `session`, or the label of another host. */
  readonly bus: string;
  readonly service: string;
  readonly interface: string;
  readonly member: string;
  readonly kind: OperationKind;
  readonly path: string;
  /** The arguments by their names; for `set` the value. */
  readonly args: JsonObject;
  /** More names of the unit it is about, such as its aliases, where whoever asks has found them out. */
  readonly unitNames?: readonly string[];
}

/** As much of an operation as is known: without a path and arguments it is judged by its name alone. */
export type PartialOperation = Pick<BusOperation, "service" | "interface" | "member" | "kind"> &
  Partial<BusOperation>;

/** What an operation may do, and how that is known. */
export interface Classification {
  readonly class: AccessClass;
  /** Whether somebody looked at this very member; otherwise the class is a careful guess. */
  readonly isCurated: boolean;
  /** Whether doing it twice is the same as doing it once. */
  readonly isIdempotent: boolean;
  /** The polkit action that the service asks for, where it is known. */
  readonly needsPolkit?: string;
  /** One sentence. */
  readonly reason: string;
}
