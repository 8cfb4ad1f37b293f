#!/bin/sh
# Makes the node's image on a base of this machine's own, and runs the pods of production from it (PodsIT): no registry, no
# engine. Takes a few minutes, and root for the pods' file systems.
set -eu
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
cd "$home"
mkdir -p k8s/target
k8s/image/local-base.sh k8s/target/base.tar
./mvnw -q -ntp -pl cluster-node -am package jib:buildTar -Dmaven.test.skip=true "-Dmillrace.image.base=tar://$home/k8s/target/base.tar"
ls -l cluster-node/target/jib-image.tar
./mvnw -ntp -pl k8s -am verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=PodsIT -Dfailsafe.failIfNoSpecifiedTests=false \
    "-Dmillrace.image.tar=$home/cluster-node/target/jib-image.tar"
