#!/bin/sh
# What the RUN lines of deploy/Containerfile do. `stages.sh build SOURCE TARGET` packs the packages of the repository
# in SOURCE and installs them into TARGET, for production. It needs Node 20 or later, npm and the npm registry.
set -eu

build() {
  source=$1
  target=$2
  cd "$source"
  npm ci
  npm run bundle
  mkdir -p "$target/tarballs"
  for name in protocol client keeper-stores emulator conformance symbolon; do
    npm pack --pack-destination "$target/tarballs" "./dist/$name"
  done
  cd "$target"
  echo '{ "private": true }' >package.json
  npm install --omit=dev --no-audit --no-fund "$target"/tarballs/*.tgz
  rm -r "$target/tarballs"
  cp "$source/deploy/health.mjs" "$target/health.mjs"
  # Sources, the CommonJS builds and source maps serve other people's programs; the server loads none of them.
  rm -r node_modules/symbolon/src node_modules/symbolon/cjs
  rm -r node_modules/@symbolon/*/src node_modules/@symbolon/*/cjs
  find node_modules \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' \) -type f -delete
}

"$@"
