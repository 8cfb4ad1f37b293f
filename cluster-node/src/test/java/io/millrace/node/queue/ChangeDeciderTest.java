package io.millrace.node.queue;

import static io.millrace.node.queue.Given.NOW;
import static io.millrace.node.queue.Given.append;
import static io.millrace.node.queue.Given.child;
import static io.millrace.node.queue.Given.numbered;
import static io.millrace.node.queue.Given.output;
import static io.millrace.node.queue.Given.run;
import static io.millrace.node.queue.Given.source;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.EventId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.ProducerInfo;
import io.millrace.protocol.http.QueueConfig;
import io.millrace.protocol.http.QueueInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChangeDeciderTest {
    private final TestQueue queue = new TestQueue();

    @Test
    void configuringMakesAQueueOnceAndKeepsWhatIsLeftOut() {
        QueueReply.Info made = configure(config("orders of the shop", null), null);
        assertThat(made.created()).isTrue();
        assertThat(made.version()).isEqualTo(1);

        QueueReply.Info changed = configure(config(null, true), null);

        assertThat(changed.created()).isFalse();
        assertThat(changed.version()).isEqualTo(2);
        assertThat(changed.info().description()).isEqualTo("orders of the shop");
        assertThat(changed.info().paused()).isTrue();
        assertThat(changed.info().createdAt()).isEqualTo(Instant.ofEpochMilli(NOW));
    }

    @Test
    void aConfigurationThatChangesNothingMakesNoRecord() {
        configure(config("a", null), null);
        int before = queue.records.size();
        assertThat(configure(config("a", null), null).version()).isEqualTo(1);
        assertThat(queue.records).hasSize(before);
    }

    @Test
    void anEntityTagMustMatch() {
        assertRefused(change(config("a", null), "*"), ProblemType.PRECONDITION_FAILED);
        configure(config("a", null), null);
        assertRefused(change(config("b", null), "\"7\""), ProblemType.PRECONDITION_FAILED);
        assertThat(configure(config("b", null), "\"1\"").version()).isEqualTo(2);
        assertThat(configure(config("c", null), "*").version()).isEqualTo(3);
    }

    @Test
    void anArchivedQueueComesBackWhenItIsConfigured() {
        queue.take(append("a"));
        QueueReply.Info archived = (QueueReply.Info) queue.change(new QueueCommand.Archive(false, TestQueue.nobody()));
        assertThat(archived.info().archived()).isTrue();
        assertThat(archived.info().events()).isEqualTo(1);

        assertThat(configure(QueueConfig.NONE, null).info().archived()).isFalse();
        queue.take(append("b"));
        assertThat(queue.payloads()).containsExactly("a", "b");
    }

    @Test
    void purgingRemovesAllEventsAndIdsStillGrow() {
        AppendResult before = queue.take(append("a", "b"));
        QueueReply.Info purged = (QueueReply.Info) queue.change(new QueueCommand.Archive(true, TestQueue.nobody()));

        assertThat(purged.info().events()).isZero();
        assertThat(purged.info().bytes()).isZero();
        assertThat(purged.info().first()).isNull();
        assertThat(purged.info().last()).isNull();
        QueueReply.Tail tail = (QueueReply.Tail) ChangeDecider.tail(queue.state);
        assertThat(tail).isEqualTo(new QueueReply.Tail(null, 2, 0, 2, 3));

        configure(QueueConfig.NONE, null);
        AppendResult after = queue.take(append("c"));
        assertThat(after.first()).isGreaterThan(before.last());
        assertThat(info().events()).isEqualTo(1);
        assertThat(info().first()).isEqualTo(after.first());
    }

    @Test
    void archivingTwiceMakesOneRecordAndAnAbsentQueueIsNotFound() {
        assertRefused(queue.change(new QueueCommand.Archive(true, TestQueue.nobody())), ProblemType.NOT_FOUND);
        queue.take(append("a"));
        queue.change(new QueueCommand.Archive(false, TestQueue.nobody()));
        int before = queue.records.size();
        queue.change(new QueueCommand.Archive(false, TestQueue.nobody()));
        assertThat(queue.records).hasSize(before);
    }

    @Test
    void aSubscriptionIsMadeAndEndedOnceAndMakesNoQueue() {
        queue.change(new QueueCommand.Subscribe("b", TestQueue.nobody()));
        queue.change(new QueueCommand.Subscribe("b", TestQueue.nobody()));
        assertThat(queue.records).hasSize(1);
        assertRefused(queue.change(new QueueCommand.Describe(TestQueue.nobody())), ProblemType.NOT_FOUND);

        queue.take(append("x"));
        assertThat(info().readers()).containsExactly("b");

        queue.change(new QueueCommand.Unsubscribe("b", TestQueue.nobody()));
        queue.change(new QueueCommand.Unsubscribe("b", TestQueue.nobody()));
        assertThat(info().readers()).isEmpty();
        assertThat(queue.records).hasSize(3);
    }

    @Test
    void theViewTellsWhoWroteLastAndHowFar() {
        queue.take(output(run("b", 0, 1), child("s", source(1), "a"), child("s", source(2), "b")));
        queue.now++;
        AppendResult last = queue.take(output(run("c", 0, 1), child("s", source(1), "c")));
        queue.take(output(run("c", 0, 2), child("s", source(1), "c")));

        assertThat(info().writers().stream().map(QueueInfo.Writer::bot)).containsExactly("c", "b");
        assertThat(info().writers().get(0).checkpoint().checkpoint()).hasToString(String.valueOf(last.last()));
        assertThat(info().writers().get(1).checkpoint().records()).isEqualTo(2);
        assertThat(info().lastWriteAt()).isEqualTo(Instant.ofEpochMilli(queue.now));
    }

    @Test
    void aProducerIsKnownByItsLastAppendUntilItIsForgotten() {
        assertRefused(producer(), ProblemType.NOT_FOUND);
        queue.take(numbered("p", 1, "a"));
        AppendResult last = queue.take(numbered("p", 2, "b", "c"));
        assertThat(producer())
                .isEqualTo(new QueueReply.ProducerFound(new ProducerInfo("p", 2, last.first(), last.last())));

        // Told otherwise it would go on with 3 and meet a gap.
        queue.now += QueueState.PRODUCER_MEMORY + 1;
        assertRefused(producer(), ProblemType.NOT_FOUND);
    }

    @Test
    void theTailTellsWhereAReaderGoesOn() {
        assertThat(ChangeDecider.tail(queue.state)).isEqualTo(new QueueReply.Tail(null, 0, 0, 0, 0));
        queue.take(append("a", "b"));
        assertThat(ChangeDecider.tail(queue.state)).isEqualTo(new QueueReply.Tail(new EventId(NOW, 1), 2, 2, 0, 1));
    }

    private QueueReply producer() {
        return queue.change(new QueueCommand.GetProducer("p", TestQueue.nobody()));
    }

    private QueueInfo info() {
        return ((QueueReply.Info) queue.change(new QueueCommand.Describe(TestQueue.nobody()))).info();
    }

    private QueueReply.Info configure(QueueConfig config, @Nullable String ifMatch) {
        return (QueueReply.Info) change(config, ifMatch);
    }

    private QueueReply change(QueueConfig config, @Nullable String ifMatch) {
        return queue.change(new QueueCommand.Configure(config, ifMatch, TestQueue.nobody()));
    }

    private static QueueConfig config(@Nullable String description, @Nullable Boolean paused) {
        return new QueueConfig(description, null, List.of("tag"), paused, null);
    }

    private static void assertRefused(QueueReply reply, ProblemType type) {
        assertThat(reply).isInstanceOf(QueueReply.Refused.class);
        assertThat(((QueueReply.Refused) reply).problem().is(type))
                .as("%s", reply)
                .isTrue();
    }
}
