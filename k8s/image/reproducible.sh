#!/bin/sh
# Builds what was committed twice, in two directories, and compares what ships: jars, bills of materials, and with a base
# (-Dmillrace.image.base=...) the images.
#   k8s/image/reproducible.sh [MAVEN OPTION]...
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
image=
case "$*" in *millrace.image.base=*) image=jib:buildTar ;; esac
for build in one another-place; do
    mkdir "$work/$build"
    git -C "$home" archive HEAD | tar -x -C "$work/$build"
    (cd "$work/$build" && ./mvnw -q -ntp -Dmaven.test.skip=true -pl cluster-node -am package $image "$@")
    (cd "$work/$build" && find protocol/target cluster-node/target -maxdepth 1 \( -name '*.jar' -o -name bom.json -o -name jib-image.tar \) \
        -exec sha256sum {} + | sort -k 2) > "$work/$build.sums"
done
cat "$work/one.sums"
diff "$work/one.sums" "$work/another-place.sums" && echo "both builds gave the same"
