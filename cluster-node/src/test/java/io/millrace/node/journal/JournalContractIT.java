package io.millrace.node.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.JournalProtocol;
import org.apache.pekko.persistence.Persistence;
import org.apache.pekko.persistence.PersistentEnvelope;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The rules of the Pekko persistence TCK for journals, spoken in Pekko's own protocol. One is told otherwise: a write
 * with an event that can't be encoded is rejected as a whole, because a log has no gaps.
 */
class JournalContractIT {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final int INSTANCE = 7;

    private static JournalFixture fixture;
    private static TestNode node;
    private static TestNode tolerant;

    private final String id = "p-" + UUID.randomUUID();
    private final String writer = UUID.randomUUID().toString();
    private TestKit probe;
    private ActorRef journal;

    @BeforeAll
    static void open() {
        fixture = JournalFixture.open();
        node = new TestNode(fixture);
        tolerant = new TestNode(fixture, fixture.session, JournalLimits.defaults(), JournalSetup.Deleted.SKIP);
    }

    @AfterAll
    static void close() {
        node.close();
        tolerant.close();
        fixture.close();
    }

    @BeforeEach
    void writeFive() {
        speakTo(node);
        assertThat(recover(1, Long.MAX_VALUE, Long.MAX_VALUE)).isEmpty();
        write(1, "a1", "a2", "a3", "a4", "a5");
    }

    @Test
    void allMessagesAreReplayed() {
        assertThat(recover(1, Long.MAX_VALUE, Long.MAX_VALUE)).containsExactly("1a1", "2a2", "3a3", "4a4", "5a5");
    }

    @Test
    void replayKeepsToItsBounds() {
        assertThat(recover(3, Long.MAX_VALUE, Long.MAX_VALUE)).containsExactly("3a3", "4a4", "5a5");
        assertThat(recover(1, 3, Long.MAX_VALUE)).containsExactly("1a1", "2a2", "3a3");
        assertThat(recover(1, Long.MAX_VALUE, 3)).containsExactly("1a1", "2a2", "3a3");
        assertThat(recover(2, 4, Long.MAX_VALUE)).containsExactly("2a2", "3a3", "4a4");
        assertThat(recover(2, 5, 2)).containsExactly("2a2", "3a3");
    }

    @Test
    void aSingleMessageIsReplayedWhenTheBoundsAreEqualOrTheCountIsOne() {
        assertThat(recover(2, 2, Long.MAX_VALUE)).containsExactly("2a2");
        assertThat(recover(2, 4, 1)).containsExactly("2a2");
    }

    @Test
    void nothingIsReplayedWhenTheCountIsZeroOrTheBoundsAreCrossed() {
        assertThat(recover(2, 4, 0)).isEmpty();
        assertThat(recover(3, 2, Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void nothingIsReplayedForAnActorThatNeverWrote() {
        String other = "p-" + UUID.randomUUID();
        assertThat(recover(other, 1, Long.MAX_VALUE, Long.MAX_VALUE, 0)).isEmpty();
    }

    @Test
    void deletedMessagesAreNotReplayedAndTheHighestSequenceNumberStays() {
        speakTo(tolerant);
        recover(1, 0, 0);
        delete(3);
        assertThat(recover(1, Long.MAX_VALUE, Long.MAX_VALUE)).containsExactly("4a4", "5a5");
        assertThat(recover(id, 1, Long.MAX_VALUE, Long.MAX_VALUE, 5)).hasSize(2);

        delete(Long.MAX_VALUE);
        assertThat(recover(id, 1, Long.MAX_VALUE, Long.MAX_VALUE, 5)).isEmpty();
        write(6, "a6");
        assertThat(recover(1, Long.MAX_VALUE, Long.MAX_VALUE)).containsExactly("6a6");
    }

    @Test
    void recoveryFailsWhenItNeedsDeletedMessages() {
        recover(1, 0, 0);
        delete(3);

        assertThat(recoveryFailure(1)).isInstanceOf(CorruptLogException.class);
        assertThat(recoveryFailure(3)).isInstanceOf(CorruptLogException.class);
        assertThat(recover(4, Long.MAX_VALUE, Long.MAX_VALUE)).containsExactly("4a4", "5a5");
    }

    @Test
    void recoveryFailsWhenTheSnapshotIsAheadOfTheLog() {
        assertThat(recover(6, Long.MAX_VALUE, Long.MAX_VALUE)).isEmpty();

        assertThat(recoveryFailure(7))
                .isInstanceOf(CorruptLogException.class)
                .hasMessageContaining("ends at 5")
                .hasMessageContaining("snapshot at 6");
    }

    @Test
    void severalEventsOfOneAtomicWriteAndSeveralWritesGoIntoOneAppend() {
        recover(1, 0, 0);
        var writes = List.of(atomic(6, "b6", "b7"), atomic(8, "b8"));

        send(writes, writer, probe.getRef());

        expectWritten(3);
        assertThat(recover(6, Long.MAX_VALUE, Long.MAX_VALUE)).containsExactly("6b6", "7b7", "8b8");
    }

    @Test
    void aWriteWithAnEventThatCantBeEncodedIsRejectedAsAWhole() {
        recover(1, 0, 0);
        var write = List.of(atomic(6, "b6"), atomic(7, new Object()), atomic(8, "b8"));

        send(write, writer, probe.getRef());

        probe.expectMsgClass(WAIT, JournalProtocol.WriteMessagesSuccessful$.class);
        IntStream.range(0, 3).forEach(i -> probe.expectMsgClass(WAIT, JournalProtocol.WriteMessageRejected.class));
        write(6, "b6");
        assertThat(recover(6, Long.MAX_VALUE, Long.MAX_VALUE)).containsExactly("6b6");
    }

    @Test
    void whoNeverRecoveredMayNotWrite() {
        recover(1, 0, 0);
        var stranger = new TestKit(node.system);

        send(List.of(atomic(6, "stranger")), writer, stranger.getRef());

        assertThat(failure(stranger)).isInstanceOf(FencedException.class);
        write(6, "b6");
        assertThat(recover(6, Long.MAX_VALUE, Long.MAX_VALUE)).containsExactly("6b6");
    }

    @Test
    void anotherWriterInTheSameActorMayNotWriteUntilItRecovers() {
        recover(1, 0, 0);
        write(6, "b6");

        send(List.of(atomic(7, "other")), "another incarnation", probe.getRef());

        assertThat(failure(probe)).isInstanceOf(FencedException.class);
        recover(1, 0, 0);
        send(List.of(atomic(7, "b7")), "another incarnation", probe.getRef());
        expectWritten(1);
    }

    @Test
    void aWriteThatWouldLeaveAGapIsNotStored() {
        recover(1, 0, 0);

        send(List.of(atomic(7, "gap")), writer, probe.getRef());

        probe.expectMsgClass(WAIT, JournalProtocol.WriteMessagesFailed.class);
        expectFailedOne(probe);
        assertThat(recover(1, Long.MAX_VALUE, Long.MAX_VALUE)).hasSize(5);
    }

    private void speakTo(TestNode other) {
        probe = new TestKit(other.system);
        journal = ((Persistence) Persistence.apply(other.system)).journalFor("", ConfigFactory.empty());
    }

    private void write(long firstSeq, Object... payloads) {
        var writes = new ArrayList<AtomicWrite>();
        for (int i = 0; i < payloads.length; i++) {
            writes.add(atomic(firstSeq + i, payloads[i]));
        }
        send(writes, writer, probe.getRef());
        expectWritten(payloads.length);
    }

    private AtomicWrite atomic(long firstSeq, Object... payloads) {
        var events = IntStream.range(0, payloads.length)
                .mapToObj(i -> PersistentRepr.apply(payloads[i], firstSeq + i, id, "", false, ActorRef.noSender(), ""))
                .toList();
        return new AtomicWrite(CollectionConverters.asScala(events).toSeq());
    }

    private void send(List<AtomicWrite> writes, String by, ActorRef actor) {
        var signed = writes.stream()
                .map(write -> (PersistentEnvelope) new AtomicWrite(CollectionConverters.asScala(
                                CollectionConverters.asJava(write.payload()).stream()
                                        .map(event ->
                                                event.update(event.sequenceNr(), id, false, ActorRef.noSender(), by))
                                        .toList())
                        .toSeq()))
                .toList();
        journal.tell(
                new JournalProtocol.WriteMessages(
                        CollectionConverters.asScala(signed).toSeq(), actor, INSTANCE),
                actor);
    }

    private void expectWritten(int events) {
        probe.expectMsgClass(WAIT, JournalProtocol.WriteMessagesSuccessful$.class);
        for (int i = 0; i < events; i++) {
            assertThat(probe.expectMsgClass(WAIT, JournalProtocol.WriteMessageSuccess.class)
                            .actorInstanceId())
                    .isEqualTo(INSTANCE);
        }
    }

    private static Throwable failure(TestKit of) {
        Throwable cause = of.expectMsgClass(WAIT, JournalProtocol.WriteMessagesFailed.class)
                .cause();
        expectFailedOne(of);
        return cause;
    }

    private static void expectFailedOne(TestKit of) {
        of.expectMsgClass(WAIT, JournalProtocol.WriteMessageFailure.class);
    }

    private void delete(long to) {
        journal.tell(new JournalProtocol.DeleteMessagesTo(id, to, probe.getRef()), probe.getRef());
        Object answer = probe.expectMsgAnyClassOf(DeleteMessagesSuccess.class, DeleteMessagesFailure.class);
        assertThat(answer).isInstanceOf(DeleteMessagesSuccess.class);
    }

    private List<String> recover(long from, long to, long max) {
        return recover(id, from, to, max, -1);
    }

    private List<String> recover(String who, long from, long to, long max, long expectedHighest) {
        journal.tell(new JournalProtocol.ReplayMessages(from, to, max, who, probe.getRef()), probe.getRef());
        var replayed = new ArrayList<String>();
        while (true) {
            Object message = probe.receiveOne(WAIT);
            if (message instanceof JournalProtocol.ReplayedMessage one) {
                PersistentRepr event = one.persistent();
                assertThat(event.persistenceId()).isEqualTo(who);
                assertThat(event.deleted()).isFalse();
                replayed.add(event.sequenceNr() + (String) event.payload());
            } else {
                var done = (JournalProtocol.RecoverySuccess) message;
                if (expectedHighest >= 0) {
                    assertThat(done.highestSequenceNr()).isEqualTo(expectedHighest);
                }
                return replayed;
            }
        }
    }

    private Throwable recoveryFailure(long from) {
        journal.tell(
                new JournalProtocol.ReplayMessages(from, Long.MAX_VALUE, Long.MAX_VALUE, id, probe.getRef()),
                probe.getRef());
        return probe.expectMsgClass(WAIT, JournalProtocol.ReplayMessagesFailure.class)
                .cause();
    }
}
