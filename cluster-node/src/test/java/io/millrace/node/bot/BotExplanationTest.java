package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.http.Explanation;
import io.millrace.protocol.http.QueueInfo;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BotExplanationTest {
    private BotState state = Given.registered();
    private int workers;
    private boolean forced;
    private List<String> unfenced = List.of();
    private boolean knowsHandler = true;
    private @Nullable Instant nextSlot;
    private final Map<String, QueueSight> queues = new HashMap<>(Map.of("orders", new QueueSight(queue(false), 12L)));

    @Test
    void aNodeThatIsOutOfPlayTellsOnlyThat() {
        Explanation told = BotExplanation.of(new BotSight(
                List.of("Cassandra doesn't answer"), false, null, "", false, Map.of(), null, Instant.EPOCH));

        assertThat(told.because()).isEqualTo("The bus can't tell: Cassandra doesn't answer.");
        assertThat(names(told)).containsExactly("node");
    }

    @Test
    void aBotThatWasNeverRegisteredIsSaidToBeNone() {
        Explanation told =
                BotExplanation.of(new BotSight(List.of(), false, null, "", false, Map.of(), null, Instant.EPOCH));

        assertThat(told.because()).isEqualTo("There is no bot of this name.");
        assertThat(told.running()).isFalse();
        assertThat(names(told)).containsExactly("node", "exists");
    }

    @Test
    void aBotThatGivesNoAnswerIsSaidToBeSilent() {
        Explanation told = BotExplanation.of(
                new BotSight(List.of(), true, null, "it didn't answer in time", false, Map.of(), null, Instant.EPOCH));

        assertThat(told.because()).isEqualTo("The bot gives no answer: it didn't answer in time.");
    }

    @Test
    void theChecksStandInTheOrderInWhichTheyDecide() {
        workers = 1;
        assertThat(names(explain()))
                .containsExactly(
                        "node",
                        "exists",
                        "answers",
                        "not-archived",
                        "not-paused",
                        "handler",
                        "not-backing-off",
                        "no-run",
                        "queue:orders",
                        "due",
                        "fenced",
                        "worker");
        assertThat(explain().checks()).allMatch(Explanation.Check::passed);
        assertThat(explain().because()).isEqualTo("Nothing keeps it from running: its next run is about to begin.");
    }

    @Test
    void theFirstThingThatKeepsItFromRunningIsTheReason() {
        workers = 0;
        assertThat(explain().because()).isEqualTo("No worker asks for its runs; start one.");
        unfenced = List.of("priced");
        assertThat(explain().because())
                .isEqualTo("Queues that it writes to don't know yet that its last run is over: priced.");
        queues.put("orders", new QueueSight(queue(false), 0L));
        assertThat(explain().because()).isEqualTo("No events wait for it: it has read its trigger queues to the end.");
        state = state.apply(new BotEvent.Paused(NOW, "stocktaking"));
        assertThat(explain().because()).isEqualTo("It is paused (\"stocktaking\"); resume it.");
        state = state.apply(new BotEvent.Archived(NOW));
        assertThat(explain().because()).isEqualTo("It is archived; registering it again brings it back.");
    }

    @Test
    void aRunThatIsUnderWayIsTheReasonWhateverElse() {
        state = Given.running().apply(new BotEvent.Paused(NOW, null));

        Explanation told = explain();

        assertThat(told.running()).isTrue();
        assertThat(told.because())
                .startsWith("It is running: run run-1 of epoch 1 by worker worker since 2023-11-14T22:13:20Z");
        assertThat(evidence(told, "not-paused")).isEqualTo("it is paused: no reason was given");
    }

    @Test
    void aMissingHandlerIsNamed() {
        state = Given.state(new BotEvent.Registered(NOW, Given.config(Given.JAVA, "orders")));
        knowsHandler = false;

        assertThat(explain().because()).isEqualTo("The node has no handler of the class io.example.Price.");
        assertThat(names(explain())).doesNotContain("worker");
    }

    @Test
    void aBackOffIsToldWithItsErrorsAndItsEnd() {
        state = Given.running().apply(new BotEvent.RunEnded(NOW, 1, BotEvent.How.ERROR, "boom", NOW + 2_250));

        assertThat(explain().because())
                .isEqualTo("It backs off (1 error; the last one: boom): it is tried again at"
                        + " 2023-11-14T22:13:22.250Z, in PT3S, or once it is resumed.");
        for (int i = 2; i <= 11; i++) {
            state = state.apply(new BotEvent.RunEnded(NOW, i, BotEvent.How.ERROR, "boom", NOW + 900_000));
        }
        assertThat(explain().because()).startsWith("It is rogue (11 errors in a row, so it is rogue");
    }

    @Test
    void eventsInAPausedQueueAreNoReasonToRun() {
        queues.put("orders", new QueueSight(queue(true), 12L));

        Explanation told = explain();

        assertThat(told.because()).isEqualTo("Events wait only in queues that are paused: orders.");
        assertThat(evidence(told, "queue:orders"))
                .isEqualTo("12 events wait after the checkpoint z/; the queue is paused");
    }

    @Test
    void aQueueThatIsNotThereYetIsNotAProblemByItself() {
        queues.put("orders", new QueueSight(null, 0L));
        assertThat(evidence(explain(), "queue:orders"))
                .isEqualTo("there is no such queue yet; its first event will make it");

        queues.put("orders", new QueueSight(null, null));
        assertThat(explain().because()).isEqualTo("No events are known to wait; there is no answer from orders.");
    }

    @Test
    void aScheduleTellsItsNextSlot() {
        state = Given.state(new BotEvent.Registered(NOW, Given.scheduled("0 9 * * *")));
        queues.clear();
        nextSlot = Instant.parse("2023-11-15T08:00:00Z");

        assertThat(explain().because()).isEqualTo("Its schedule's next slot is 2023-11-15T08:00:00Z.");
        nextSlot = Instant.ofEpochMilli(NOW);
        assertThat(evidence(explain(), "due")).isEqualTo("a slot of its schedule has come");
    }

    @Test
    void whoHasNothingToRunForRunsWhenItIsTold() {
        state = Given.state(new BotEvent.Registered(NOW, Given.config(Given.WORKER)));
        queues.clear();

        assertThat(explain().because())
                .isEqualTo("It has neither triggers nor a schedule: it runs when it is told to.");
        forced = true;
        assertThat(evidence(explain(), "due")).isEqualTo("it was told to run");
    }

    private Explanation explain() {
        return BotExplanation.of(new BotSight(
                List.of(),
                true,
                new BotReply.Plight(state, "node", workers, forced, unfenced, NOW),
                "",
                knowsHandler,
                queues,
                nextSlot,
                Instant.ofEpochMilli(NOW)));
    }

    private static List<String> names(Explanation told) {
        return told.checks().stream().map(Explanation.Check::check).toList();
    }

    private static String evidence(Explanation told, String check) {
        return told.checks().stream()
                .filter(each -> each.check().equals(check))
                .findFirst()
                .orElseThrow()
                .evidence();
    }

    private static QueueInfo queue(boolean paused) {
        return new QueueInfo(
                "orders",
                null,
                null,
                null,
                null,
                12,
                100,
                Given.id(1),
                Given.id(12),
                Instant.EPOCH,
                null,
                paused,
                false,
                List.of(),
                List.of());
    }
}
