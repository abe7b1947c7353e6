#!/usr/bin/env node
"use strict";

// Only syntax that every Node parses: an old one must get as far as the message.
var node = process.versions.node;

if (Number(node.split(".")[0]) < 24) {
  var found = "this is Node " + node + " (" + process.execPath + ")";
  process.stderr.write("op-mcp needs Node 24 or newer, and " + found + ".\n");
  process.exit(1);
}

// Compiled code is as good as code: it is kept only where nobody else can write, never in a shared temporary folder.
function cacheDirectory() {
  var cache = process.env.XDG_CACHE_HOME;
  if (cache && cache.charAt(0) === "/") return cache + "/op-mcp/compiled";
  var home = process.env.HOME;
  return home && home.charAt(0) === "/" ? home + "/.cache/op-mcp/compiled" : undefined;
}

var directory = cacheDirectory();
// An unwritable directory is no failure: op-mcp then starts a little slower.
if (directory !== undefined) require("node:module").enableCompileCache(directory);

require("../dist/bundle/op-mcp.cjs");
