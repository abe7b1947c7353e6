/** Bundles the binary: one file with all that a start needs, and others beside it, each read when it is first needed. */
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { build, type OutputOptions, type Plugin, type RolldownOptions } from "rolldown";
import { bundledLicenses, formatLicenses, type BundledLicenses } from "./bundled-licenses.ts";
import { listUnconfigured } from "./src/wiring/list-unconfigured.ts";

const outdir = "dist/bundle";

const packages = resolve(import.meta.dirname, "../../packages");

/** What every start of a server goes through; what these import is in the first file. */
const startedWith = ["src/main.ts", "src/wiring/serve-on-stdio.ts", "src/config/lay-config.ts"];

/** What serving over HTTP, and a server behind it, go through besides. */
const servedWith = [
  "src/cli/run-cli.ts",
  "src/cli/commands/serve.ts",
  "src/wiring/serve-http.ts",
  "src/upstreams/open-upstream.ts",
];

/**
 * Programs of their own, which run as other processes: each is one file, at the place below the bundle that it has among
 * the packages.
 */
const programs = globSync("{op-process/src/spawner,op-agents/src/agents/*}/main.ts", {
  cwd: packages,
});

/** Where a module of a package lies below the bundle if it is a file of its own. */
const placeOf = (path: string): string =>
  relative(packages, path).replace("/src/", "/").replace(/\.ts$/, ".mjs");

const isOfLibrary = (id: string): boolean => id.includes("/node_modules/");

/** The libraries that are small and needed by every call; any other is read when it is first imported. */
const isOfStart = (library: string): boolean => library.includes("/node_modules/lru-cache/");

/** Collects every module that is evaluated as soon as a server starts from these, and sees that no library is. */
function modulesOfStart(from: readonly string[], found = new Set<string>()): Plugin {
  return {
    name: "modules-of-start",
    buildEnd(error) {
      if (error !== undefined) return;
      for (const path of from) found.add(resolve(path));
      for (const id of found) {
        const module = this.getModuleInfo(id);
        if (module === null) this.error(`${id} is not in the bundle.`);
        for (const imported of module.importedIds) found.add(imported);
        const libraries = module.importedIds.filter(
          (other) => isOfLibrary(other) && !isOfStart(other),
        );
        if (libraries.length > 0) {
          this.error(`${id} loads ${libraries.join(", ")} at each start; import them dynamically.`);
        }
      }
    },
  };
}

/** Tells modules that look for a program beside them where they would lie if each were a file. */
const placesOfModules: Plugin = {
  name: "places-of-modules",
  load: {
    filter: { id: /\/packages\/op-(?:agents|process)\/src\/.*\.ts$/ },
    handler: (id) => {
      const place = JSON.stringify(placeOf(id));
      const url = `require("node:url").pathToFileURL(require("node:path").join(__dirname, ${place})).href`;
      return readFileSync(id, "utf8").replaceAll("import.meta.url", url);
    },
  },
};

/** What is computed from the schemas once and for all, by the module that exports it under a name. */
const computed = {
  "default-config": "defaultConfig",
  "config-json-schema": "configJsonSchema",
  "config-shape": "configShape",
} as const;

/** Puts what the schemas say into the bundle as data; `tsc` has compiled the schemas by now. */
const schemasAsData: Plugin = {
  name: "schemas-as-data",
  load: {
    filter: { id: Object.keys(computed).map((file) => new RegExp(`/src/config/${file}\\.ts$`)) },
    handler: async (id) => {
      const compiled = new URL(`dist/config/${basename(id, ".ts")}.js`, import.meta.url).href;
      const module: Readonly<Record<string, unknown>> = await import(compiled);
      const exported = Object.values(computed).filter((name) => name in module);
      return exported
        .map((name) => `export const ${name} = ${JSON.stringify(module[name])};`)
        .join("\n");
    },
  },
};

/** Puts the lists of what is not configured into the bundle, as text: it is read once, by a first start. */
const listsAsData: Plugin = {
  name: "lists-as-data",
  load: {
    filter: { id: /\/src\/lazy\/known-lists\.ts$/ },
    handler: async () => {
      const lists = JSON.stringify(await listUnconfigured());
      return `export const knownLists = () => JSON.parse(${JSON.stringify(lists)});`;
    },
  },
};

/** Modules of Node that take milliseconds and memory to load, and that most starts do not use. */
const slowBuiltins = /^node:(?:crypto|https|tls)$/;

/** Loads them when something of them is first used, not when they are imported. */
const slowBuiltinsLazily: Plugin = {
  name: "slow-builtins-lazily",
  resolveId: {
    filter: { id: slowBuiltins },
    handler: (id, importer) => (importer === `\0${id}` ? undefined : `\0${id}`),
  },
  load: {
    filter: { id: /^\0node:/ },
    handler: async (id) => {
      const builtin = id.slice(1);
      const module: object = await import(builtin);
      const names = Object.keys(module).filter((name) => name !== "default");
      // Requiring costs a microsecond each time, so the module is kept.
      return `let module;
      for (const name of ${JSON.stringify(names)}) {
        Object.defineProperty(exports, name, { enumerable: true, get: () => (module ??= require("${builtin}"))[name] });
      }`;
    },
  },
};

/**
 * Two classes of one name in a file: the second would be called otherwise in logged errors. Keeping the names by a call at
 * each function would cost every call of a tool two microseconds.
 */
const errorNames: Plugin = {
  name: "error-names",
  generateBundle(_, files) {
    const code = Object.values(files).map((file) => (file.type === "chunk" ? file.code : ""));
    const renamed = code.flatMap((text) => text.match(/class \w*Error\$\d+\b/g) ?? []);
    if (renamed.length > 0) this.error(`Errors share their names: ${renamed.join(", ")}.`);
  },
};

const input = {
  platform: "node",
  // What dbus-next would use of an X server, and for file descriptors; it does without both.
  external: ["x11", "usocket"],
  resolve: { conditionNames: ["@op-mcp/source", "node", "import", "require", "default"] },
  transform: { target: "node24" },
} as const satisfies RolldownOptions;

const output = {
  dir: outdir,
  minify: { compress: { target: "node24" }, mangle: false, codegen: { removeWhitespace: true } },
  comments: { legal: true, annotation: false, jsdoc: false },
} as const satisfies OutputOptions;

rmSync(outdir, { recursive: true, force: true });
const ofStart = new Set<string>();
const licenses: BundledLicenses = new Map();
await build({
  ...input,
  input: { "op-mcp": "src/main.ts" },
  // One file may import at once what others import when they need it.
  checks: { ineffectiveDynamicImport: false },
  transform: { ...input.transform, define: { "import.meta.dirname": "__dirname" } },
  plugins: [
    modulesOfStart(startedWith, ofStart),
    modulesOfStart(servedWith),
    schemasAsData,
    listsAsData,
    slowBuiltinsLazily,
    placesOfModules,
    errorNames,
    bundledLicenses(licenses),
  ],
  output: {
    ...output,
    // CommonJS, because Node resolves and links ES modules more slowly.
    format: "cjs",
    entryFileNames: "[name].cjs",
    chunkFileNames: "[name].cjs",
    sourcemap: true,
    sourcemapExcludeSources: true,
    codeSplitting: {
      groups: [{ name: "start", test: (id) => ofStart.has(id) }],
    },
  },
});
await build(
  programs.map((program) => ({
    ...input,
    input: join(packages, program),
    plugins: [bundledLicenses(licenses)],
    output: {
      ...output,
      format: "esm",
      codeSplitting: false,
      entryFileNames: placeOf(join(packages, program)),
    },
  })),
);
writeFileSync(join(outdir, "THIRD-PARTY-LICENSES.txt"), formatLicenses(licenses));
