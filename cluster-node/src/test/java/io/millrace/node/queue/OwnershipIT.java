package io.millrace.node.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Cursor;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An owner that has a successor and hasn't heard of it: it was cut off, or stood still. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class OwnershipIT {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static QueueFixture fixture;

    private final String name = "q-" + UUID.randomUUID();
    private QueueFixture.Node node;
    private QueueFixture.Node elsewhere;
    private QueueFixture.Queue old;
    private QueueFixture.Queue successor;

    @BeforeAll
    static void open() {
        fixture = new QueueFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @BeforeEach
    void start() {
        node = fixture.node();
        elsewhere = fixture.node();
        old = node.queue(name);
        old.append(Given.append("a"));
        old.append(Given.numbered("p", 1, "b"));
        successor = elsewhere.queue(name);
        successor.append(Given.numbered("p", 2, "c"));
    }

    @AfterEach
    void stop() {
        node.close();
        elsewhere.close();
    }

    @Test
    void itDoesNotTellTheTail() {
        assertLeaves(old.ask(QueueCommand.GetTail::new));
    }

    @Test
    void itDoesNotTellAReaderThatThereIsNothingMore() {
        assertLeaves(old.read(Cursor.after(Position.BEGINNING), 1 << 20, 0));
        assertThat(Given.payloads(successor.readAll(1))).containsExactly("a", "b", "c");
    }

    @Test
    void itLetsNoBotSleep() {
        old.ref.tell(new QueueCommand.Sleep("bot", Position.parse("z/2200")));

        old.replies.expectTerminated(old.ref, WAIT);
        assertThat(node.signals).isEmpty();
    }

    @Test
    void itDoesNotCallASequenceEarlyThatIsNext() {
        old.send(replyTo -> new QueueCommand.AppendEvents(Given.numbered("p", 3, "d"), replyTo));
        old.replies.expectNoMessage(Duration.ofMillis(300));
        node.ticker.advance(Duration.ofSeconds(5));

        assertLeaves(old.reply());
        assertThat(successor.append(Given.numbered("p", 3, "d"))).isInstanceOf(QueueReply.Taken.class);
    }

    @Test
    void whoOwnsTheLogAnswersAllThatCameTogether() {
        for (int i = 0; i < 100; i++) {
            successor.send(QueueCommand.GetTail::new);
        }

        List<QueueReply> replies = java.util.stream.IntStream.range(0, 100)
                .mapToObj(i -> successor.reply())
                .toList();

        assertThat(replies).allSatisfy(reply -> assertThat(reply).isInstanceOf(QueueReply.Tail.class));
    }

    private void assertLeaves(QueueReply reply) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        QueueReply.Refused.class,
                        refused -> assertThat(refused.problem().is(ProblemType.UNAVAILABLE))
                                .as("%s", refused)
                                .isTrue());
        old.replies.expectTerminated(old.ref, WAIT);
    }
}
