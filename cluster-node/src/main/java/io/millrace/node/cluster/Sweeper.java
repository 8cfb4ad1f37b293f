package io.millrace.node.cluster;

import io.millrace.node.journal.NameDirectory;
import io.millrace.node.journal.NamePage;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.typed.ClusterSingleton;
import org.apache.pekko.cluster.typed.SingletonActor;

/**
 * The safety net (design D8), one in the cluster: asks every registered bot to look for itself, once when it starts, so that
 * bots go on after a restart of the whole cluster though no event comes, and then from time to time.
 */
public final class Sweeper extends AbstractBehavior<Sweeper.Message> {
    /** Names that one read of the directory gives. */
    private static final int PAGE = 1_000;

    /** A pause between pages, so that a large cluster's bots don't all recover at once. */
    private static final Duration PAGE_PAUSE = Duration.ofMillis(200);

    /** After a directory that didn't answer. */
    private static final Duration RETRY = Duration.ofSeconds(5);

    /** What the sweeper tells itself. */
    sealed interface Message extends NoSerializationVerificationNeeded {}

    private record Sweep(String after) implements Message {}

    private record Found(NamePage page) implements Message {}

    private record Failed(Sweep sweep) implements Message {}

    private final TimerScheduler<Message> timers;
    private final NameDirectory directory;
    private final String kind;
    private final Consumer<String> check;
    private final Duration every;

    private Sweeper(
            ActorContext<Message> context,
            TimerScheduler<Message> timers,
            NameDirectory directory,
            String kind,
            Consumer<String> check,
            Duration every) {
        super(context);
        this.timers = timers;
        this.directory = directory;
        this.kind = kind;
        this.check = check;
        this.every = every;
        context.getSelf().tell(new Sweep(""));
    }

    /**
     * Has one run somewhere in the cluster.
     *
     * @param kind the kind of names in the directory
     * @param check asks a bot to look for itself
     * @param every the pause between two sweeps
     */
    public static void start(
            ActorSystem<?> system, NameDirectory directory, String kind, Consumer<String> check, Duration every) {
        Behavior<Message> behavior = Behaviors.withTimers(
                timers -> Behaviors.setup(context -> new Sweeper(context, timers, directory, kind, check, every)));
        ClusterSingleton.get(system).init(SingletonActor.of(behavior, "sweeper"));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Sweep.class, this::onSweep)
                .onMessage(Found.class, this::onFound)
                .onMessage(Failed.class, this::onFailed)
                .build();
    }

    private Behavior<Message> onSweep(Sweep sweep) {
        getContext()
                .pipeToSelf(
                        directory.page(kind, "", sweep.after(), PAGE),
                        (page, failure) -> page == null ? new Failed(sweep) : new Found(page));
        return this;
    }

    private Behavior<Message> onFound(Found found) {
        NamePage page = found.page();
        page.names().forEach(check);
        String next = page.more() ? page.names().get(page.names().size() - 1) : "";
        timers.startSingleTimer(new Sweep(next), page.more() ? PAGE_PAUSE : every);
        return this;
    }

    private Behavior<Message> onFailed(Failed failed) {
        timers.startSingleTimer(failed.sweep(), every.compareTo(RETRY) < 0 ? every : RETRY);
        return this;
    }
}
