#!/bin/bash
# Runs the node's image under a Docker engine as Kubernetes would: nobody, no rights, a read-only root, limits on processors and
# memory; two nodes that join, one of which is asked to end. Fails where something isn't as the manifests say. Takes a minute.
#   k8s/image/engine.sh [IMAGE.tar]          default: what try.sh made, cluster-node/target/jib-image.tar
# Needs an engine, curl, openssl, and for Cassandra an image "cassandra:5.0" (cluster-node/cassandra/container.sh --image makes one).
set -euo pipefail
home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
tar=${1:-$home/cluster-node/target/jib-image.tar}
name=millrace-engine-$$
work=$(mktemp -d)
end() {
    docker rm -f "$name-cassandra" "$name-1" "$name-2" >/dev/null 2>&1 || true
    docker network rm "$name" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap end EXIT
fail() {
    echo "FAILED: $*" >&2
    docker logs "$name-1" 2>&1 | tail -n 20 >&2 || true
    exit 1
}
is() { [ "$2" = "$3" ] && echo "$1: $2" || fail "$1 is $2, not $3"; }
# until LIMIT WHAT COMMAND...
until_it() {
    local limit=$1 what=$2 began=$SECONDS
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ $((SECONDS - began)) -lt "$limit" ] || fail "not within $limit s: $what"
        sleep 0.5
    done
    echo "$what: after $((SECONDS - began)) s"
}
address() { docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1"; }

"$home/cluster-node/cassandra/container.sh" --image
image=$(docker load -i "$tar" | sed -n 's/^Loaded image[^:]*: //p')
is "user of $image" "$(docker inspect --format '{{.Config.User}}' "$image")" 65532:65532
docker inspect --format 'entry point: {{json .Config.Entrypoint}}' "$image" | sed 's/"-cp".*/.../'
is 'first word of the entry point' "$(docker inspect --format '{{index .Config.Entrypoint 0}}' "$image")" java

# A network that the engine finds free, once more with addresses that may be chosen.
docker network create "$name" >/dev/null
subnet=$(docker network inspect --format '{{(index .IPAM.Config 0).Subnet}}' "$name")
docker network rm "$name" >/dev/null
docker network create --subnet "$subnet" "$name" >/dev/null
first=${subnet%.*}.101
docker run -d --name "$name-cassandra" --network "$name" -e MAX_HEAP_SIZE=512M -e JVM_EXTRA_OPTS="\
-Dcassandra.skip_wait_for_gossip_to_settle=0 -Dcassandra.initial_token=0 -Dcassandra.config.allow_system_properties=true \
-Dcassandra.settings.commitlog_sync=batch -Dcassandra.settings.commitlog_sync_period=0ms \
-Dcassandra.settings.paxos_variant=v2" cassandra:5.0 >/dev/null
until_it 180 'Cassandra answers' docker exec "$name-cassandra" cqlsh -e 'SELECT release_version FROM system.local'

mkdir "$work/settings"
cp "$home/k8s/base/node.conf" "$work/settings/"
{
    cat "$home/k8s/overlays/production/overlay.conf"
    echo '# No Kubernetes to ask here.'
    echo "millrace.cluster { bootstrap.method = \"\", seed-nodes = [\"$first:7355\"] }"
} > "$work/settings/overlay.conf"
"$home/k8s/certificates.sh" "$work/tls" millrace "IP:$first" "IP:${subnet%.*}.102" >/dev/null
cat > "$work/settings/cassandra.conf" <<END
millrace.cassandra {
  contact-points = ["$(address "$name-cassandra"):9042"]
  datacenter = "datacenter1"
  replication { class = "SimpleStrategy", replication_factor = "1" }
}
END
chmod -R a+rX "$work"
# What node.yaml says of a container, with less of it.
locked=(--network "$name" --read-only --cap-drop ALL --security-opt no-new-privileges
    --tmpfs /tmp:size=64m,mode=1777,exec --cpus 1 --memory 768m --memory-swap 768m
    -v "$work/settings:/etc/millrace:ro" -v "$work/tls:/etc/millrace-tls:ro")
for run in 1 2; do
    docker run --rm "${locked[@]}" "$image" schema --config /etc/millrace/cassandra.conf || fail "schema, run $run"
    echo "schema, run $run: ok"
done
for node in 1 2; do
    docker run -d --name "$name-$node" "${locked[@]}" --ip "${subnet%.*}.10$node" \
        -e "MILLRACE_CLUSTER_HOST=${subnet%.*}.10$node" "$image" node --config /etc/millrace/node.conf >/dev/null
done
for node in 1 2; do
    until_it 120 "node $node is ready" curl -fs "http://$(address "$name-$node"):7357/health/ready"
done
# As "kubectl exec" does it.
key=$(docker exec "$name-1" java -Xmx64m -cp @/app/jib-classpath-file io.millrace.node.Main keys create \
    --config /etc/millrace/cassandra.conf --name operator --grant 'admin:*' 2>/dev/null)
echo "key ${key%_*}"
is 'without a key' "$(curl -s --cacert "$work/tls/http/ca.crt" -o "$work/answer" -w '%{http_code}' "https://$first:8080/v1/cluster")" 401
sleep 1 # from when it is made until it is known
members() { curl -fs --cacert "$work/tls/http/ca.crt" -H "Authorization: Bearer $key" "https://$first:8080/v1/cluster" | grep -o '"status":"up"' | wc -l; }
is 'members that are up' "$(members)" 2

pid=$(docker inspect --format '{{.State.Pid}}' "$name-1")
is 'user of the process' "$(ps -o uid= -p "$pid" | tr -d ' ')" 65532
is 'process 1 in there' "$(ps -o comm= -p "$pid")" java
is 'its rights' "$(sed -n 's/^CapEff:[[:space:]]*//p' "/proc/$pid/status")" 0000000000000000
heap=$(curl -fs "http://$first:7357/metrics" | grep '^jvm_memory_max_bytes.area="heap"' | sed 's/.*} //' |
    awk '$1 > 0 {sum += $1} END {printf "%d", sum / 1048576}')
is 'heap in MiB, 55 % of 768' "$((heap >= 400 && heap <= 430 ? 422 : heap))" 422
is 'processors' "$(curl -fs "http://$first:7357/metrics" | sed -n 's/^system_cpu_count[^ ]* //p')" 1.0

# An orderly end: SIGTERM reaches the JVM, which hands over and leaves.
began=$(date +%s%N)
docker stop -t 90 "$name-2" >/dev/null
echo "node 2 ended after $((($(date +%s%N) - began) / 1000000)) ms"
is 'its exit code' "$(docker inspect --format '{{.State.ExitCode}}' "$name-2")" 143
docker logs "$name-2" 2>&1 | grep -i -E 'exit|shut|leav|left' | tail -n 3 || true
alone() { [ "$(members)" = 1 ] && curl -fs "http://$first:7357/health/ready"; }
until_it 30 'node 1 serves on alone' alone
echo "all as the manifests say"
