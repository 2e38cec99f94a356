#!/usr/bin/env bash
# run.sh [go test's options]: builds JupyterLab from its npm packages, unless
# the work folder has it, then tries the kernel in it and in classic Notebook;
# see README.md. BROWSER_WORK names the work folder, which also gets the
# screenshots.
set -euo pipefail
cd "$(dirname "$0")"
work=${BROWSER_WORK:-${TMPDIR:-/tmp}/mlpkernel-browser}
export LAB=$work/lab PICTURES=$work/pictures
mkdir -p "$PICTURES"

built=$(find lab -type f | sort | xargs cat | sha256sum)
if [ "$(cat "$LAB/built" 2>/dev/null)" != "$built" ]; then
  echo "== JupyterLab from its packages, in $LAB"
  rm -rf "$LAB"
  cp -r lab "$LAB"
  # Some packages that were published later ask for versions that never were.
  (cd "$LAB" && npm install --before 2026-09-30 --no-audit --no-fund --loglevel=error && npx vite build --logLevel error)
  echo "$built" >"$LAB/built"
fi

CGO_ENABLED=0 go test -count=1 -v -timeout 30m "$@" .
echo "screenshots: $PICTURES"
