import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openBusConnection, Variant, type BusConnection, type DBusValue } from "../../src/index.ts";
import { openDbusDaemon } from "../rig/dbus-daemon.ts";
import { missingCompiler, openEchoService } from "../rig/echo-service.ts";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const v = (signature: string, value: DBusValue): Variant => new Variant(signature, value);
const map = (...entries: [string | number | bigint | boolean, DBusValue][]) => new Map(entries);

/** Every type of the protocol, with the values that other implementations get wrong. */
const echoes: readonly (readonly [signature: string, ...body: DBusValue[]])[] = [
  ["y", 255],
  ["b", true],
  ["n", -32_768],
  ["q", 65_535],
  ["i", -2_147_483_648],
  ["u", 4_294_967_295],
  ["x", -9_223_372_036_854_775_808n],
  ["x", 9_223_372_036_854_775_807n],
  ["t", 18_446_744_073_709_551_615n],
  ["d", 1.5],
  ["d", Number.NaN],
  ["d", Number.POSITIVE_INFINITY],
  ["s", ""],
  ["s", "héllo 😀"],
  ["o", "/a/b"],
  ["g", "a{sv}"],
  ["ay", bytes()],
  ["ay", bytes(0, 128, 255)],
  ["as", ["a", ""]],
  ["aay", [bytes(1), bytes(2, 3)]],
  ["ab", [true, false]],
  ["v", v("s", "x")],
  ["v", v("v", v("v", v("u", 7)))],
  ["v", v("a{sv}", map(["k", v("t", 5n)]))],
  ["v", v("(sv)", ["z", v("as", ["q"])])],
  ["v", v("ay", bytes(1, 2))],
  ["a{sv}", map(["a", v("s", "x")], ["b", v("a{sv}", map(["c", v("i", -1)]))])],
  ["a{ss}", map(["k", "v"], ["__proto__", "p"])],
  ["a{us}", map([1, "a"], [4_000_000_000, "b"])],
  ["a{yv}", map([1, v("s", "a")])],
  ["a{xs}", map([-9_007_199_254_740_993n, "a"])],
  ["a{ts}", map([9_007_199_254_740_993n, "a"])],
  ["a{bs}", map([true, "a"])],
  ["a{ds}", map([1.5, "a"])],
  ["a{ov}", map(["/a", v("b", true)])],
  ["a{sa{sv}}", map(["i", map(["p", v("s", "x")])])],
  ["a{oa{sa{sv}}}", map(["/o", map(["i", map(["p", v("d", 2.5)])])])],
  [
    "a(isv)",
    [
      [1, "a", v("y", 3)],
      [2, "b", v("ax", [1n])],
    ],
  ],
  ["av", [v("s", "a"), v("i", 1)]],
  ["(s(iv))", ["a", [1, v("b", false)]]],
  ["sa{sv}u", "a", map(["k", v("s", "v")]), 5],
  ["a(ii)", []],
  ["at", []],
  ["aaaas", [[[["deep"]]]]],
];

describe.skipIf(missingCompiler !== undefined)("a service on libsystemd echoes", () => {
  const stack = new AsyncDisposableStack();
  let bus: BusConnection;

  beforeAll(async () => {
    const { address } = stack.use(
      await openDbusDaemon({
        limits: {
          max_message_size: 1 << 27,
          max_outgoing_bytes: 1 << 29,
          max_incoming_bytes: 1 << 29,
        },
      }),
    );
    stack.use(await openEchoService(address));
    bus = stack.use(await openBusConnection({ address }));
  });

  afterAll(() => stack.disposeAsync());

  const echo = async (member: string, signature = "", body: readonly DBusValue[] = []) => {
    const target = { destination: "test.Echo", path: "/", interface: "test.Echo", member };
    return await bus.call({ ...target, signature, body });
  };

  it("all 44 of them", () => {
    expect(echoes).toHaveLength(44);
  });

  it.each(echoes.map((echoed) => ({ echoed })))("$echoed", async ({ echoed }) => {
    const [signature, ...body] = echoed;
    const reply = await echo("X", signature, body);
    expect(reply.signature).toBe(signature);
    expect(reply.body).toEqual(body);
  });

  it.each([70_000, 1 << 20, 32 << 20])("%d bytes come whole", async (size) => {
    const [received] = (await echo("Big", "u", [size])).body;
    expect(received).toBeInstanceOf(Uint8Array);
    expect(Buffer.from(received as Uint8Array).equals(Buffer.alloc(size, 7))).toBe(true);
  });

  it("8 MiB go whole", async () => {
    const { body } = await echo("Len", "ay", [new Uint8Array(8 << 20)]);
    expect(body).toEqual([8 << 20]);
  });

  it("errors without a text", async () => {
    await expect(echo("ErrNoBody")).rejects.toMatchObject({
      code: "ERR_DBUS_CALL_FAILED",
      errorName: "test.Err.NoBody",
      message: "Calling test.Echo.ErrNoBody on / of test.Echo failed with test.Err.NoBody",
    });
  });

  it("names the argument, the type and the value that do not fit", async () => {
    await expect(echo("X", "sa{sv}", ["a", new Map([["Id", 5]]) as never])).rejects.toMatchObject({
      code: "ERR_DBUS_VALUE",
      message: 'Argument 2 has type "a{sv}" at ["Id"]: expected a Variant, got the number 5.',
      data: { argument: "2", signature: "a{sv}" },
    });
  });

  it("refuses file descriptors with the reason", async () => {
    await expect(echo("X", "sh", ["a", 0])).rejects.toMatchObject({ code: "ERR_DBUS_UNIX_FD" });
  });
});
