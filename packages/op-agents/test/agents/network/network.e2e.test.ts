import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonObject } from "op-core";
import { missingSystemd, openMachine, type Machine } from "../../fixtures/machine.ts";

/** A link to another machine, on which a name server answers, and a service that listens. */
const prepare = String.raw`
  ip link set lo up
  ip netns add far
  ip link add lan0 type veth peer name wan0 netns far
  ip address add 192.0.2.1/24 dev lan0
  ip address add 2001:db8::1/64 dev lan0 nodad
  ip link set lan0 up
  ip route add default via 192.0.2.2
  ip route add 198.51.100.0/24 via 192.0.2.2 metric 77
  ip -n far address add 192.0.2.2/24 dev wan0
  ip -n far link set wan0 up
  ip -n far link set lo up
  cat >/usr/local/bin/name-server <<'END'
#!/usr/bin/python3
import socket, struct
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("192.0.2.2", 53))
while True:
    query, who = server.recvfrom(512)
    end = query.index(b"\0", 12) + 5
    question = query[12:end]
    kind = struct.unpack(">H", question[-4:-2])[0]
    known = question.startswith(b"\7service\4test\0")
    data = {1: bytes([192, 0, 2, 7]), 16: b"\5\x1b[31m"}.get(kind) if known else None
    answer = b"" if data is None else b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data
    flags = 0x8180 if known or question[:1] == b"\0" else 0x8183
    server.sendto(query[:2] + struct.pack(">HHHHH", flags, 1, 1 if data else 0, 0, 0) + question + answer, who)
END
  chmod 755 /usr/local/bin/name-server
  printf '[Service]\nExecStart=/usr/bin/ip netns exec far /usr/local/bin/name-server\n' >/etc/systemd/system/name-server.service
  printf '[Service]\nExecStart=/usr/bin/python3 -m http.server 8123 --bind 192.0.2.1\n' >/etc/systemd/system/pages.service
  printf '[Service]\nExecStart=/usr/bin/ip netns exec far /usr/bin/python3 -m http.server 8124\n' >/etc/systemd/system/far-pages.service
  rm -f /etc/resolv.conf
  echo 'nameserver 192.0.2.2' >/etc/resolv.conf
  echo '192.0.2.9 by-file.test' >>/etc/hosts
  systemctl daemon-reload
  systemctl start name-server pages far-pages
  for attempt in $(seq 100); do
    ss -Hlnt | grep -q 8123 && ip netns exec far ss -Hlntu | grep -q 8124 && ip netns exec far ss -Hlnu | grep -q :53 && break
    sleep 0.1
  done
`;

const real = { skip: missingSystemd !== undefined, timeout: 30_000 };

describe("the agent for the network, on a machine of its own", real, () => {
  let machine: Machine;
  const run = async (operation: string, input: JsonObject = {}) =>
    await machine.run("network", operation, input);

  beforeAll(async () => {
    machine = await openMachine(prepare);
  }, 120_000);
  afterAll(async () => await machine[Symbol.asyncDispose](), 60_000);

  it("lists interfaces with their addresses, state and traffic", async () => {
    const { interfaces } = await run("list_interfaces");
    expect((interfaces as JsonObject[]).map((each) => each["interface"])).toEqual(
      expect.arrayContaining(["lo", "lan0"]),
    );
    expect(await run("list_interfaces", { interface: "lan0" })).toMatchObject({
      interfaces: [
        {
          interface: "lan0",
          kind: "veth",
          isUp: true,
          hasCarrier: true,
          mtu: 1500,
          addresses: expect.arrayContaining([
            { address: "192.0.2.1", prefix: 24, scope: "global", isDynamic: false },
            { address: "2001:db8::1", prefix: 64, scope: "global", isDynamic: false },
          ]),
          sent: { errors: 0, bytes: expect.any(Number) },
        },
      ],
      total: 1,
    });
    await expect(run("list_interfaces", { interface: "nope0" })).rejects.toThrow("nope0");
    await expect(run("list_interfaces", { interface: "--help" })).rejects.toThrow(
      "can't be the name of an interface",
    );
  });

  it("lists routes, default ones first, and tells the way to an address", async () => {
    const { routes } = await run("list_routes");
    expect(routes).toMatchObject([
      { to: "default", via: "192.0.2.2", interface: "lan0", table: "main" },
      ...Array.from({ length: (routes as JsonObject[]).length - 1 }, () => ({})),
    ]);
    expect(routes).toContainEqual(
      expect.objectContaining({ to: "198.51.100.0/24", via: "192.0.2.2", metric: 77 }),
    );
    expect(await run("list_routes", { to: "198.51.100.5" })).toMatchObject({
      routes: [{ via: "192.0.2.2", interface: "lan0", source: "192.0.2.1" }],
    });
    const all = await run("list_routes", { tables: "all" });
    expect(all["routes"]).toContainEqual(
      expect.objectContaining({ to: "192.0.2.1", kind: "local", table: "local" }),
    );
  });

  it("tells who listens, with unit and process", async () => {
    expect(await run("list_sockets", { port: 8123 })).toEqual({
      sockets: [
        {
          protocol: "tcp",
          address: "192.0.2.1",
          port: 8123,
          unit: "pages.service",
          processes: [{ pid: expect.any(Number), name: "python3" }],
        },
      ],
      total: 1,
      hasOwners: true,
    });
    expect(await run("list_sockets", { port: 8999 })).toMatchObject({ sockets: [], total: 0 });
  });

  it("looks names up as programs do, by type, and at a server", async () => {
    const found = (answers: readonly unknown[]) => ({ status: "found", answers });
    expect(await run("resolve_name", { name: "by-file.test" })).toMatchObject({
      ...found(["192.0.2.9"]),
      servers: ["192.0.2.2"],
    });
    expect(await run("resolve_name", { name: "service.test" })).toMatchObject(found(["192.0.2.7"]));
    expect(await run("resolve_name", { name: "service.test", type: "A" })).toMatchObject(
      found(["192.0.2.7"]),
    );
    expect(await run("resolve_name", { name: "service.test", type: "TXT" })).toMatchObject(
      found([["\uFFFD[31m"]]),
    );
    expect(await run("resolve_name", { name: "service.test", type: "MX" })).toMatchObject({
      status: "no such record",
    });
    expect(await run("resolve_name", { name: "nowhere.test", server: "192.0.2.2" })).toMatchObject({
      status: "no such name",
      servers: ["192.0.2.2"],
    });
    expect(await run("resolve_name", { name: "x.test", server: "192.0.2.1" })).toMatchObject({
      status: expect.stringMatching(/reached|in time/u),
    });
    await expect(run("resolve_name", { name: "a b; c" })).rejects.toThrow("is no name of a host");
  });

  it("finds out what is reached, and which step fails", async () => {
    const works = await run("check_connectivity", { host: "192.0.2.2", port: 8124 });
    expect(works).toMatchObject({
      isWorking: true,
      steps: [
        { step: "address", isWorking: true, detail: expect.stringContaining("192.0.2.1") },
        { step: "default route", isWorking: true, detail: expect.stringContaining("192.0.2.2") },
        { step: "DNS server", isWorking: true },
        { step: "connection", isWorking: true },
      ],
    });
    expect(await run("check_connectivity", { host: "192.0.2.2", port: 8125 })).toMatchObject({
      isWorking: false,
      verdict: expect.stringContaining("nothing listens at the port"),
    });
    expect(await run("check_connectivity", { host: "nowhere.test" })).toMatchObject({
      verdict: expect.stringContaining("has no address"),
    });
  });

  it("lists neighbours", async () => {
    const { neighbours } = await run("list_neighbours", { interface: "lan0" });
    expect(neighbours).toContainEqual({
      address: "192.0.2.2",
      interface: "lan0",
      hardwareAddress: expect.stringMatching(/^[0-9a-f:]{17}$/u),
      state: expect.stringMatching(/reachable|stale|delay|probe/u),
    });
  });

  it("changes nothing, is nobody, and reaches no service", async () => {
    const { stdout } = await machine.shInSandbox(
      "network",
      `
      id -u; grep -h CapEff /proc/self/status
      ip link set lan0 down 2>&1 | head -c 24; echo
      ip -o link show lan0 | grep -c UP
      test -e /run/dbus && echo the bus; test -r /etc/shadow && echo secrets
      ls /home /root
    `,
    );
    const text = typeof stdout === "string" ? stdout : "";
    const [user, ...rest] = text.trim().split("\n");
    expect(Number(user)).toBeGreaterThan(0);
    expect(rest).toEqual([
      "CapEff:\t0000000000000000",
      "RTNETLINK answers: Opera",
      "1",
      "/home:",
      "",
      "/root:",
    ]);
  });
});
