import type { AccessClass } from "./access-class.ts";
import { textsIn } from "./argument-texts.ts";
import type { BusOperation } from "./bus-operation.ts";
import { targetOf } from "./operation-target.ts";
import { isSystemdInterface, unescapeLabel, unitsOf } from "./unit-names.ts";

/** What rules are held against. */
export interface Fact {
  readonly values: readonly string[];
  /** What it is called besides, which counts for rules that deny. */
  readonly aliases?: readonly string[];
  /** Whether the operation does not tell; then every rule that denies something of the kind denies it. */
  readonly isHidden: boolean;
}

/** An operation as rules see it. */
export interface OperationView {
  readonly bus: Fact;
  readonly service: Fact;
  readonly interface: Fact;
  readonly member: Fact;
  readonly path: Fact;
  readonly unit: Fact;
  readonly args: (name: string) => Fact;
  /** The class a rule may name to mean it; what is forbidden has two. */
  readonly classes: readonly AccessClass[];
}

/** Shows an operation to rules: generic access to properties as what it is about, paths however they are spelled. */
export function viewOperation(operation: BusOperation, itsClass: AccessClass): OperationView {
  const target = targetOf(operation);
  const about = { ...operation, interface: target?.interface ?? operation.interface };
  const { names, isHidden } = unitsOf(about);
  return {
    bus: told(operation.bus),
    // The name of a connection does not say whose it is.
    service: { values: [operation.service], isHidden: operation.service.startsWith(":") },
    interface: told(target?.interface),
    member: told(target?.member),
    path: {
      values: [operation.path],
      aliases: [unescapeLabel(operation.path)],
      isHidden: false,
    },
    unit: { values: names, aliases: possibleUnits(about), isHidden },
    args: (name) => {
      const value = Object.hasOwn(operation.args, name) ? operation.args[name] : undefined;
      return { values: value === undefined ? [] : textsIn(value), isHidden: false };
    },
    classes: itsClass === "forbidden" ? ["forbidden", "destructive"] : [itsClass],
  };
}

/** Whatever else may name a unit: what is known of its aliases, and every argument where systemd is asked. */
function possibleUnits({ interface: name, args, unitNames = [] }: BusOperation): readonly string[] {
  return isSystemdInterface(name) ? [...unitNames, ...textsIn(args)] : unitNames;
}

function told(value: string | undefined): Fact {
  return { values: value === undefined ? [] : [value], isHidden: value === undefined };
}
