package io.millrace.node.journal;

import static io.millrace.node.journal.JournalFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What appends cost while thousands of buckets go. The figures are told and not held against anything: machines differ. 10 GiB
 * are {@code -Dmillrace.truncation.buckets=10240 -Dmillrace.truncation.row-bytes=1048576}.
 */
class TruncationLoadIT {
    private static final int BUCKETS = Integer.getInteger("millrace.truncation.buckets", 6_000);
    private static final int ROW_BYTES = Integer.getInteger("millrace.truncation.row-bytes", 16 << 10);
    private static final int QUIET = 600;

    private static JournalFixture fixture;

    private final FencedLog node = fixture.node();
    private final Random random = new Random(4711);
    private long own;

    @BeforeAll
    static void open() {
        fixture = JournalFixture.open();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void appendsGoOnWhileThousandsOfBucketsGo() {
        String full = "log-" + UUID.randomUUID();
        plant(full);
        Claim same = await(node.claim(full));
        Claim other = await(node.claim("log-" + UUID.randomUUID()));
        own = same.tail();

        measure(same, other, left(QUIET / 2)); // warm
        double[] quiet = measure(same, other, left(QUIET));
        long began = System.nanoTime();
        CompletableFuture<Long> truncation =
                node.truncate(same, (long) BUCKETS * Buckets.SIZE - 1).toCompletableFuture();
        double[] loaded = measure(same, other, () -> !truncation.isDone());
        double seconds = (System.nanoTime() - began) / 1e9;

        assertThat(truncation.join()).isEqualTo((long) BUCKETS * Buckets.SIZE - 1);
        LogTail tail = await(fixture.reader.tail(full)).orElseThrow();
        assertThat(tail.hasLeftovers()).isFalse();
        assertThat(tail.tail()).isEqualTo(own);
        System.out.printf(
                "truncation of %d buckets (%d MB) took %.1f s; append p50 %.2f ms against %.2f quiet (x%.1f),"
                        + " p99 %.2f against %.2f (x%.1f), greatest %.1f against %.1f, %d appends against %d%n",
                BUCKETS,
                ((long) BUCKETS * ROW_BYTES) >> 20,
                seconds,
                at(loaded, 0.5),
                at(quiet, 0.5),
                at(loaded, 0.5) / at(quiet, 0.5),
                at(loaded, 0.99),
                at(quiet, 0.99),
                at(loaded, 0.99) / at(quiet, 0.99),
                at(loaded, 1),
                at(quiet, 1),
                loaded.length,
                quiet.length);
    }

    private static BooleanSupplier left(int appends) {
        int[] left = {appends};
        return () -> left[0]-- > 0;
    }

    /** Appends to the log that is being truncated and to another one in turn. {@return ms each, in order of size} */
    private double[] measure(Claim same, Claim other, BooleanSupplier goesOn) {
        double[] millis = new double[1 << 16];
        int count = 0;
        while (goesOn.getAsBoolean() && count < millis.length) {
            Claim claim = count % 2 == 0 ? same : other;
            long began = System.nanoTime();
            long tail = await(node.append(claim, claim.tail() + 1, List.of(row(4 << 10))));
            millis[count++] = (System.nanoTime() - began) / 1e6;
            own = claim == same ? tail : own;
        }
        double[] sorted = Arrays.copyOf(millis, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private static double at(double[] sorted, double quantile) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * quantile)];
    }

    private EncodedEvent row(int bytes) {
        byte[] body = new byte[bytes];
        random.nextBytes(body);
        return new EncodedEvent("test.added.v1", JournalFixture.bytes("head"), ByteBuffer.wrap(body));
    }

    /** A log as if it had been written to for long: one row in each bucket stands for all. */
    private void plant(String log) {
        String keyspace = fixture.settings.keyspace();
        long tail = (long) BUCKETS * Buckets.SIZE;
        fixture.session.execute("INSERT INTO " + keyspace + ".log_tail (log, epoch, tail, floor, bucket) VALUES ('"
                + log + "', 1, " + tail + ", 0, 0) IF NOT EXISTS");
        PreparedStatement insert = fixture.session.prepare("INSERT INTO " + keyspace
                + ".log (log, bucket, seq, epoch, size, manifest, head, body) VALUES (?, ?, ?, 1, ?, 't', ?, ?)");
        Deque<CompletionStage<AsyncResultSet>> underWay = new ArrayDeque<>();
        for (long bucket = 0; bucket < BUCKETS; bucket++) {
            EncodedEvent row = row(ROW_BYTES);
            underWay.add(fixture.session.executeAsync(
                    insert.bind(log, bucket, Buckets.lastSeq(bucket), ROW_BYTES, row.head(), row.body())));
            if (underWay.size() > 32) {
                await(underWay.remove());
            }
        }
        underWay.forEach(JournalFixture::await);
    }
}
