/** Bundles the binary into one file, in which what is not always needed is evaluated when it is, and its libraries. */
import { globSync, readFileSync, rmSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";

const outdir = "dist/bundle";

/** Libraries that few runs need: each is a file of its own beside the bundle, read when it is first imported. */
const libraries = ["zod", "yaml", "smol-toml", "pino", "dbus-next", "jose", "ws"];

/**
 * Parts of the product that most starts do not use: files of their own too, each with its own copy of what it uses. So
 * errors are told apart by their codes, never by their classes, where they come from another part.
 */
const parts = [
  "../../packages/op-tools/src/schema/schema-engine.ts",
  "src/agents/open-agents.ts",
  "src/agents/open-agents-bus.ts",
  "src/audit/open-log.ts",
  "src/config/check-layers.ts",
  "src/dbus/open-dbus.ts",
  "src/processes/open-processes.ts",
  "src/state/open-state.ts",
  "src/state/external/plugin-inspector.ts",
  "src/telemetry/otel/open-otel.ts",
  "src/upstreams/auth/create-oauth.ts",
  "src/upstreams/open-upstream.ts",
  "src/wiring/serve-http.ts",
];

const packages = resolve(import.meta.dirname, "../../packages");

/**
 * Programs of their own, which run as other processes: each is one file, at the place below `lib` that it has among the
 * packages.
 */
const programs = globSync("{op-process/src/spawner,op-agents/src/agents/*}/main.ts", {
  cwd: packages,
});

/** Where a module lies below `lib`, by its place among the packages. */
const placeOf = (path: string): string => path.replace("/src/", "/").replace(/\.ts$/, ".mjs");

/** What must not be loaded before it is needed, by the module that a start goes through. */
const lazyAt: Readonly<Record<string, readonly string[]>> = {
  "src/main.ts": [...libraries, "minisearch", "@modelcontextprotocol", "@opentelemetry"],
  "src/wiring/serve-on-stdio.ts": libraries,
};

const fileOf = (library: string): string => `lib/${library.replaceAll("/", "-")}`;

/** Leaves the libraries out of the bundle, and notes where each of them is. */
function librariesApart(found: Map<string, string>): Plugin {
  return {
    name: "libraries-apart",
    setup: (bundler) => {
      bundler.onResolve({ filter: /^[a-z]/ }, async ({ path, pluginData, ...args }) => {
        if (!libraries.includes(path) || pluginData === "resolving") return undefined;
        const resolved = await bundler.resolve(path, { ...args, pluginData: "resolving" });
        found.set(fileOf(path), resolved.path);
        return { path: `./${fileOf(path)}.cjs`, namespace: "library" };
      });
      // Required also where it is imported dynamically: Node would start its loader of ES modules for that.
      bundler.onLoad({ filter: /./, namespace: "library" }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(path)});`,
      }));
      bundler.onResolve({ filter: /^\.\/lib\//, namespace: "library" }, ({ path }) => ({
        path,
        external: true,
      }));
    },
  };
}

/** Leaves the parts out of what is built; they lie in `folder` as seen from there. */
function partsApart(folder: "./lib/" | "./"): Plugin {
  const namespace = "part";
  return {
    name: "parts-apart",
    setup: (bundler) => {
      bundler.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir, kind }) => {
        const part = relative(import.meta.dirname, resolve(resolveDir, path));
        const isPart = kind === "dynamic-import" && parts.includes(part);
        return isPart ? { path: `${folder}${basename(part, ".ts")}.cjs`, namespace } : undefined;
      });
      bundler.onLoad({ filter: /./, namespace }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(path)});`,
      }));
      bundler.onResolve({ filter: /\.cjs$/, namespace }, ({ path }) => ({ path, external: true }));
    },
  };
}

/** Tells modules that look for a program beside them where they would lie if each were a file. */
const placesOfModules: Plugin = {
  name: "places-of-modules",
  setup: (bundler) => {
    bundler.onLoad({ filter: /\/op-(?:agents|process)\/src\/.*\.ts$/ }, ({ path }) => {
      const place = JSON.stringify(placeOf(relative(packages, path)));
      const url = `require("node:url").pathToFileURL(require("node:path").join(__dirname, ${place})).href`;
      const contents = readFileSync(path, "utf8").replaceAll("import.meta.url", url);
      return { contents, loader: "ts" };
    });
  },
};

/** Takes the libraries from their own files, and notes where each of them is. */
const takeLibraries = (found: Map<string, string>): Plugin => ({
  name: "take-libraries",
  setup: (bundler) => {
    bundler.onResolve({ filter: /^[a-z]/ }, async ({ path, pluginData, ...args }) => {
      if (!libraries.includes(path) || pluginData === "resolving") return undefined;
      const resolved = await bundler.resolve(path, { ...args, pluginData: "resolving" });
      found.set(fileOf(path), resolved.path);
      return { path: `./${basename(fileOf(path))}.cjs`, external: true };
    });
  },
});

/** What is computed from the schemas once and for all, by the module that exports it under a name. */
const computed = { "default-config": "defaultConfig", "config-json-schema": "configJsonSchema" };

/** Puts what the schemas say into the bundle as data; `tsc` has compiled the schemas by now. */
const schemasAsData: Plugin = {
  name: "schemas-as-data",
  setup: (bundler) => {
    for (const [file, name] of Object.entries(computed)) {
      bundler.onLoad({ filter: new RegExp(`/src/config/${file}\\.ts$`) }, async () => {
        const compiled = new URL(`dist/config/${file}.js`, import.meta.url).href;
        const module: Record<string, unknown> = await import(compiled);
        return {
          contents: `export const ${name} = ${JSON.stringify(module[name])};`,
          loader: "js",
        };
      });
    }
  },
};

/** Modules of Node that take milliseconds to load, and that most starts do not use. */
const slowBuiltins = new Set(["node:crypto"]);

/** Loads such a module when something of it is first used, not when it is imported. */
const slowBuiltinsLazily: Plugin = {
  name: "slow-builtins-lazily",
  setup: (bundler) => {
    const namespace = "slow-builtin";
    bundler.onResolve({ filter: /^node:/ }, ({ path, namespace: importer }) =>
      slowBuiltins.has(path) && importer !== namespace ? { path, namespace } : undefined,
    );
    bundler.onLoad({ filter: /^node:/, namespace }, async ({ path }) => {
      const module: object = await import(path);
      const names = Object.keys(module).filter((name) => name !== "default");
      // Requiring costs a microsecond each time, so the module is kept.
      const contents = `let module;
      for (const name of ${JSON.stringify(names)}) {
        Object.defineProperty(exports, name, { enumerable: true, get: () => (module ??= require(${JSON.stringify(path)}))[name] });
      }`;
      return { contents, loader: "js" };
    });
  },
};

/** Every source that is evaluated as soon as `entryPoint` is: what it imports, and what that imports. */
function inputsLoadedBy({ inputs }: Metafile, entryPoint: string): ReadonlySet<string> {
  const loaded = new Set([entryPoint]);
  for (const current of loaded) {
    for (const { path, kind } of inputs[current]?.imports ?? []) {
      if (kind === "import-statement" || kind === "require-call") loaded.add(path);
    }
  }
  return loaded;
}

function checkLaziness(metafile: Metafile): void {
  for (const [entryPoint, modules] of Object.entries(lazyAt)) {
    if (!(entryPoint in metafile.inputs)) throw new Error(`${entryPoint} is not in the bundle.`);
    const inputs = [...inputsLoadedBy(metafile, entryPoint)];
    const eager = modules.filter((name) =>
      inputs.some(
        (input) =>
          input === `library:./${fileOf(name)}.cjs` || input.includes(`/node_modules/${name}/`),
      ),
    );
    if (eager.length > 0) {
      throw new Error(`${entryPoint} loads ${eager.join(", ")} at once; import them dynamically.`);
    }
  }
}

/**
 * Two classes of one name in a bundle: the second would be called otherwise in logged errors. Keeping the names by a call
 * at each function would cost every call of a tool two microseconds.
 */
function checkErrorNames(bundle: string): void {
  const renamed = bundle.match(/class \w*Error\d+\b/g) ?? [];
  if (renamed.length > 0) throw new Error(`Errors share their names: ${renamed.join(", ")}.`);
}

const options = {
  outdir,
  bundle: true,
  // CommonJS, because Node resolves and links ES modules more slowly.
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  platform: "node",
  target: "node24",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "linked",
  logLevel: "warning",
} as const satisfies BuildOptions;

rmSync(outdir, { recursive: true, force: true });
const found = new Map<string, string>();
const { metafile } = await build({
  ...options,
  // One file: each further one costs a start half a millisecond. What is imported dynamically is evaluated when it is
  // needed.
  entryPoints: { "op-mcp": "src/main.ts" },
  define: { "import.meta.dirname": "__dirname" },
  conditions: ["@op-mcp/source"],
  sourcemap: "linked",
  sourcesContent: false,
  metafile: true,
  plugins: [schemasAsData, slowBuiltinsLazily, partsApart("./lib/"), librariesApart(found)],
});
checkLaziness(metafile);
checkErrorNames(readFileSync(`${outdir}/op-mcp.cjs`, "utf8"));
await build({
  ...options,
  entryPoints: Object.fromEntries(parts.map((part) => [`lib/${basename(part, ".ts")}`, part])),
  conditions: ["@op-mcp/source"],
  define: { "import.meta.dirname": "__dirname" },
  plugins: [schemasAsData, placesOfModules, partsApart("./"), takeLibraries(found)],
});
await build({
  ...options,
  entryPoints: Object.fromEntries(
    programs.map((program) => [
      join("lib", placeOf(program)).replace(/\.mjs$/, ""),
      join(packages, program),
    ]),
  ),
  format: "esm",
  outExtension: { ".js": ".mjs" },
  conditions: ["@op-mcp/source"],
});
await build({
  ...options,
  entryPoints: Object.fromEntries(found),
  // What dbus-next would use of an X server, and for file descriptors; it does without both.
  external: ["x11", "usocket"],
});
