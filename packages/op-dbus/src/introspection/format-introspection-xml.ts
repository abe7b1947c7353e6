import type {
  Annotations,
  ArgumentDescription,
  InterfaceDescription,
  NodeDescription,
} from "./description.ts";

const doctype =
  '<!DOCTYPE node PUBLIC "-//freedesktop//DTD D-BUS Object Introspection 1.0//EN"\n' +
  ' "http://www.freedesktop.org/standards/dbus/1.0/introspect.dtd">';

/** Writes a description as an introspection document. */
export function formatIntrospectionXml(node: Omit<NodeDescription, "problems">): string {
  const lines = [
    doctype,
    "<node>",
    ...node.interfaces.flatMap(formatInterface),
    ...node.children.map((name) => ` <node name="${escape(name)}"/>`),
    "</node>",
    "",
  ];
  return lines.join("\n");
}

function formatInterface(description: InterfaceDescription): readonly string[] {
  const { name, methods, signals, properties, annotations } = description;
  return [
    ` <interface name="${escape(name)}">`,
    ...formatAnnotations(annotations, "  "),
    ...methods.flatMap((method) => [
      `  <method name="${escape(method.name)}">`,
      ...method.inputs.map((argument) => formatArgument(argument, "in")),
      ...method.outputs.map((argument) => formatArgument(argument, "out")),
      ...formatAnnotations(method.annotations, "   "),
      "  </method>",
    ]),
    ...signals.flatMap((signal) => [
      `  <signal name="${escape(signal.name)}">`,
      ...signal.arguments.map((argument) => formatArgument(argument, undefined)),
      ...formatAnnotations(signal.annotations, "   "),
      "  </signal>",
    ]),
    ...properties.flatMap((property) => [
      `  <property name="${escape(property.name)}" type="${escape(property.type)}" access="${property.access}">`,
      ...formatAnnotations(property.annotations, "   "),
      "  </property>",
    ]),
    " </interface>",
  ];
}

function formatArgument(
  { name, type }: ArgumentDescription,
  direction: string | undefined,
): string {
  const named = name === "" ? "" : ` name="${escape(name)}"`;
  const directed = direction === undefined ? "" : ` direction="${direction}"`;
  return `   <arg${named} type="${escape(type)}"${directed}/>`;
}

function formatAnnotations(annotations: Annotations, indent: string): readonly string[] {
  return [...annotations].map(
    ([name, value]) => `${indent}<annotation name="${escape(name)}" value="${escape(value)}"/>`,
  );
}

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
