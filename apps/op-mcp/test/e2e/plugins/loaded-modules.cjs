// Required before everything else: writes at the end which files were loaded.
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
  const target = process.env.LOADED_MODULES;
  if (target) writeFileSync(target, Object.keys(require.cache).join("\n"));
});
