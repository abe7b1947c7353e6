import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createObjectServer,
  createServiceTreeCache,
  defineInterface,
  identifyService,
  interfacesOfService,
  listActivatableServices,
  openBusConnection,
  readInstalledInterfaces,
  walkObjects,
  type BusConnection,
} from "../../src/index.ts";
import { openDbusDaemon, type DbusDaemon } from "../rig/dbus-daemon.ts";

const service = "org.example.Tree";
const leaf = defineInterface({
  name: "org.example.Leaf",
  methods: { Fall: { in: "", out: "" } },
  properties: {},
  signals: {},
});
const fall = { methods: { Fall: () => Promise.resolve([] as const) }, properties: {} };

let stack: AsyncDisposableStack;
let daemon: DbusDaemon;
let near: BusConnection;
let far: BusConnection;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  daemon = stack.use(
    await openDbusDaemon({
      services: {
        "org.example.Lazy.service":
          "[D-BUS Service]\nName=org.example.Lazy\nExec=/bin/false\nUser=nobody\n",
        "broken.service": "Name=not a name\n",
        "org.example.Lazy.xml":
          '<node><interface name="org.example.Lazy.Bed"><method name="Sleep"/></interface></node>',
        "broken.xml": "<node>",
      },
    }),
  );
  near = stack.use(await openBusConnection({ address: daemon.address }));
  far = stack.use(await openBusConnection({ address: daemon.address }));
});

afterEach(() => stack.disposeAsync());

async function exportLeaves(count: number): Promise<void> {
  const server = stack.use(createObjectServer(far));
  for (let index = 0; index < count; index += 1) server.export(`/tree/l${index}`, leaf, fall);
  await far.requestName(service);
}

describe("a walk", () => {
  it("finds every object, and reads equal documents once", async () => {
    await exportLeaves(50);
    const { objects, gaps } = await walkObjects(near, service);
    expect(gaps).toEqual([]);
    const leaves = objects.filter(({ document }) =>
      document.description.interfaces.some(({ name }) => name === leaf.name),
    );
    expect(leaves).toHaveLength(50);
    expect(leaves[0]?.path).toBe("/tree/l0");
    expect(new Set(leaves.map(({ document }) => document)).size).toBe(1);
  });

  it("takes no more than it may, and says what it left", async () => {
    await exportLeaves(50);
    const { objects, gaps } = await walkObjects(near, service, { maxChildren: 10 });
    expect(objects).toHaveLength(12);
    expect(gaps).toEqual([{ path: "/tree", problem: "40 of the objects below it were left out." }]);
    const few = await walkObjects(near, service, { maxObjects: 5 });
    expect(few.objects).toHaveLength(5);
    const flat = await walkObjects(near, service, { maxDepth: 1 });
    expect(flat.objects.map(({ path }) => path)).toEqual(["/", "/tree"]);
  });

  it("finds what only an object manager knows", async () => {
    const managed = new Map([["/hidden/one", new Map([[leaf.name, new Map()]])]]);
    const manager = '<interface name="org.freedesktop.DBus.ObjectManager"/>';
    stack.use(
      far.serve(({ path, member }) =>
        Promise.resolve(
          member === "GetManagedObjects"
            ? { signature: "a{oa{sa{sv}}}", body: [managed] }
            : {
                signature: "s",
                body: [
                  `<node>${path === "/" ? manager : `<interface name="${leaf.name}"/>`}</node>`,
                ],
              },
        ),
      ),
    );
    await far.requestName(service);
    const { objects } = await walkObjects(near, service);
    expect(objects.map(({ path }) => path)).toEqual(["/", "/hidden/one"]);
  });

  it("of a service that lies about itself ends", async () => {
    const answer = { signature: "s", body: ['<node><node name="again"/></node>'] };
    stack.use(far.serve(() => Promise.resolve(answer)));
    await far.requestName(service);
    const { objects, gaps } = await walkObjects(near, service);
    expect(objects).toEqual([]);
    expect(gaps).toHaveLength(1);
  });

  it("starts nothing", async () => {
    const { objects, gaps } = await walkObjects(near, "org.example.Lazy");
    expect(objects).toEqual([]);
    expect(gaps).toMatchObject([{ path: "/", problem: expect.stringContaining("NameHasNoOwner") }]);
  });
});

describe("services that do not run", () => {
  it("are listed and described from their files", async () => {
    const directories = ["/nonexistent", daemon.directory];
    await expect(listActivatableServices({ directories })).resolves.toEqual([
      { name: "org.example.Lazy", exec: "/bin/false", systemdUnit: undefined, user: "nobody" },
    ]);
    const installed = await readInstalledInterfaces({ directories });
    const [bed] = interfacesOfService("org.example.Lazy", installed);
    expect(bed?.methods.map(({ name }) => name)).toEqual(["Sleep"]);
    expect(interfacesOfService("org.example.La", installed)).toEqual([]);
  });
});

describe("a cache of objects", () => {
  it("gives back what was saved, for the same program only", async () => {
    await exportLeaves(3);
    const directory = join(daemon.directory, "cache");
    const cache = createServiceTreeCache({ directory });
    const identity = await identifyService(near, service);
    expect(identity).toContain(process.execPath);
    await expect(cache.load(identity!)).resolves.toBeUndefined();
    const tree = await walkObjects(near, service);
    await cache.save(identity!, tree);
    await expect(cache.load(identity!)).resolves.toEqual(tree);
    await expect(cache.load(`${identity} other`)).resolves.toBeUndefined();
    await expect(readdir(directory)).resolves.toHaveLength(1);
  });

  it.each([
    "",
    "null",
    "[1]",
    '{"format":1}',
    '{"format":1,"identity":"i","documents":[],"objects":[["/a",0]],"gaps":[]}',
    '{"format":1,"identity":"i","documents":["<bad"],"objects":[["/a",0]],"gaps":[]}',
    '{"format":1,"identity":"i","documents":["<node/>"],"objects":[["no path",0]],"gaps":[]}',
  ])("takes a file of %j as none", async (text) => {
    const directory = await mkdtemp(join(tmpdir(), "op-dbus-cache-"));
    try {
      const cache = createServiceTreeCache({ directory });
      await cache.save("i", { objects: [], gaps: [] });
      const [file] = await readdir(directory);
      await writeFile(join(directory, file!), text);
      await expect(cache.load("i")).resolves.toBeUndefined();
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("does not know the program of nobody", async () => {
    await expect(identifyService(near, "org.example.Nobody")).resolves.toBeUndefined();
  });
});
