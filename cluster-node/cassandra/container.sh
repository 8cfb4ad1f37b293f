#!/bin/bash
# Runs tests against Cassandra in a container of Testcontainers, and nowhere else, on a machine with a Docker engine and JDK 17.
# Where no registry can be reached it first makes an image "cassandra:5.0" of its own, from this machine's Java and bash and
# the jars that the build has anyway, so that it works on a machine without any network.
#   cluster-node/cassandra/container.sh [TEST]...          default: the tests of the storage that fill, claim and read logs
#   cluster-node/cassandra/container.sh --image            only the image
set -euo pipefail
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
cd "$home"
image=cassandra:5.0
docker info --format 'engine {{.ServerVersion}}, {{.NCPU}} processors' || {
    echo "no Docker engine answers; as root, \"dockerd\" starts one" >&2
    exit 1
}

make_image() {
    local work
    work=$(mktemp -d)
    # shellcheck disable=SC2064 # now, since work is this function's
    trap "rm -rf '$work'" EXIT
    [ -d cluster-node/cassandra/target/lib ] || ./mvnw -q -ntp -pl cluster-node/cassandra package
    MODULES=java.se,jdk.attach,jdk.crypto.ec,jdk.management,jdk.management.agent,jdk.naming.dns,jdk.net,jdk.unsupported,jdk.zipfs \
        k8s/image/local-base.sh "$work/base.tar" "$(command -v bash)"
    mkdir -p "$work/root/opt/cassandra/conf" "$work/root/var/lib/cassandra/triggers"
    tar -xf "$work/base.tar" -C "$work" layer.tar
    tar -xf "$work/layer.tar" -C "$work/root"
    cp -R cluster-node/cassandra/target/lib "$work/root/opt/cassandra/"
    cp cluster-node/cassandra/container/{cassandra.yaml.in,jvm.options,logback.xml} "$work/root/opt/cassandra/conf/"
    install -m 755 cluster-node/cassandra/container/cqlsh "$work/root/usr/bin/cqlsh"
    install -m 755 cluster-node/cassandra/container/entrypoint "$work/root/opt/cassandra/entrypoint"
    tar --owner=0 --group=0 -C "$work/root" -cf "$work/image.tar" .
    docker import --change 'ENTRYPOINT ["/opt/cassandra/entrypoint"]' --change 'EXPOSE 9042' \
        --change 'ENV PATH=/usr/bin:/bin' --change 'LABEL io.millrace.stand-in=true' "$work/image.tar" "$image"
}

if ! docker image inspect "$image" >/dev/null 2>&1 && ! docker pull -q "$image" 2>/dev/null; then
    make_image
fi
docker image inspect --format "$image: {{.Id}}, {{.Size}} bytes, labels {{.Config.Labels}}" "$image"
[ "${1:-}" != --image ] || exit 0

# Without a registry Testcontainers can have neither the image that reaps containers of runs that were killed (each run stops its
# container itself), nor the one that it looks for the engine's address with when it is in a container itself.
if [ "$(docker image inspect --format '{{index .Config.Labels "io.millrace.stand-in"}}' "$image")" = true ]; then
    export TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=${TESTCONTAINERS_HOST_OVERRIDE:-localhost}
fi
# A container, or failure: not the child process that would stand in for it.
export MILLRACE_TEST_CASSANDRA=container
tests=${*:-SharedCassandraIT FencedLogIT JournalContractIT SnapshotContractIT}
./mvnw -ntp -pl cluster-node -am verify -Dtest=TestCassandraChoiceTest -Dsurefire.failIfNoSpecifiedTests=false \
    "-Dit.test=${tests// /,}" -Dfailsafe.failIfNoSpecifiedTests=false
echo "left behind: $(docker ps -q --filter ancestor="$image" | wc -l) containers"
