package io.millrace.node.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.pace.Ramp;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.stream.Materializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Runs that may read no faster than they are told. */
class PacingTest extends RunScene {
    private final List<Long> times = Collections.synchronizedList(new ArrayList<>());
    private final long begun = System.currentTimeMillis();

    @Test
    void readsNoFasterThanTheRampAllowsAndThenAsItCan() {
        rate = new Ramp(100L, 300L, Duration.ofSeconds(2));
        queues.put("a", 5_000);

        start(noting((event, out) -> {
            times.add(System.currentTimeMillis());
            COPY.handle(event, out);
        }));

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(queues.payloads("b")).isEqualTo(queues.payloads("a"));
        assertKept();
    }

    @Test
    void twoQueuesShareIt() {
        rate = new Ramp(200L, 200L, Duration.ofHours(1));
        triggers = List.of("a", "c");
        queues.put("a", 1_000);
        queues.put("c", 1_000);

        NodeRun run = start((events, out) -> events.forEach(event -> times.add(System.currentTimeMillis())));

        Awaitility.await().until(() -> times.size() >= 200);
        run.stop();
        awaitEnd();
        assertKept();
    }

    @Test
    void whatIsHeldBackWhenItIsToStopIsLeftToTheNextRun() {
        rate = new Ramp(50L, 50L, Duration.ofHours(1));
        batch = new BotConfig.Batch(10, null, Duration.ofMillis(300));
        queues.put("a", 1_000);

        NodeRun run = start(noting(COPY));
        Awaitility.await().until(() -> handled.size() >= 10);
        run.stop();

        assertThat(awaitEnd().status()).isEqualTo(RunProtocol.Status.OK);
        assertThat(handled.size()).isLessThan(500);
        assertThat(reached().toString())
                .isEqualTo(queues.events("a").get(handled.size() - 1).eid().toString());
    }

    @Test
    void itIsTheSameForWhatAnswersLater() {
        rate = new Ramp(100L, 100L, Duration.ofHours(1));
        queues.put("a", 1_000);

        NodeRun run = new NodeRun(
                order(),
                scene -> new LaterWork(
                        () -> new LaterHandler() {
                            @Override
                            public java.util.concurrent.CompletionStage<List<EventResult>> handle(
                                    List<io.millrace.protocol.Event> events, io.millrace.protocol.handler.Emitter out) {
                                events.forEach(event -> times.add(System.currentTimeMillis()));
                                return CompletableFuture.completedStage(events.stream()
                                        .<EventResult>map(event -> new EventResult.Done())
                                        .toList());
                            }

                            @Override
                            public void cancel() {}
                        },
                        scene),
                queues,
                bots,
                Duration.ofMillis(200),
                Clock.systemUTC());
        ended = run.start(Materializer.createMaterializer(kit.system())).toCompletableFuture();

        Awaitility.await().until(() -> times.size() >= 100);
        run.stop();
        awaitEnd();
        assertKept();
    }

    private void assertKept() {
        Ramp ramp = rate;
        assertThat(ramp).isNotNull();
        for (int i = 0; i < times.size(); i++) {
            long at = times.get(i) - begun;
            if (!ramp.isOver(at)) {
                assertThat(i).as("events before ms " + at).isLessThanOrEqualTo((int) ramp.events(at) + 1);
            }
        }
    }
}
