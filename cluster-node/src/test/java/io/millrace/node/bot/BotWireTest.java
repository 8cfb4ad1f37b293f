package io.millrace.node.bot;

import static io.millrace.node.bot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.node.cluster.Wire;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.Problem;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A message that can't be serialized would vanish as a time-out, and only once there is a second node. */
class BotWireTest {
    /** How a node serializes, without its cluster. */
    static final Config AS_A_NODE = ConfigFactory.parseString("""
                    pekko.actor.provider = local
                    pekko.actor.serialize-messages = on
                    pekko.actor.allow-java-serialization = off
                    pekko.coordinated-shutdown.run-by-actor-system-terminate = on
                    """)
            .withFallback(ConfigFactory.parseResources("millrace.conf"))
            .withFallback(ConfigFactory.parseResources("millrace-journal.conf"))
            .withFallback(ConfigFactory.load())
            .resolve();

    private static final ActorTestKit KIT = ActorTestKit.create("wire", AS_A_NODE);

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    private static final BotConfig FULL = new BotConfig(
            "prices",
            "team",
            List.of("demo"),
            List.of("orders"),
            "0 9 * * MON-FRI",
            "Europe/Berlin",
            new HandlerSpec.Java(
                    "io.example.Price",
                    Json.mapper()
                            .createObjectNode()
                            .put("factor", new java.math.BigDecimal("1.50"))
                            .put("big", Long.MAX_VALUE)),
            List.of("rates"),
            List.of("priced"),
            Duration.ofMinutes(10),
            0.5,
            new BotConfig.Batch(100, 65_536, Duration.ofMillis(250)),
            null,
            null,
            new BotConfig.Lag(Duration.ofMinutes(5), Duration.ofHours(1)),
            false);

    private static List<Wire> messages() {
        ActorRef<BotReply> replyTo = KIT.<BotReply>createTestProbe().getRef();
        BotState state = Given.apply(BotState.EMPTY, BotStateTest.ONE_OF_EACH)
                .apply(new BotEvent.Registered(NOW, FULL))
                .apply(new BotEvent.RunStarted(NOW, "run-9", 9, "node", null, NOW + 5, NOW + 10, null, null));
        return List.of(
                new BotCommand.Register(FULL, "\"1\"", replyTo),
                new BotCommand.Register(Given.config(Given.WORKER, "orders"), null, replyTo),
                new BotCommand.Register(Given.config(Given.WEBHOOK, "orders"), null, replyTo),
                new BotCommand.Describe(replyTo),
                new BotCommand.Archive(replyTo),
                new BotCommand.Pause("lunch", replyTo),
                new BotCommand.Pause(null, replyTo),
                new BotCommand.Resume(replyTo),
                new BotCommand.RunNow(replyTo),
                new BotCommand.Kill(replyTo),
                new BotCommand.Reset("orders", Position.BEGINNING, null, null, replyTo),
                new BotCommand.Reset("orders", Position.parse("z/2023/11"), "again", "ann", replyTo),
                new BotCommand.Undo("orders", 7, "wrong", "ann", replyTo),
                new BotCommand.Undo("orders", 7, null, null, replyTo),
                new BotCommand.PlanReplay(ReplayDecisionsTest.PLAN, replyTo),
                new BotCommand.StartReplay("price", 1, replyTo),
                new BotCommand.CancelReplay(1, replyTo),
                new BotCommand.GetMoves(replyTo),
                new BotCommand.Skip(7, "run-1", "orders", EventId.MIN, replyTo),
                new BotCommand.GetRuns(replyTo),
                new BotCommand.Explain(replyTo),
                new BotCommand.Ask("worker", 30_000, replyTo),
                new BotCommand.Heartbeat(7, "run-1", replyTo),
                new BotCommand.MoveCheckpoints(7, "run-1", Given.at(42), replyTo),
                new BotCommand.Complete(7, "run-1", null, Map.of(), 0, replyTo),
                new BotCommand.Complete(7, "run-1", "boom", Given.at(42), 0, replyTo),
                new BotCommand.Judge(7, "run-1", "orders", EventId.MIN, "boom", true, 3, 5, Given.at(42), replyTo),
                new BotCommand.Judge(7, "run-1", "orders", EventId.MIN, null, false, 0, 0, Map.of(), replyTo),
                new BotCommand.BeginRedrive("price.redrive", Letters.of(List.of(EventId.MIN)), replyTo),
                new BotCommand.BeginRedrive("price.redrive", Letters.upTo(EventId.MIN), replyTo),
                new BotCommand.EndRedrive(3, true, replyTo),
                new BotCommand.Purge(Letters.upTo(EventId.MIN), replyTo),
                new BotCommand.Wake("orders"),
                new BotCommand.Asleep("orders"),
                new BotCommand.Held("orders"),
                new BotCommand.Unask(replyTo),
                new BotCommand.Wrote("priced"),
                new BotCommand.Admit(3, "r", "out", replyTo),
                new BotCommand.Fenced("out", 4),
                new BotCommand.SlotCame(),
                BotCommand.Check.ALL,
                new BotCommand.Check("orders", EventId.MIN),
                BotCommand.Stop.STOP,
                new BotReply.Refused(Problem.of(
                        ProblemType.UNPROCESSABLE,
                        "no",
                        List.of(new Problem.InputError(3, "/triggers/0", "is no name")))),
                new BotReply.Refused(Problem.of(ProblemType.NOT_FOUND, "no")),
                new BotReply.Info(state, true),
                new BotReply.Info(BotState.EMPTY, false),
                new BotReply.Granted(state, java.util.Objects.requireNonNull(state.run()), List.of("orders")),
                new BotReply.Nothing(),
                new BotReply.Alive(true, NOW),
                new BotReply.Runs(state.past()),
                new BotReply.Moves(state.moves().moves()),
                new BotReply.Judged(new RunProtocol.Verdict(RunProtocol.Action.TRY, 1, null, null, null)),
                new BotReply.Judged(new RunProtocol.Verdict(
                        RunProtocol.Action.DEAD_LETTER, 3, Instant.EPOCH, Instant.EPOCH, "boom")),
                new BotReply.Plight(state, "node", 2, true, List.of("priced"), NOW),
                new BotReply.Done());
    }

    @Test
    void everyMessageSurvivesTheWayToAnotherNode() {
        for (Wire message : messages()) {
            assertThat(KIT.serializationTestKit().verifySerialization(message, true))
                    .isEqualTo(message);
        }
    }

    @Test
    void noMessageIsForgottenAbove() {
        List<Class<?>> kinds = new ArrayList<>();
        leaves(BotCommand.class, kinds);
        leaves(BotReply.class, kinds);
        assertThat(messages().stream().map(Object::getClass).collect(Collectors.toSet()))
                .containsAll(kinds.stream().filter(Wire.class::isAssignableFrom).toList());
    }

    private static void leaves(Class<?> type, List<Class<?>> into) {
        if (type.isSealed()) {
            Stream.of(type.getPermittedSubclasses()).forEach(each -> leaves(each, into));
        } else {
            into.add(type);
        }
    }
}
