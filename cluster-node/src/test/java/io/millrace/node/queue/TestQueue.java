package io.millrace.node.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Append;
import io.millrace.node.journal.EncodedEvent;
import io.millrace.node.queue.QueueDecision.Verdict;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.AppendResult;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * A queue without actors: decides, keeps the records as bytes, applies them; after each step what a recovery would make of
 * the bytes is compared with the live state.
 */
final class TestQueue {
    private static final QueueEventCodec EVENTS = new QueueEventCodec();
    private static final QueueSnapshotCodec SNAPSHOTS = new QueueSnapshotCodec();

    QueueState state = QueueState.EMPTY;
    long now = Given.NOW;

    /** All that was ever stored, as a reader of the log sees it. */
    final List<Event> stored = new ArrayList<>();

    final List<QueueEvent> records = new ArrayList<>();
    private final List<EncodedEvent> log = new ArrayList<>();
    private QueueState base = QueueState.EMPTY;

    List<Verdict> append(Append... appends) {
        return append(List.of(appends));
    }

    List<Verdict> append(List<Append> appends) {
        QueueDecision decision = AppendDecider.decide(Given.QUEUE, state, appends, now);
        assertThat(decision.verdicts()).hasSameSizeAs(appends).doesNotContainNull();
        apply(decision.records());
        return decision.verdicts();
    }

    AppendResult take(Append append) {
        return taken(append(append).get(0));
    }

    static AppendResult taken(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Taken.class);
        return ((Verdict.Taken) verdict).result();
    }

    static Problem assertRefused(Verdict verdict, ProblemType type) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        Problem problem = ((Verdict.Refused) verdict).problem();
        assertThat(problem.is(type)).as("%s is a %s", verdict, type).isTrue();
        return problem;
    }

    Problem assertRefused(Append append, ProblemType type) {
        QueueState before = state;
        Problem problem = assertRefused(append(append).get(0), type);
        assertThat(state).isEqualTo(before);
        return problem;
    }

    QueueReply change(QueueCommand.Request request) {
        ChangeDecider.Change change = ChangeDecider.decide(Given.QUEUE, state, request, now);
        apply(change.records());
        return change.reply().apply(state);
    }

    /** Nobody: pure decisions answer by value. */
    static ActorRef<QueueReply> nobody() {
        return NOBODY;
    }

    private static final @Nullable ActorRef<QueueReply> NOBODY = null;

    void apply(List<QueueEvent> decided) {
        for (QueueEvent record : decided) {
            QueueState before = state;
            if (record instanceof QueueEvent.Appended appended) {
                checkShape(before, appended);
            }
            records.add(record);
            log.add(EVENTS.encode(record));
            state = state.apply(record);
        }
        assertThat(recovered()).as("recovered = live").isEqualTo(unreplayed(state));
    }

    private void checkShape(QueueState before, QueueEvent.Appended record) {
        EventId last = before.last();
        int events = 0;
        int bytes = 0;
        for (var block : record.blocks()) {
            bytes += block.length();
            for (Event event : Given.events(block)) {
                assertThat(event.eid()).isGreaterThan(last);
                assertThat(event.queue()).isEqualTo(Given.QUEUE.value());
                last = event.eid();
                stored.add(event);
                events++;
            }
        }
        assertThat(record.last()).as("the last id that the head tells").isEqualTo(last);
        assertThat(record.events()).as("the events that the head tells").isEqualTo(events);
        assertThat(record.ordinal()).isEqualTo(before.ordinal() + events);
        assertThat(record.bytes()).isEqualTo(bytes);
    }

    /** Takes a snapshot: what recovery begins with from now on. */
    void snapshot() {
        var encoded = SNAPSHOTS.encode(state);
        base = SNAPSHOTS.decode(encoded.manifest(), encoded.bytes());
        log.clear();
    }

    /** What the next incarnation would begin with. */
    QueueState recovered() {
        QueueState state = base;
        for (EncodedEvent record : log) {
            state = state.apply(EVENTS.decode(record.manifest(), record.head().duplicate()));
        }
        return unreplayed(state);
    }

    void restart() {
        state = recovered();
    }

    /** Without the count of bytes to replay: it starts anew at each snapshot. */
    private static QueueState unreplayed(QueueState state) {
        return new QueueState(
                state.sequence(),
                state.createdAt(),
                state.config(),
                state.version(),
                state.archived(),
                state.last(),
                state.ordinal(),
                state.bytes(),
                state.first(),
                state.floor(),
                state.floorOrdinal(),
                state.gone(),
                state.producers(),
                state.marks(),
                state.writers(),
                state.subscribers(),
                0);
    }

    List<String> payloads() {
        return Given.payloads(stored);
    }
}
