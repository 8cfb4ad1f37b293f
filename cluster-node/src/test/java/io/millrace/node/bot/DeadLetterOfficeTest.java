package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Cursor;
import io.millrace.node.application.Outcome;
import io.millrace.node.application.Queues;
import io.millrace.node.application.ReadStep;
import io.millrace.protocol.BotId;
import io.millrace.protocol.EventId;
import io.millrace.protocol.NewEvent;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.block.BlockWriter;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.DeadLetters;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;

/** What is said of a redrive when one of its three steps doesn't come off. */
class DeadLetterOfficeTest {
    private static final BotId BOT = new BotId("price");
    private static final EventId LETTER = Given.id(1);
    private static final Problem AWAY = Problem.of(ProblemType.UNAVAILABLE, "the bot isn't there");

    private final DeadLetterOffice office =
            new DeadLetterOffice(queues(), this::ask, Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC));
    private BotState state = Given.registered();
    private boolean beginIsRefused;
    private boolean endIsRefused;
    private Outcome<AppendResult> appended = Outcome.done(new AppendResult("price.redrive", 1, LETTER, LETTER, 0));

    @Test
    void whatWasAppendedIsRedrivenThoughTheBotCouldNotBeToldOfIt() {
        endIsRefused = true;

        Outcome<DeadLetters.Settled> outcome = redrive();

        assertThat(outcome).isEqualTo(Outcome.done(new DeadLetters.Settled(1, false)));
        assertThat(state.redriving().pending()).isNotNull();
    }

    @Test
    void whatWasNotBegunIsRefused() {
        beginIsRefused = true;

        assertThat(redrive()).isEqualTo(new Outcome.Refused<>(AWAY));
    }

    @Test
    void whatTheQueueDoesNotTakeIsRefusedInItsWords() {
        appended = Outcome.refused(ProblemType.UNKNOWN_OUTCOME, "perhaps");

        assertThat(redrive()).isEqualTo(Outcome.refused(ProblemType.UNKNOWN_OUTCOME, "perhaps"));
        assertThat(state.redriving().pending()).isNotNull();
    }

    private Outcome<DeadLetters.Settled> redrive() {
        return office.redrive(BOT, new DeadLetters.Redrive(LETTER, null, null))
                .toCompletableFuture()
                .join();
    }

    private CompletionStage<BotReply> ask(String bot, Function<ActorRef<BotReply>, BotCommand> request) {
        BotCommand command = request.apply(Deciding.NOBODY);
        if (command instanceof BotCommand.BeginRedrive begin && !beginIsRefused) {
            state = Deciding.accepted(state, RedriveDecisions.begin(state, begin, NOW));
        } else if (command instanceof BotCommand.EndRedrive end && !endIsRefused) {
            state = Deciding.accepted(state, RedriveDecisions.end(state, end, NOW));
        } else if (!(command instanceof BotCommand.Describe)) {
            return CompletableFuture.completedStage(new BotReply.Refused(AWAY));
        }
        return CompletableFuture.completedStage(new BotReply.Info(state, false));
    }

    /** One dead letter, and a queue for what is redriven. */
    private Queues queues() {
        BlockWriter writer = new BlockWriter("price");
        writer.add(NewEvent.of(Payload.of(Map.of("payload", 1))));
        Block block = writer.build(false).stamped(DeadLetterOffice.dead(BOT), LETTER);
        return (Queues) Proxy.newProxyInstance(
                Queues.class.getClassLoader(),
                new Class<?>[] {Queues.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "read" ->
                        CompletableFuture.completedStage(
                                Outcome.done(new ReadStep(List.of(block), (Cursor) arguments[1], true)));
                    case "append" -> CompletableFuture.completedStage(appended);
                    default -> throw new AssertionError(method);
                });
    }
}
