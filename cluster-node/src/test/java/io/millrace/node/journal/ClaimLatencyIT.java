package io.millrace.node.journal;

import static io.millrace.node.journal.JournalFixture.await;
import static io.millrace.node.journal.JournalFixture.events;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** What a claim costs is part of every wake of a passivated actor; prints the figures that RATIONALE.md tells. */
class ClaimLatencyIT {
    private static final int LOGS = 300;

    @Test
    void aClaimTakesMilliseconds() {
        try (JournalFixture fixture = JournalFixture.open()) {
            FencedLog node = fixture.node();
            LogTables tables = new CassandraTables(fixture.session, fixture.settings.keyspace());
            long[] first = nanos(i -> await(node.claim("log" + i)));
            for (int i = 0; i < LOGS; i++) {
                await(node.append(await(node.claim("log" + i)), 1, events("a")));
            }

            nanos(i -> await(node.claim("log" + i))); // warm
            long[] byInsert = nanos(i -> await(
                    tables.insertTail("log" + i).thenCompose(standing -> tables.claimTail(standing.orElseThrow()))));
            long[] byHint = nanos(i -> await(node.claim("log" + i)));
            long[] replay = nanos(i -> await(node.replayHeads("log" + i, 1, 1, 1, record -> {})));
            long[] hint = nanos(i -> await(tables.selectTailHint("log" + i)));
            long[] serial = nanos(i -> await(tables.selectTail("log" + i)));

            print("claim of a new log", first);
            print("claim by insert, then compare-and-set", byInsert);
            print("claim by hint, then compare-and-set", byHint);
            print("replay of one record", replay);
            print("plain read of the tail", hint);
            print("serial read of the tail", serial);
            assertThat(percentile(byHint, 50)).isLessThan(50_000_000);
        }
    }

    private static long[] nanos(LongConsumer work) {
        long[] nanos = new long[LOGS];
        for (int i = 0; i < LOGS; i++) {
            long began = System.nanoTime();
            work.accept(i);
            nanos[i] = System.nanoTime() - began;
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static long percentile(long[] sorted, int percent) {
        return sorted[sorted.length * percent / 100];
    }

    private static void print(String what, long[] sorted) {
        System.out.printf(
                "%-40s p50 %.2f ms, p99 %.2f ms%n", what, percentile(sorted, 50) / 1e6, percentile(sorted, 99) / 1e6);
    }
}
