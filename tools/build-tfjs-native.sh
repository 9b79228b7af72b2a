#!/usr/bin/env bash
# Builds the native binding of @tensorflow/tfjs-node-gpu, which `device: tensorflow` runs on, from what npm and PyPI
# ship: the package's own C++ sources, and TensorFlow's libraries and C headers out of its wheel. npm's own way fetches a
# binary from another host, which many machines can't reach.
#
# What is downloaded is checked against the hashes below and kept in a cache; the binding links to the libraries there.
# Everything is written beside its place and renamed, so a build that is stopped leaves nothing half-made.
set -euo pipefail

version=2.15.1 # tfjs-node 4.22 was made for 2.9.1, whose wheels know no Python after 3.10; the C interface has stayed the same
sha256_cpu=54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26
sha256_gpu=bb0edd69103c154245c5f209f0507355cc68ba7e4de350084bc31edc562478e4
node_api_headers=1.9.0

usage() {
  cat <<TEXT
usage: tools/build-tfjs-native.sh [--gpu] [--force]

Builds the binding that "device: tensorflow" needs. Linux x64; needs g++, Node with npm, and python3 with pip.
Run "npm ci" first, and this again after each "npm ci", which empties node_modules.

  --gpu     with TensorFlow's CUDA build (475 MB of download; at run time it needs CUDA 12.2 and cuDNN 8.9 on
            LD_LIBRARY_PATH, and falls back to the CPU without them)
  --force   build again even when a working binding is there
  --help    this text

The CPU build downloads 210 MB once and keeps 600 MB in \${XDG_CACHE_HOME:-~/.cache}/styleclip; the build takes 10 s.
Exit code: 0 built, 1 the build failed, 2 wrong usage, 3 something it needs is not here (a tool, or PyPI).
TEXT
}

say() { echo "build-tfjs-native: $*" >&2; }
fail() { say "$1" && exit 1; }
missing() { say "$1" && exit 3; }

package=tensorflow-cpu sha256=$sha256_cpu force=no
for option in "$@"; do
  case $option in
    --gpu) package=tensorflow sha256=$sha256_gpu ;;
    --force) force=yes ;;
    -h | --help) usage && exit 0 ;;
    *) say "unknown option \"$option\" (known: --gpu, --force, --help)" && exit 2 ;;
  esac
done

root=$(cd "$(dirname "$0")/.." && pwd)
binding=$root/node_modules/@tensorflow/tfjs-node-gpu
built=$binding/lib/napi-v8/tfjs_binding.node
stamp=$binding/lib/napi-v8/built-from.txt
cache=${XDG_CACHE_HOME:-$HOME/.cache}/styleclip
libraries=$cache/$package-$version

# What must be here, all of it named at once.
[ "$(uname -s) $(uname -m)" = "Linux x86_64" ] ||
  missing "only Linux x64 is supported, this is $(uname -s) $(uname -m); try: npm rebuild --ignore-scripts=false @tensorflow/tfjs-node-gpu"
lacking=()
for tool in g++ node npm python3; do command -v "$tool" > /dev/null || lacking+=("$tool"); done
if command -v python3 > /dev/null; then python3 -m pip --version > /dev/null 2>&1 || lacking+=("python3's pip"); fi
[ ${#lacking[@]} -eq 0 ] || missing "not found: $(printf '%s, ' "${lacking[@]}" | sed 's/, $//') (on Debian: apt install g++ nodejs npm python3-pip)"
[ -f "$binding/binding/tfjs_backend.cc" ] || missing "$binding is not there: run \"npm ci\" first"

# Loads the binding in a process of its own and says what it is.
try_binding() {
  TF_CPP_MIN_LOG_LEVEL=3 node -e '
    const { binding, isUsingGpuDevice } = require(process.argv[1]).backend();
    console.log(`TensorFlow ${binding.TF_Version}, ${isUsingGpuDevice ? "on a GPU" : "on the CPU"}`);' "$binding"
}

if [ $force = no ] && [ -f "$built" ] && [ "$(cat "$stamp" 2> /dev/null)" = "$package $version $sha256" ] && works=$(try_binding 2> /dev/null); then
  say "there already: $works"
  exit 0
fi

mkdir -p "$cache"
work=$(mktemp -d "$cache/build.XXXXXX")
trap 'rm -rf "$work"' EXIT

if [ ! -d "$libraries" ]; then
  say "downloading $package $version from PyPI"
  echo "$package==$version --hash=sha256:$sha256" > "$work/wanted.txt"
  # The wheel for Python 3.11, whichever Python runs this: only its libraries and headers are taken.
  if ! python3 -m pip download --quiet --disable-pip-version-check --retries 2 --timeout 20 --no-deps --require-hashes \
    --only-binary=:all: --implementation cp --python-version 3.11 --platform manylinux2014_x86_64 \
    --dest "$work" -r "$work/wanted.txt" 2> "$work/pip.txt"; then
    tail -n 5 "$work/pip.txt" >&2
    grep -q 'DO NOT MATCH' "$work/pip.txt" && fail "PyPI's $package $version is not the file that is expected (see the hashes above)"
    missing "$package $version can't be downloaded from PyPI"
  fi
  python3 - "$work" <<'PYTHON'
import glob, re, sys, zipfile

folder = sys.argv[1]
wanted = re.compile(r"tensorflow/(libtensorflow_(cc|framework)\.so\.2|include/(tensorflow/(c|core/platform)|tsl|xla/tsl)/.*\.h)$")
with zipfile.ZipFile(glob.glob(f"{folder}/*.whl")[0]) as wheel:
    wheel.extractall(folder, [name for name in wheel.namelist() if wanted.match(name)])
PYTHON
  # Two builds at once may both come here: the first one's folder stays.
  mv -T "$work/tensorflow" "$libraries" 2> /dev/null || [ -d "$libraries" ] || fail "can't write $libraries"
fi

# Node's headers lie beside it, except in some distributions; npm has them too.
headers=$(node -p 'require("node:path").resolve(process.execPath, "../../include/node")')
if [ ! -f "$headers/node_api.h" ]; then
  say "Node's headers are not in $headers: taking node-api-headers $node_api_headers from npm"
  npm pack --silent --pack-destination "$work" "node-api-headers@$node_api_headers" > /dev/null ||
    missing "node-api-headers can't be downloaded from npm"
  tar -xzf "$work/node-api-headers-$node_api_headers.tgz" -C "$work"
  headers=$work/package/include
fi

say "compiling"
g++ -std=c++17 -O2 -fPIC -shared -DNAPI_VERSION=8 -I"$headers" -I"$libraries/include" \
  "$binding/binding/tfjs_backend.cc" "$binding/binding/tfjs_binding.cc" -o "$work/tfjs_binding.node" \
  -L"$libraries" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 -Wl,-rpath,"$libraries" ||
  fail "g++ failed; after a damaged download remove $libraries"
mkdir -p "${built%/*}"
rm -f "$stamp"
cp "$work/tfjs_binding.node" "$built.tmp" && mv "$built.tmp" "$built"
works=$(try_binding) || fail "the binding was built but does not load; after a damaged download remove $libraries"
echo "$package $version $sha256" > "$stamp"
say "built: $works"
