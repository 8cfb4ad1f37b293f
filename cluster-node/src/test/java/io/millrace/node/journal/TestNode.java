package io.millrace.node.journal;

import com.datastax.oss.driver.api.core.CqlSession;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.setup.ActorSystemSetup;

/** An actor system with the real plugins, as a node has it. */
final class TestNode implements AutoCloseable {
    final JournalSetup setup;
    final ActorSystem system;

    TestNode(JournalFixture fixture) {
        this(fixture, fixture.session, JournalLimits.defaults(), JournalSetup.Deleted.FAIL);
    }

    TestNode(JournalFixture fixture, CqlSession session, JournalLimits limits, JournalSetup.Deleted deleted) {
        setup = JournalSetup.on(
                session, fixture.settings.keyspace(), TextCodecs.CODECS, limits, JournalMetrics.NONE, deleted);
        system = ActorSystem.create("node", ActorSystemSetup.create(setup, BootstrapSetup.create(config())));
    }

    private static Config config() {
        return ConfigFactory.parseString("""
                        pekko.actor.provider = local
                        pekko.loglevel = OFF
                        pekko.stdout-loglevel = OFF
                        pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off
                        pekko.jvm-exit-on-fatal-error = off
                        """)
                .withFallback(ConfigFactory.parseResources("millrace-journal.conf"))
                .withFallback(ConfigFactory.load());
    }

    @Override
    public void close() {
        system.terminate();
        try {
            system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new AssertionError("the actor system doesn't end", failed);
        }
    }
}
