package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.fake.FakeNode;
import io.millrace.client.fake.Fault;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Position;
import io.millrace.protocol.QueueName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReaderTest {
    private final FakeNode node = new FakeNode();
    private final Millrace millrace = Millrace.connect(node.uri());
    private List<Event> all;

    @BeforeEach
    void fill() {
        try (Loader loader = millrace.load("orders", LoadOptions.DEFAULT.batchEvents(7))) {
            for (int i = 0; i < 1_000; i++) {
                loader.add(Payload.of(i));
            }
        }
        all = node.queue("orders").events();
    }

    @AfterEach
    void close() {
        millrace.close();
        node.close();
    }

    private List<Event> read(ReadOptions options) {
        List<Event> read = new ArrayList<>();
        millrace.read("orders", options).forEach(read::add);
        return read;
    }

    @Test
    void readsAllInOrder() {
        assertThat(read(ReadOptions.DEFAULT)).isEqualTo(all);
        assertThat(read(ReadOptions.DEFAULT.pageBytes(64 << 10))).isEqualTo(all);
    }

    @Test
    void trimsToWhatWasAskedFor() {
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            int from = random.nextInt(all.size());
            int to = from + random.nextInt(all.size() - from);
            assertThat(read(ReadOptions.DEFAULT
                            .after(all.get(from).eid())
                            .until(Position.of(all.get(to).eid()))))
                    .isEqualTo(all.subList(from + 1, to + 1));
            int limit = 1 + random.nextInt(200);
            assertThat(read(ReadOptions.DEFAULT.after(all.get(from).eid()).limit(limit)))
                    .isEqualTo(all.subList(from + 1, Math.min(all.size(), from + 1 + limit)));
        }
    }

    @Test
    void whatRetentionHasRemovedIsToldAndReadingGoesOnBehindIt() {
        node.queue("orders").trim(10);
        List<Event> kept = node.queue("orders").events();
        Position after = Position.of(all.get(3).eid());
        List<Skipped> told = new CopyOnWriteArrayList<>();

        EventReader reader =
                millrace.read("orders", ReadOptions.DEFAULT.after(after).onSkipped(told::add));
        List<Event> read = new ArrayList<>();
        reader.forEach(read::add);

        assertThat(read).isEqualTo(kept);
        assertThat(told)
                .containsExactly(
                        new Skipped(QueueName.of("orders"), after, kept.get(0).eid()));
        assertThat(reader.skippedTo()).contains(kept.get(0).eid());
        EventReader whole = millrace.read("orders", ReadOptions.DEFAULT.onSkipped(told::add));
        whole.forEach(event -> {});
        assertThat(whole.skippedTo()).isEmpty();
        assertThat(told).hasSize(1);
    }

    @Test
    void bytesEndARead() {
        assertThat(read(ReadOptions.DEFAULT.bytes(25))).hasSize(18); // 10 of one digit, 8 of two
    }

    @Test
    void anUnknownQueueReadsAsEmpty() {
        assertThat(millrace.read("nothing").hasNext()).isFalse();
    }

    @Test
    void endsAtTheTailAsItStood() {
        EventReader reader = millrace.read("orders", ReadOptions.DEFAULT.pageBytes(64 << 10));
        assertThat(reader.hasNext()).isTrue();
        for (int i = 0; i < 100; i++) {
            millrace.put("orders", -1);
        }
        List<Event> read = new ArrayList<>();
        reader.forEach(read::add);
        assertThat(read).isEqualTo(all);
        assertThat(reader.position()).isEqualTo(Position.of(all.get(999).eid()));
    }

    @Test
    void filtersOnTheNode() {
        List<Event> read = read(ReadOptions.DEFAULT.where("99"));
        assertThat(read)
                .hasSize(19)
                .allMatch(event -> event.payload().toString().contains("99"));
        assertThat(read.get(0)).isEqualTo(all.get(99));
    }

    @Test
    void followsWhatComesAndCloseEndsTheWait() throws Exception {
        List<Event> got = new CopyOnWriteArrayList<>();
        EventReader reader =
                millrace.follow("orders", ReadOptions.DEFAULT.after(all.get(997).eid()));
        Thread thread = new Thread(() -> reader.forEach(got::add));
        thread.start();
        await().until(() -> got.size() == 2);
        EventId id = millrace.put("orders", "live");
        await().until(() -> got.size() == 3);
        assertThat(got.get(2).eid()).isEqualTo(id);
        reader.close();
        thread.join();
    }

    @Test
    void runTimeEndsAFollow() {
        ReadOptions options =
                ReadOptions.DEFAULT.follow(true).after(all.get(997).eid()).runTime(Duration.ofMillis(500));
        assertThat(read(options)).hasSize(2);
    }

    @Test
    void batchesByCount() {
        EventReader reader = millrace.read("orders");
        assertThat(reader.batch(BatchLimits.count(300))).isEqualTo(all.subList(0, 300));
        assertThat(reader.batch(BatchLimits.count(700).within(Duration.ofSeconds(5))))
                .hasSize(700);
        assertThat(reader.batch(BatchLimits.count(300))).isEmpty();
    }

    @Test
    void readsOnThroughRandomFaults() {
        Random random = new Random(11);
        Fault[] all6 = Fault.passing();
        node.faults((method, path) -> {
            synchronized (random) {
                return random.nextInt(3) == 0 ? all6[random.nextInt(all6.length)] : Fault.NONE;
            }
        });
        assertThat(read(ReadOptions.DEFAULT)).isEqualTo(all);
    }

    @Test
    void holdsAtMostTwoPagesWhateverTheQueueHolds() {
        String text = "abcdefghijklmnopqrstuvwxyz".repeat(1_000);
        Random random = new Random(3);
        for (int i = 0; i < 40; i++) {
            byte[] noise = new byte[20_000];
            random.nextBytes(noise);
            millrace.putEvents("large", List.of(NewEvent.of(Payload.of(List.of(text, noise)))));
        }
        int before = node.requests();
        EventReader reader = millrace.read("large", ReadOptions.DEFAULT.pageBytes(64 << 10));
        reader.hasNext();
        await().during(Duration.ofMillis(200)).until(() -> node.requests() - before <= 3);
        reader.close();
    }

    @Test
    void keepsWhatTheWriterSaid() {
        NewEvent event = new NewEvent(Payload.of("x"), all.get(3).asParent(), 42L, "writer");
        millrace.putEvents("other", List.of(event));
        Event read = millrace.read("other").next();
        assertThat(read.correlation()).isEqualTo(all.get(3).asParent());
        assertThat(read.sourceTimestamp()).isEqualTo(42);
        Event viaLines = millrace.read("other", ReadOptions.DEFAULT.where("x")).next();
        assertThat(viaLines).isEqualTo(read);
    }
}
