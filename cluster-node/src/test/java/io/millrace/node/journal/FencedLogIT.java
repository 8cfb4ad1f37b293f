package io.millrace.node.journal;

import static io.millrace.node.journal.JournalFixture.await;
import static io.millrace.node.journal.JournalFixture.bytes;
import static io.millrace.node.journal.JournalFixture.events;
import static io.millrace.node.journal.JournalFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FencedLogIT {
    private static JournalFixture fixture;

    private final String log = "log-" + UUID.randomUUID();
    private final FencedLog node = fixture.node();

    @BeforeAll
    static void open() {
        fixture = JournalFixture.open();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void aNewLogBeginsEmptyInEpochOne() {
        Claim claim = await(node.claim(log));

        assertThat(claim.epoch()).isEqualTo(1);
        assertThat(claim.tail()).isZero();
        assertThat(fixture.contents(log)).isEmpty();
    }

    @Test
    void anUnknownLogHasNoTail() {
        assertThat(await(fixture.reader.tail(log))).isEmpty();
    }

    @Test
    void whatIsAppendedIsReadInOrderAcrossBuckets() {
        Claim claim = await(node.claim(log));

        assertThat(await(node.append(claim, 1, events("a", 1, 200)))).isEqualTo(200);
        assertThat(await(node.append(claim, 201, events("a", 201, 400)))).isEqualTo(600);

        assertThat(fixture.contents(log)).isEqualTo(texts("a", 1, 600));
    }

    @Test
    void everyClaimRaisesTheEpochAndKnowsTheTail() {
        Claim first = await(node.claim(log));
        await(node.append(first, 1, events("a", "b")));

        Claim second = await(fixture.node().claim(log));

        assertThat(second.epoch()).isEqualTo(2);
        assertThat(second.tail()).isEqualTo(2);
        assertThatThrownBy(() -> await(node.append(first, 3, events("late")))).isInstanceOf(FencedException.class);
        assertThat(first.alive()).isFalse();
        assertThat(fixture.contents(log)).containsExactly("a", "b");
    }

    @Test
    void claimsAtTheSameTimeHaveEpochsOfTheirOwnAndOneOfThemOwnsTheLog() {
        var claims = IntStream.range(0, 6)
                .mapToObj(i -> fixture.node().claim(log).toCompletableFuture())
                .toList();

        var claimed = new ArrayList<Claim>();
        for (CompletableFuture<Claim> claim : claims) {
            claimed.add(await(claim));
        }

        assertThat(claimed.stream().map(Claim::epoch).collect(Collectors.toSet()))
                .hasSize(6);
        var acknowledged = new ArrayList<String>();
        for (Claim claim : claimed) {
            String text = "epoch " + claim.epoch();
            try {
                await(node.append(claim, 1, events(text)));
                acknowledged.add(text);
            } catch (FencedException expected) {
                assertThat(claim.alive()).isFalse();
            }
        }
        assertThat(acknowledged).containsExactly("epoch 6").isEqualTo(fixture.contents(log));
    }

    @Test
    void anAppendThatWouldLeaveAGapIsRefusedAndTheClaimLives() {
        Claim claim = await(node.claim(log));

        assertThatThrownBy(() -> await(node.append(claim, 2, events("b"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gap");

        await(node.append(claim, 1, events("a")));
        assertThat(fixture.contents(log)).containsExactly("a");
    }

    @Test
    void aSecondAppendOnAClaimWhileOneIsUnderWayIsRefused() {
        Claim claim = await(node.claim(log));
        Append first = node.begin(claim, 1, events("a"));

        assertThatThrownBy(() -> await(node.append(claim, 1, events("b")))).isInstanceOf(IllegalStateException.class);

        await(first.writeRows());
        await(first.commit());
        assertThat(fixture.contents(log)).containsExactly("a");
    }

    @Test
    void whatIsPastALimitIsRefusedBeforeAnythingIsSent() {
        Claim claim = await(node.claim(log));
        var tooLarge = new EncodedEvent(
                "test.added.v1",
                bytes("a"),
                ByteBuffer.allocate(JournalLimits.defaults().recordBytes()));
        var headTooLarge = new EncodedEvent("test.added.v1", ByteBuffer.allocate(65 * 1024));
        List<List<EncodedEvent>> refused =
                List.of(List.of(tooLarge), List.of(headTooLarge), List.of(), events("a", 1, 1_001));

        for (List<EncodedEvent> events : refused) {
            assertThatThrownBy(() -> await(node.append(claim, 1, events))).isInstanceOf(IllegalArgumentException.class);
        }

        await(node.append(claim, 1, events("a")));
        assertThat(fixture.contents(log)).containsExactly("a");
    }

    @Test
    void theLargestRecordIsTaken() {
        Claim claim = await(node.claim(log));
        var largest = new EncodedEvent(
                "test.added.v1",
                bytes("a"),
                ByteBuffer.allocate(JournalLimits.defaults().recordBytes() - 1));

        await(node.append(claim, 1, List.of(largest)));

        assertThat(await(fixture.reader.read(log, 1, 1, 1)).get(0).bytes())
                .isEqualTo(JournalLimits.defaults().recordBytes());
    }

    @Test
    void truncationHidesOldRecordsDeletesWholeBucketsAndKeepsTheTail() {
        Claim claim = await(node.claim(log));
        await(node.append(claim, 1, events("a", 1, 600)));

        assertThat(await(node.truncate(claim, 300))).isEqualTo(300);

        assertThat(fixture.contents(log)).isEqualTo(texts("a", 301, 300));
        assertThat(rowsOfBucket(0)).isZero();
        assertThat(rowsOfBucket(1)).isEqualTo(256);
        LogTail tail = await(fixture.reader.tail(log)).orElseThrow();
        assertThat(tail).isEqualTo(new LogTail(log, 1, 600, 300, 1));
        assertThatThrownBy(() -> await(fixture.reader.read(log, 1, 600, 1_000)))
                .isInstanceOfSatisfying(
                        TruncatedLogException.class,
                        truncated -> assertThat(truncated.first()).isEqualTo(301));

        assertThat(await(node.truncate(claim, Long.MAX_VALUE))).isEqualTo(600);
        await(node.append(claim, 601, events("b")));
        assertThat(fixture.contents(log)).containsExactly("b");
        assertThat(await(fixture.node().claim(log)).tail()).isEqualTo(601);
    }

    @Test
    void truncationNeverLowersTheFloorAndAZombieCantTruncate() {
        Claim zombie = await(node.claim(log));
        await(node.append(zombie, 1, events("a", 1, 10)));
        Claim owner = await(fixture.node().claim(log));

        assertThatThrownBy(() -> await(node.truncate(zombie, 9))).isInstanceOf(FencedException.class);
        await(node.truncate(owner, 5));
        assertThat(await(node.truncate(owner, 3))).isEqualTo(5);

        assertThat(fixture.contents(log)).isEqualTo(texts("a", 6, 5));
    }

    @Test
    void nothingIsCommittedUnlessAllRowsAreAcknowledged() {
        try (JournalFixture broken = JournalFixture.open()) {
            FencedLog itsNode = broken.node();
            Claim claim = await(itsNode.claim(log));
            await(itsNode.append(claim, 1, events("a")));
            broken.session.execute("DROP TABLE " + broken.settings.keyspace() + ".log");

            assertThatThrownBy(() -> await(itsNode.append(claim, 2, events("b"))))
                    .isInstanceOf(UnknownOutcomeException.class);

            assertThat(await(broken.reader.tail(log)).orElseThrow().tail()).isEqualTo(1);
            assertThatThrownBy(() -> await(itsNode.append(claim, 2, events("b"))))
                    .isInstanceOf(FencedException.class);
        }
    }

    private long rowsOfBucket(long bucket) {
        return fixture.session
                .execute(
                        "SELECT seq FROM " + fixture.settings.keyspace() + ".log WHERE log = ? AND bucket = ?",
                        log,
                        bucket)
                .all()
                .size();
    }

    @Test
    void firstWhereFindsTheFirstRecordByItsHead() {
        Claim claim = await(node.claim(log));
        var numbers = IntStream.rangeClosed(1, 700)
                .mapToObj(i -> new EncodedEvent("test.added.v1", number(i / 3)))
                .toList();
        await(node.append(claim, 1, numbers));

        Stream.of(0, 1, 2, 100, 232, 233).forEach(wanted -> {
            long expected = Math.max(1, wanted * 3L);
            assertThat(await(fixture.reader.firstWhere(log, 1, 700, head -> head.getInt(head.position()) >= wanted)))
                    .isEqualTo(expected);
        });
        assertThat(await(fixture.reader.firstWhere(log, 1, 700, head -> false))).isEqualTo(701);
        assertThat(await(fixture.reader.firstWhere(log, 5, 4, head -> true))).isEqualTo(5);

        await(node.truncate(claim, 600));
        assertThat(await(fixture.reader.firstWhere(log, 1, 700, head -> true))).isEqualTo(601);
        assertThat(await(fixture.reader.firstWhere(log, 1, 700, head -> head.getInt(head.position()) >= 233)))
                .isEqualTo(699);
    }

    @Test
    void anAppendPastWhatMayWaitIsRefusedAndTheClaimLives() {
        var tight = new JournalLimits(1_000, 1_000, 10, 1_000, 1, 0, 1, 10, 2);
        var busy = new FencedLog(fixture.session, fixture.settings.keyspace(), tight, JournalMetrics.NONE);
        Claim claim = await(busy.claim(log));
        var held = new CompletableFuture<Void>();
        var holding = busy.occupy(held);

        assertThatThrownBy(() -> await(busy.append(claim, 1, events("a")))).isInstanceOf(JournalBusyException.class);

        held.complete(null);
        await(holding);
        assertThat(await(busy.append(claim, 1, events("a")))).isEqualTo(1);
    }

    @Test
    void aPageIsNoLargerThanWasAskedForWhateverTheRecordsWeigh() {
        Claim claim = await(node.claim(log));
        var light = new EncodedEvent("test.added.v1", bytes("a"), ByteBuffer.allocate(9));
        var heavy = new EncodedEvent("test.added.v1", bytes("a"), ByteBuffer.allocate(99_999));
        await(node.append(
                claim,
                1,
                Stream.concat(
                                IntStream.range(0, 100).mapToObj(i -> light),
                                IntStream.range(0, 100).mapToObj(i -> heavy))
                        .toList()));

        LogCursor cursor = fixture.reader.cursor(log, 1, 200_000);
        var pages = new ArrayList<Integer>();
        while (cursor.position() <= 200) {
            pages.add(
                    await(cursor.next(200)).stream().mapToInt(LogRecord::bytes).sum());
        }

        assertThat(pages).hasSize(50).allMatch(bytes -> bytes <= 300_000);
        assertThat(pages.stream().mapToInt(i -> i).sum()).isEqualTo(100 * 10 + 100 * 100_000);
    }

    @Test
    void everythingThatHappensIsCounted() {
        var counted = new ConcurrentHashMap<String, Long>();
        var metrics = new JournalMetrics() {
            @Override
            public void appended(int records, long bytes, long waitNanos, long rowsNanos, long commitNanos) {
                counted.put("records", (long) records);
                counted.put("bytes", bytes);
                assertThat(waitNanos).isNotNegative();
                assertThat(rowsNanos).isPositive();
                assertThat(commitNanos).isPositive();
            }

            @Override
            public void claimed(int attempts, long nanos) {
                counted.put("claim attempts", (long) attempts);
            }

            @Override
            public void fenced() {
                counted.merge("fenced", 1L, Long::sum);
            }

            @Override
            public void read(int records, long bytes, long nanos) {
                counted.merge("read", (long) records, Long::sum);
            }
        };
        var watched = new FencedLog(fixture.session, fixture.settings.keyspace(), JournalLimits.defaults(), metrics);
        Claim claim = await(watched.claim(log));
        await(watched.append(claim, 1, events("a", "bc")));
        await(watched.replayHeads(log, 1, 2, 10, one -> {}));
        await(node.claim(log));
        assertThatThrownBy(() -> await(watched.append(claim, 3, events("d")))).isInstanceOf(FencedException.class);

        assertThat(counted)
                .containsEntry("records", 2L)
                .containsEntry("bytes", 6L)
                .containsEntry("claim attempts", 1L)
                .containsEntry("read", 2L)
                .containsEntry("fenced", 1L);
    }

    private static ByteBuffer number(int number) {
        return ByteBuffer.allocate(4).putInt(0, number);
    }

    @Test
    void readingStopsAfterTheRecordThatPassesTheLimit() {
        Claim claim = await(node.claim(log));
        var thousandBytes = new EncodedEvent("test.added.v1", bytes("a"), ByteBuffer.allocate(999));
        await(node.append(
                claim, 1, IntStream.range(0, 300).mapToObj(i -> thousandBytes).toList()));

        assertThat(await(fixture.reader.read(log, 1, 300, 1))).hasSize(1);
        assertThat(await(fixture.reader.read(log, 1, 300, 1_000))).hasSize(1);
        assertThat(await(fixture.reader.read(log, 1, 300, 1_001))).hasSize(2);
        assertThat(await(fixture.reader.read(log, 250, 270, 1_000_000))).hasSize(21);
        assertThat(await(fixture.reader.read(log, 1, 300, 1_000_000))).hasSize(300);
        assertThat(await(fixture.reader.read(log, 301, 300, 1_000))).isEmpty();
    }

    @Test
    void aMissingCommittedRecordIsCalledCorruption() {
        Claim claim = await(node.claim(log));
        await(node.append(claim, 1, events("a", 1, 9)));
        fixture.session.execute(
                "DELETE FROM " + fixture.settings.keyspace() + ".log WHERE log = ? AND bucket = 0 AND seq = 5", log);

        assertThat(await(fixture.reader.read(log, 1, 4, 1_000))).hasSize(4);
        assertThatThrownBy(() -> await(fixture.reader.read(log, 1, 9, 1_000)))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("5");
    }
}
