package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.BotConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes nothing durable is answered by the bot's owner only: one that was cut off, or stood still, may be none. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class BotOwnershipIT extends BotScene {
    private static final BotConfig CONFIG = Given.config(Given.WORKER, "orders");

    private static BotHost elsewhere;

    @BeforeAll
    static void openElsewhere() {
        elsewhere = host.elsewhere();
    }

    @AfterAll
    static void closeElsewhere() {
        elsewhere.close();
    }

    static Stream<Arguments> questions() {
        return Stream.of(
                question("heartbeat", replyTo -> new BotCommand.Heartbeat(1, "run-1", replyTo)),
                question("heartbeat of another run", replyTo -> new BotCommand.Heartbeat(2, "run-2", replyTo)),
                question(
                        "checkpoint of another run",
                        replyTo -> new BotCommand.MoveCheckpoints(2, "run-2", Given.at(1), replyTo)),
                question(
                        "completion of another run",
                        replyTo -> new BotCommand.Complete(2, "run-2", null, Map.of(), 0, replyTo)),
                question("a queue that it writes to", replyTo -> new BotCommand.Admit(1, "run-1", "out", replyTo)),
                question("describe", BotCommand.Describe::new),
                question("runs", BotCommand.GetRuns::new),
                question("run now", BotCommand.RunNow::new),
                question("resume what isn't paused", BotCommand.Resume::new),
                question("the same registration", replyTo -> new BotCommand.Register(CONFIG, null, replyTo)));
    }

    private static Arguments question(String name, Function<ActorRef<BotReply>, BotCommand> question) {
        return Arguments.of(name, question);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("questions")
    void whoseBotHasAnotherOwnerAnswersNothingAndLeaves(
            String question, Function<ActorRef<BotReply>, BotCommand> command) {
        BotState.Run run = runningOne();
        BotHost.One successor = elsewhere.start(name);
        assertThat(info(successor).run()).isEqualTo(run);

        BotReply reply = ask(replyTo -> withRun(command.apply(replyTo), run));

        assertRefused(reply, ProblemType.UNAVAILABLE);
        bot.replies.expectTerminated(bot.ref, WAIT);
        successor.stop();
    }

    /** The ids of runs go on from test to test. */
    private static BotCommand withRun(BotCommand command, BotState.Run run) {
        if (command instanceof BotCommand.Heartbeat heartbeat && heartbeat.epoch() == run.epoch()) {
            return new BotCommand.Heartbeat(run.epoch(), run.run(), heartbeat.replyTo());
        } else if (command instanceof BotCommand.Admit admit) {
            return new BotCommand.Admit(run.epoch(), run.run(), admit.queue(), admit.replyTo());
        }
        return command;
    }

    @Test
    void aBotThatIsToldOfAnotherOwnerLeaves() {
        BotState.Run run = runningOne();
        host.ownership = log -> CompletableFuture.completedStage(false);

        assertRefused(heartbeat(run), ProblemType.UNAVAILABLE);

        bot.replies.expectTerminated(bot.ref, WAIT);
    }

    @Test
    void whereNobodyCanTellTheHeartbeatIsRefusedAndTheLeaseGoesOnForWhoIsHeardOf() {
        BotState.Run run = runningOne();
        host.ownership = log -> CompletableFuture.failedStage(new IllegalStateException("storage is away"));
        for (int i = 0; i < 3; i++) {
            host.pass(BotHost.LOST_AFTER.toMillis() - 1);
            assertRefused(heartbeat(run), ProblemType.UNAVAILABLE);
        }

        host.forget();

        assertThat(heartbeat(run)).isInstanceOf(BotReply.Alive.class);
    }

    @Test
    void whileTheStorageIsAwayItIsRefusedInTimeAndTheBotStays() {
        BotState.Run run = runningOne();
        host.storage.dropRequests();

        try {
            assertRefused(heartbeat(run), ProblemType.UNAVAILABLE);
        } finally {
            host.storage.heal();
        }

        Awaitility.await().atMost(WAIT).until(() -> heartbeat(run) instanceof BotReply.Alive);
    }

    @Test
    void heartbeatsThatComeTogetherShareALook() {
        BotState.Run run = runningOne();
        CompletableFuture<Boolean> first = new CompletableFuture<>();
        host.ownership = log -> host.looks.get() == 1 ? first : CompletableFuture.completedStage(true);
        host.looks.set(0);
        for (int i = 0; i < 100; i++) {
            bot.ref.tell(new BotCommand.Heartbeat(run.epoch(), run.run(), bot.replies.getRef()));
        }
        bot.replies.expectNoMessage(Duration.ofMillis(200));

        first.complete(true);

        for (int i = 0; i < 100; i++) {
            assertThat(bot.replies.receiveMessage(WAIT)).isInstanceOf(BotReply.Alive.class);
        }
        assertThat(host.looks)
                .as("one for the first, one for all that came while it was under way")
                .hasValue(2);
    }

    @Test
    void whatBecomesDurableProvesTheHeartbeatsBeforeIt() {
        BotState.Run run = runningOne();
        host.ownership = log -> new CompletableFuture<>();
        var beats = host.probe();
        bot.ref.tell(new BotCommand.Heartbeat(run.epoch(), run.run(), beats.getRef())); // its look never ends
        bot.ref.tell(new BotCommand.Heartbeat(run.epoch(), run.run(), beats.getRef()));
        beats.expectNoMessage(Duration.ofMillis(200));

        assertThat(ask(replyTo -> new BotCommand.MoveCheckpoints(run.epoch(), run.run(), Given.at(1), replyTo)))
                .isInstanceOf(BotReply.Done.class);

        assertThat(beats.receiveMessage(WAIT)).isInstanceOf(BotReply.Alive.class);
        beats.expectNoMessage(Duration.ofMillis(200));
    }

    private BotState.Run runningOne() {
        assertThat(ask(replyTo -> new BotCommand.Register(CONFIG, null, replyTo)))
                .isInstanceOf(BotReply.Info.class);
        BotState.Run run = grant();
        assertThat(ask(replyTo -> new BotCommand.Admit(run.epoch(), run.run(), "out", replyTo)))
                .isInstanceOf(BotReply.Done.class);
        return run;
    }

    private BotReply heartbeat(BotState.Run run) {
        return ask(replyTo -> new BotCommand.Heartbeat(run.epoch(), run.run(), replyTo));
    }
}
