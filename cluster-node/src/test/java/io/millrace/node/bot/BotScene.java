package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.HandlerSpec;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** One bot on a {@link BotHost}, new for each test. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
abstract class BotScene {
    static final Duration WAIT = Duration.ofSeconds(20);
    static final String ASLEEP = "sleep orders z/";
    static BotHost host;

    final String name = "bot-" + UUID.randomUUID();
    BotHost.One bot;

    @BeforeAll
    static void open() {
        host = new BotHost();
    }

    @AfterAll
    static void close() {
        host.close();
    }

    @BeforeEach
    void start() {
        host.forget();
        bot = host.start(name);
    }

    @AfterEach
    void stop() {
        bot.stop();
    }

    void register(HandlerSpec handler, String... triggers) {
        assertThat(ask(replyTo -> new BotCommand.Register(Given.config(handler, triggers), null, replyTo)))
                .isInstanceOf(BotReply.Info.class);
    }

    /** Has a worker ask for a run, and events wait. */
    BotState.Run grant() {
        TestProbe<BotReply> worker = host.probe();
        bot.ref.tell(new BotCommand.Ask("worker", 60_000, worker.getRef()));
        bot.ref.tell(new BotCommand.Wake("orders"));
        return worker.expectMessageClass(BotReply.Granted.class, WAIT).run();
    }

    BotReply complete(long epoch, @Nullable String error, Map<String, Checkpoint> read) {
        return ask(replyTo -> new BotCommand.Complete(epoch, run(epoch), error, read, 0, replyTo));
    }

    String run(long epoch) {
        return host.launched.get((int) epoch - 1).ref().run();
    }

    BotReply ask(Function<ActorRef<BotReply>, BotCommand> command) {
        bot.ref.tell(command.apply(bot.replies.getRef()));
        return bot.replies.receiveMessage(WAIT);
    }

    static BotState info(BotHost.One one) {
        TestProbe<BotReply> probe = one.probe();
        one.ref.tell(new BotCommand.Describe(probe.getRef()));
        return probe.expectMessageClass(BotReply.Info.class, WAIT).state();
    }

    static void assertRefused(BotReply reply, ProblemType type) {
        assertThat(reply)
                .isInstanceOfSatisfying(
                        BotReply.Refused.class,
                        refused -> assertThat(refused.problem().type()).isEqualTo(type.urn()));
    }

    static void awaitLaunches(int count) {
        Awaitility.await().atMost(WAIT).until(() -> host.launched.size() == count);
    }
}
