package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Real bot actors and what is noted of them: runs never wait for it, and a bot that leaves is noted. */
class BotNotesIT extends BotScene {
    @Test
    void notesThatFailHurtNoRun() {
        host.noteAnswer = CompletableFuture.failedFuture(new IllegalStateException("away"));
        runsGoOn();
    }

    @Test
    void notesThatNeverEndHurtNoRun() {
        host.noteAnswer = new CompletableFuture<>();
        runsGoOn();
    }

    private void runsGoOn() {
        register(Given.JAVA, "orders");
        for (int epoch = 1; epoch <= 3; epoch++) {
            bot.ref.tell(new BotCommand.Wake("orders"));
            awaitLaunches(epoch);
            assertThat(complete(epoch, null, Given.at(epoch))).isInstanceOf(BotReply.Done.class);
            host.pass(Chronicle.EVERY);
        }
        assertThat(info(bot).runs()).isEqualTo(3);
        assertThat(host.noted).contains("runs [1]");
    }

    @Test
    void aRunIsNotedWhenItEndsAndTheBotWhenItLeaves() {
        register(Given.JAVA, "orders");
        bot.ref.tell(new BotCommand.Wake("orders"));
        awaitLaunches(1);
        assertThat(complete(1, null, Map.of())).isInstanceOf(BotReply.Done.class);
        Awaitility.await()
                .atMost(WAIT)
                .untilAsserted(() -> assertThat(host.noted).containsExactly("runs [1]"));

        bot.stop();

        assertThat(host.noted).containsExactly("runs [1]", "row of epoch 1");
        bot = host.start(name);
    }

    @Test
    void aBotThatHasToBeNotedMayLeaveAllTheSame() {
        bot.stop();
        bot = host.start(name, Duration.ofMillis(200));
        host.noteAnswer = CompletableFuture.failedFuture(new IllegalStateException("away"));
        register(Given.JAVA);

        Awaitility.await().atMost(WAIT).until(() -> host.passivated.contains(name));
    }
}
