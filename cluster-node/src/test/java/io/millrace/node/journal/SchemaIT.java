package io.millrace.node.journal;

import static io.millrace.node.journal.JournalFixture.await;
import static io.millrace.node.journal.JournalFixture.events;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SchemaIT {
    @Test
    void nodesThatStartTogetherMakeOneSchemaAndLoseNothing() {
        try (var fixture = JournalFixture.open()) {
            fixture.session.execute("DROP KEYSPACE " + fixture.settings.keyspace());

            var threads = IntStream.range(0, 3)
                    .mapToObj(i -> new Thread(() -> Schema.create(fixture.session, fixture.settings)))
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                join(thread);
            }

            var node = fixture.node();
            await(node.append(await(node.claim("log")), 1, events("a")));
            Schema.create(fixture.session, fixture.settings);
            assertThat(fixture.contents("log")).containsExactly("a");
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
