package io.millrace.node.cassandra;

import java.nio.file.Path;

/** The {@code cassandra.yaml} of the child process. */
final class CassandraYaml {

    private CassandraYaml() {}

    static String render(ChildCassandraSettings settings) {
        Path home = settings.home();
        return """
                # Written by millrace at every start; changes are lost.
                cluster_name: millrace-development
                num_tokens: 1
                partitioner: org.apache.cassandra.dht.Murmur3Partitioner
                endpoint_snitch: SimpleSnitch
                listen_address: %1$s
                rpc_address: %1$s
                storage_port: %2$d
                start_native_transport: true
                native_transport_port: %3$d
                seed_provider:
                  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
                    parameters:
                      - seeds: "%1$s:%2$d"

                data_file_directories: [%4$s]
                commitlog_directory: %5$s
                hints_directory: %6$s
                saved_caches_directory: %7$s
                cdc_raw_directory: %8$s

                # A write is acknowledged once it is on the disk: with "periodic" acknowledged events died with the process.
                # "batch" and not "group": an append is several small writes one after the other, and "group" would
                # hold each of them for its window, while "batch" syncs at once and still shares a sync that is under way.
                commitlog_sync: batch
                commitlog_total_space: 512MiB
                paxos_variant: v2

                # With the defaults and a 1 GiB heap, 200 writers of 64 KiB each ended in OutOfMemoryError.
                memtable:
                  configurations:
                    trie:
                      class_name: TrieMemtable
                    default:
                      inherits: trie
                memtable_allocation_type: offheap_objects
                memtable_heap_space: 128MiB
                memtable_offheap_space: 256MiB
                native_transport_max_threads: 32
                concurrent_writes: 16
                native_transport_max_request_data_in_flight: 64MiB
                native_transport_max_request_data_in_flight_per_ip: 64MiB

                # Dropping a table must free its disk, and hints are for a second node.
                auto_snapshot: false
                hinted_handoff_enabled: false
                materialized_views_enabled: false
                user_defined_functions_enabled: false
                """.formatted(
                        settings.address(),
                        settings.storagePort(),
                        settings.cqlPort(),
                        quoted(home.resolve("data")),
                        quoted(home.resolve("commitlog")),
                        quoted(home.resolve("hints")),
                        quoted(home.resolve("saved_caches")),
                        quoted(home.resolve("cdc")));
    }

    private static String quoted(Path path) {
        return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
