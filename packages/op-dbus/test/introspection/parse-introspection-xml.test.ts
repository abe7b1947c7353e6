import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatIntrospectionXml, parseIntrospectionXml, signatureOf } from "../../src/index.ts";
import { codeOf } from "../fixtures/code-of.ts";

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8");

const inside = (text: string): string => `<node><interface name="a.b">${text}</interface></node>`;

describe("a real document", () => {
  it("of systemd's manager is read whole", () => {
    const { interfaces, problems } = parseIntrospectionXml(fixture("mgr.xml"));
    expect(problems).toEqual([]);
    const manager = interfaces.find(({ name }) => name === "org.freedesktop.systemd1.Manager");
    expect(manager?.methods).toHaveLength(82);
    expect(manager?.properties).toHaveLength(118);
    expect(manager?.signals).toHaveLength(7);
    const start = manager?.methods.find(({ name }) => name === "StartTransientUnit");
    expect(signatureOf(start?.inputs ?? [])).toBe("ssa(sv)a(sa(sv))");
    expect(start?.outputs.map(({ name }) => name)).toEqual(["job"]);
    const version = manager?.properties.find(({ name }) => name === "Version");
    expect([...(version?.annotations ?? [])]).toEqual([
      ["org.freedesktop.DBus.Property.EmitsChangedSignal", "const"],
    ]);
  });

  it.each(["mgr.xml", "svc.xml"])("%s says the same when it is written again", (name) => {
    const description = parseIntrospectionXml(fixture(name));
    expect(parseIntrospectionXml(formatIntrospectionXml(description))).toEqual(description);
  });
});

describe("a document", () => {
  it("may explain itself in four ways", () => {
    const { interfaces } = parseIntrospectionXml(`<node xmlns:doc="x">
      <interface name="a.b">
        <annotation name="org.gtk.GDBus.DocString" value="An &lt;interface&gt; &#x26; more"/>
        <method name="A"><annotation name="org.freedesktop.DBus.DocString" value="Does A."/></method>
        <!-- Does B. -->
        <method name="B"><arg type="s" name="x" direction="in"><doc:doc><doc:summary>An x.</doc:summary></doc:doc></arg></method>
        <method name="C"><doc:doc><doc:description><doc:para><![CDATA[Does <C>.]]></doc:para></doc:description></doc:doc></method>
      </interface></node>`);
    const [description] = interfaces;
    expect(description?.documentation).toBe("An <interface> & more");
    expect(description?.methods.map(({ documentation }) => documentation)).toEqual([
      "Does A.",
      "Does B.",
      "Does <C>.",
    ]);
    expect(description?.methods[1]?.inputs[0]?.documentation).toBe("An x.");
  });

  it("loses what makes no sense, and says so", () => {
    const { interfaces, children, problems } = parseIntrospectionXml(
      `<node><node name="ok"/><node/><node name="../up"/><node name="/a/whole"/><node name="some/way/down"/><interface name="bad"/>
       <interface name="a.b"><method name="1x"/><method name="Good"/><property name="P" type="zz" access="read"/>
       <signal name="S"><arg type="ss"/></signal><method name="constructor"/></interface></node>`,
    );
    expect(children).toEqual(["ok", "whole", "some/way/down"]);
    expect(interfaces[0]?.methods.map(({ name }) => name)).toEqual(["Good", "constructor"]);
    expect(problems).toEqual([
      'the interface "bad" makes no sense',
      'the method "a.b.1x" makes no sense',
      'the signal "a.b.S" makes no sense',
      'the property "a.b.P" makes no sense',
      'the node "" makes no sense',
      'the node "../up" makes no sense',
    ]);
  });

  it.each([
    ["", "it is empty"],
    ["text", "text is outside"],
    ["<html/>", "not a <node>"],
    ["<node>", "<node> is not closed"],
    ["<node></nod>", "closes nothing"],
    ["<node/><node/>", "two roots"],
    ["<node", "a name is missing"],
    ["<node name=x/>", "no quotes"],
    ['<node name="x/>', "is missing"],
    ["<!-- never closed", "--> is missing"],
    ['<!DOCTYPE node [<!ENTITY a "aaaa">]><node/>', "it declares things"],
    ["<node><interface name='&a;'/></node>", 'the entity "&a;" is unknown'],
    ["<node><interface name='&#0;'/></node>", "unknown"],
    ["<node><interface name='&#xD800;'/></node>", "unknown"],
    ["<node><interface name='&#x110000;'/></node>", "unknown"],
    ["<node><interface name='a&b'/></node>", "unknown"],
    ["<node>".repeat(65) + "</node>".repeat(65), "nested too deeply"],
    [
      `<node ${Array.from({ length: 65 }, (_, i) => `a${i}="x"`).join(" ")}/>`,
      "too many attributes",
    ],
    [inside('<method name="M"/>'.repeat(20_001)), "too many members"],
    ["x".repeat(16 * 1024 * 1024 + 1), "longer than"],
  ])("that is bad is refused (%#)", (text, problem) => {
    expect(() => parseIntrospectionXml(text)).toThrow(problem);
  });

  it("of any text is read or refused with an error of its own", () => {
    const piece = fc.oneof(
      fc.constantFrom("<node>", "</node>", "<", ">", "/>", '"', "'", "&", ";", "<!--", "-->", "="),
      fc.constantFrom("<interface name='a.b'>", "</interface>", "<![CDATA[", "]]>", "<?", "?>"),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const code = codeOf(() => parseIntrospectionXml(`<node>${pieces.join("")}</node>`));
        expect([undefined, "ERR_DBUS_INTROSPECTION"]).toContain(code);
      }),
      { seed: 6, numRuns: 5000 },
    );
  });
});
