package io.millrace.client.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.client.Millrace;
import io.millrace.client.Worker;
import io.millrace.examples.ManyProducersToOneQueue;
import io.millrace.examples.OneProducerToManyQueues;
import io.millrace.examples.OneProducerToManyQueues.Reading;
import io.millrace.examples.OneProducerToOneQueue;
import io.millrace.examples.PullOnSchedule;
import io.millrace.examples.PushToConsumer;
import io.millrace.examples.PushToConsumer.Mail;
import io.millrace.examples.ReduceManyToOne;
import io.millrace.examples.ReduceManyToOne.Sale;
import io.millrace.protocol.Event;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each example does what it says, on a real node. */
@Timeout(180)
class ExamplesIT {
    private static final Duration WAIT = Duration.ofSeconds(60);

    @TempDir
    static Path data;

    private static RealNode node;
    private static Millrace bus;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(RealNode.isAvailable(), "build cluster-node first: ./mvnw -pl cluster-node -am package");
        node = RealNode.start(data);
        bus = Millrace.connect(node.uri());
    }

    @AfterAll
    static void stop() throws Exception {
        if (node != null) {
            bus.close();
            node.stop();
        }
    }

    private static List<Event> read(String queue) {
        List<Event> events = new ArrayList<>();
        bus.read(queue).forEach(events::add);
        return events;
    }

    @Test
    void pushToConsumer() {
        List<Mail> sent = new CopyOnWriteArrayList<>();
        try (Worker mailer = PushToConsumer.start(bus, sent::add)) {
            bus.put("mails", new Mail("ada@example.com", "one"));
            await().atMost(WAIT).until(() -> sent.size() == 1);
            bus.put("mails", new Mail("ada@example.com", "two"));
            await().atMost(WAIT).until(() -> sent.size() == 2);
            assertThat(mailer.lastError()).isEmpty();
        }
        assertThat(sent).extracting(Mail::text).containsExactly("one", "two");
    }

    @Test
    void consumerPullsOnASchedule() {
        List<String> archived = new CopyOnWriteArrayList<>();
        try (Worker archive = PullOnSchedule.start(bus, "*/4 * * * * *", archived::addAll)) {
            for (int i = 0; i < 3; i++) {
                bus.put("visits", "visit " + i);
            }
            await().atMost(WAIT).until(() -> archived.size() == 3);
            bus.put("visits", "visit 3");
            await().atMost(WAIT).until(() -> archived.size() == 4);
            assertThat(archive.lastError()).isEmpty();
        }
        assertThat(archived).containsExactly("visit 0", "visit 1", "visit 2", "visit 3");
    }

    @Test
    void consumerReducesManyToOne() {
        ReduceManyToOne.register(bus);
        for (int i = 0; i < 20; i++) {
            bus.put("sales", new Sale(i % 2 == 0 ? "north" : "south", 1.1));
        }

        await().atMost(WAIT).until(() -> read("totals").size() == 4);

        assertThat(read("totals"))
                .allSatisfy(
                        total -> assertThat(total.payload().tree().get("result").toString())
                                .satisfies(text ->
                                        assertThat(text).contains("\"sales\":5").contains("\"amount\":5.5")))
                .extracting(total -> total.payload().tree().get("key").asText())
                .containsExactly("north", "south", "north", "south");
    }

    @Test
    void oneProducerToOneQueue() {
        List<String> lines =
                IntStream.range(0, 10_000).mapToObj(i -> "line " + i).toList();

        OneProducerToOneQueue.load(bus, lines.stream());

        assertThat(read("lines"))
                .extracting(event -> event.payload().as(String.class))
                .isEqualTo(lines);
    }

    @Test
    void oneProducerToManyQueues() {
        List<Reading> readings = IntStream.range(0, 100)
                .mapToObj(i -> new Reading(i % 2 == 0 ? "heat" : "light", "cellar", i))
                .toList();

        OneProducerToManyQueues.load(bus, readings);

        for (String kind : List.of("heat", "light")) {
            assertThat(read("sensor-" + kind))
                    .extracting(event -> event.payload().as(Reading.class))
                    .isEqualTo(readings.stream()
                            .filter(reading -> reading.kind().equals(kind))
                            .toList());
        }
    }

    @Test
    void manyProducersToOneQueue() {
        CompletableFuture.allOf(Stream.of("Ada", "Grace", "Edsger")
                        .map(who -> CompletableFuture.runAsync(() -> ManyProducersToOneQueue.produce(bus, who, 50)))
                        .toArray(CompletableFuture<?>[]::new))
                .join();

        assertThat(read("clicks")).hasSize(150);
        for (String who : List.of("Ada", "Grace", "Edsger")) {
            assertThat(read("clicks").stream()
                            .map(event -> event.payload().tree())
                            .filter(click -> click.get("who").asText().equals(who))
                            .map(click -> click.get("number").asInt()))
                    .isEqualTo(IntStream.range(0, 50).boxed().toList());
        }
    }
}
