package io.millrace.node.journal;

import static io.millrace.node.journal.JournalFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class RunTableIT {
    private static JournalFixture fixture;
    private static RunTable runs;

    @BeforeAll
    static void open() {
        fixture = JournalFixture.open();
        runs = new RunTable(fixture.session, fixture.settings.keyspace());
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void aBotKeepsItsLastRunsAndNeverMore() {
        for (long epoch = 1; epoch <= 300; epoch++) {
            await(runs.put("many", epoch, 0, "run " + epoch));
        }

        assertThat(await(runs.get("many")))
                .containsExactlyInAnyOrderElementsOf(LongStream.rangeClosed(300 - RunTable.SLOTS + 1, 300)
                        .mapToObj(epoch -> "run " + epoch)
                        .toList());
        assertThat(await(runs.get("nobody"))).isEmpty();
    }

    @Test
    void aNoteOfAnOlderRunThatComesLateIsIgnored() {
        await(runs.put("late", 200, 0, "run 200"));
        await(runs.put("late", 200 - RunTable.SLOTS, 0, "run 72"));

        assertThat(await(runs.get("late"))).containsExactly("run 200");
    }

    @Test
    void ofTwoNotesOfARunTheOneThatKnowsMoreStays() {
        await(runs.put("twice", 7, 1, "run 7 and its queues"));
        await(runs.put("twice", 7, 0, "run 7"));

        assertThat(await(runs.get("twice"))).containsExactly("run 7 and its queues");
    }
}
