#!/bin/sh
# `pnpm op-mcp …`: op-mcp from the checkout, built anew where a source changed. stdout is op-mcp's alone: a build is heard
# only when it fails. The shell gives way to op-mcp, so that signals and the end of a parent reach it.
cd "$(dirname "$0")/../.." || exit
log=$(turbo run build --filter=op-mcp... --output-logs=errors-only 2>&1) || {
  echo "$log" >&2
  exit 1
}
exec node apps/op-mcp/bin/op-mcp.cjs "$@"
