package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.millrace.node.cassandra.Sessions;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.settings.CassandraSettings;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** A keyspace of its own in the real Cassandra, and three words to write and read logs with. */
final class JournalFixture implements AutoCloseable {
    final CassandraSettings settings;
    final CqlSession session;
    final LogReader reader;

    private JournalFixture(CassandraSettings settings) {
        this.settings = settings;
        this.session = await(Sessions.open(settings));
        Schema.create(session, settings);
        this.reader = new LogReader(session, settings.keyspace(), JournalMetrics.NONE);
    }

    static JournalFixture open() {
        TestCassandra cassandra = TestCassandra.shared();
        return new JournalFixture(CassandraSettings.development(
                cassandra.contactPoint(), cassandra.datacenter(), cassandra.newKeyspace()));
    }

    /** A node of its own: nothing but the database is shared with the others. */
    FencedLog node() {
        return node(session);
    }

    FencedLog node(CqlSession other) {
        return new FencedLog(other, settings.keyspace(), JournalLimits.defaults(), JournalMetrics.NONE);
    }

    /** A session that takes its way through somewhere else and soon gives up waiting. */
    CqlSession through(InetSocketAddress address, Duration timeout) {
        return await(Sessions.open(new CassandraSettings(
                List.of(address),
                settings.datacenter(),
                settings.keyspace(),
                settings.replication(),
                timeout,
                Optional.empty())));
    }

    /** What every reader sees; by heads and by whole records, which must agree. */
    List<String> contents(String log) {
        LogTail tail = await(reader.tail(log)).orElseThrow();
        var heads = new ArrayList<String>();
        await(node().replayHeads(log, tail.first(), tail.tail(), Long.MAX_VALUE, one -> heads.add(text(one.head()))));
        var bodies = new ArrayList<String>();
        LogCursor cursor = reader.cursor(log, tail.first(), 1_000);
        while (cursor.position() <= tail.tail()) {
            for (LogRecord one : await(cursor.next(tail.tail()))) {
                bodies.add(text(one.body()));
            }
        }
        if (!heads.equals(bodies)) {
            throw new AssertionError("heads " + heads + " but bodies " + bodies);
        }
        return heads;
    }

    static List<EncodedEvent> events(String... texts) {
        return Arrays.stream(texts).map(JournalFixture::event).toList();
    }

    static List<EncodedEvent> events(String prefix, int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> event(prefix + i))
                .toList();
    }

    static List<String> texts(String prefix, int from, int count) {
        return IntStream.range(from, from + count).mapToObj(i -> prefix + i).toList();
    }

    static EncodedEvent event(String text) {
        return new EncodedEvent("test.added.v1", bytes(text), bytes(text));
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(failed.getCause());
        } catch (InterruptedException | TimeoutException late) {
            throw new AssertionError("no answer", late);
        }
    }

    @Override
    public void close() {
        session.execute(SimpleStatement.builder("DROP KEYSPACE IF EXISTS " + settings.keyspace())
                .setExecutionProfileName(Sessions.SCHEMA)
                .build());
        session.close();
    }
}
