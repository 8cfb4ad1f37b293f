package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.StorageAwayException;
import io.millrace.node.run.MemoryQueues;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.Explanation;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** An explanation comes whatever is away. */
class BotExplainerTest {
    private final MemoryQueues queues = new MemoryQueues();
    private List<String> obstacles = List.of();
    private CompletionStage<Boolean> listed = CompletableFuture.completedStage(true);
    private CompletionStage<BotReply> answer =
            CompletableFuture.completedStage(new BotReply.Plight(Given.registered(), "node", 0, false, List.of(), NOW));

    @Test
    void whatIsFoundIsExplained() {
        queues.put("orders", 3);

        assertThat(explain().because()).isEqualTo("No worker asks for its runs; start one.");
    }

    @Test
    void aNodeThatIsNotReadyLooksNoFurther() {
        obstacles = List.of("the node is not a member of the cluster");
        listed = new CompletableFuture<>();

        assertThat(explain().because()).isEqualTo("The bus can't tell: the node is not a member of the cluster.");
    }

    @Test
    void storageThatGoesAwayMeanwhileIsTheExplanation() {
        listed = CompletableFuture.failedStage(new StorageAwayException(new IllegalStateException("x")));

        assertThat(explain().because()).isEqualTo("The bus can't tell: Cassandra doesn't answer.");
    }

    @Test
    void aBotThatIsSilentIsSaidToBe() {
        answer = CompletableFuture.failedStage(new TimeoutException("late"));
        assertThat(explain().because()).isEqualTo("The bot gives no answer: it didn't answer in time.");

        answer = CompletableFuture.completedStage(new BotReply.Refused(BotDesk.AWAY));
        assertThat(explain().because()).isEqualTo("The bot gives no answer: " + BotDesk.AWAY.detail() + ".");
    }

    @Test
    void aNameWithoutABotIsNone() {
        listed = CompletableFuture.completedStage(false);
        assertThat(explain().because()).isEqualTo("There is no bot of this name.");

        listed = CompletableFuture.completedStage(true);
        answer = CompletableFuture.completedStage(new BotReply.Refused(Problem.of(ProblemType.NOT_FOUND, "none")));
        assertThat(explain().because()).isEqualTo("There is no bot of this name.");
    }

    @Test
    void aQueueThatGivesNoAnswerIsToldSo() {
        queues.countAnswer = CompletableFuture.failedStage(new TimeoutException("late"));

        assertThat(explain().because()).isEqualTo("No events are known to wait; there is no answer from orders.");
    }

    private Explanation explain() {
        return new BotExplainer(
                        () -> CompletableFuture.completedStage(obstacles),
                        name -> listed,
                        bot -> answer,
                        queues,
                        name -> true,
                        Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC))
                .explain(new BotId("price"))
                .toCompletableFuture()
                .join();
    }
}
