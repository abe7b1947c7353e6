"use strict";

// Writes down which files the program has loaded when it ends.
process.once("exit", () => {
  const names = Object.keys(require.cache).map((path) => require("node:path").basename(path));
  require("node:fs").writeFileSync(process.env.LOADED_FILES, JSON.stringify(names));
});
