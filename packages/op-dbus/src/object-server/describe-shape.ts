import type { ArgumentDescription, InterfaceDescription } from "../introspection/description.ts";
import type { InterfaceShape } from "../proxy/interface-shape.ts";
import { formatType } from "../signature/format-signature.ts";
import { parseSignature } from "../signature/parse-signature.ts";

const emitsChanged = "org.freedesktop.DBus.Property.EmitsChangedSignal";
const emitsValues = { value: "true", invalidates: "invalidates", const: "const", none: "false" };
const nothing: ReadonlyMap<string, string> = new Map();

/** Describes an interface as its introspection document does. */
export function describeShape(shape: InterfaceShape): InterfaceDescription {
  const plain = { annotations: nothing, documentation: undefined };
  return {
    name: shape.name,
    ...plain,
    methods: Object.entries(shape.methods).map(([name, method]) => ({
      name,
      ...plain,
      inputs: describeArguments(method.in, method.inNames),
      outputs: describeArguments(method.out, method.outNames),
    })),
    signals: Object.entries(shape.signals).map(([name, { type, names }]) => ({
      name,
      ...plain,
      arguments: describeArguments(type, names),
    })),
    properties: Object.entries(shape.properties).map(([name, property]) => {
      const { type, access = "read", emits = "value" } = property;
      const annotations = new Map([[emitsChanged, emitsValues[emits]]]);
      return { name, type, access, annotations, documentation: undefined };
    }),
  };
}

function describeArguments(
  signature: string,
  names: readonly string[] = [],
): readonly ArgumentDescription[] {
  return parseSignature(signature).map((type, index) => ({
    name: names[index] ?? "",
    type: formatType(type),
    documentation: undefined,
  }));
}
