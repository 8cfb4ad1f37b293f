package io.millrace.client.fake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.protocol.Checkpoint;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.RunReason;
import io.millrace.protocol.http.BotConfig;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.RunProtocol;
import io.millrace.protocol.http.RunProtocol.Complete;
import io.millrace.protocol.http.RunProtocol.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One bot in memory: its lease and its checkpoints. */
public final class FakeBot {
    final String name;
    private final Predicate<FakeBot> lags;
    private BotConfig config;
    private long epoch;
    private @Nullable Grant run;
    private long lastBeat;
    private boolean told;
    private boolean stop;
    private final Map<String, Checkpoint> checkpoints = new HashMap<>();
    private final List<Complete> completions = new ArrayList<>();
    private final List<CheckpointLedger.Skip> skips = new ArrayList<>();
    private int checkpointRequests;
    private final List<RunProtocol.Suspicion> suspicions = new ArrayList<>();
    private Map<String, EventId> suspects = Map.of();
    private int attempts;
    private int heartbeats;
    /** How long runs may take, and how often heartbeats come. */
    public volatile Duration maxDuration = Duration.ofMinutes(15);

    public volatile Duration heartbeatEvery = Duration.ofSeconds(5);

    FakeBot(String name, BotConfig config, Predicate<FakeBot> lags) {
        this.name = name;
        this.config = config;
        this.lags = lags;
    }

    synchronized void configure(BotConfig changed) {
        config = changed;
    }

    synchronized BotConfig config() {
        return config;
    }

    synchronized Position position(String queue) {
        Checkpoint checkpoint = checkpoints.get(queue);
        return checkpoint == null ? Position.BEGINNING : checkpoint.checkpoint();
    }

    synchronized @Nullable Grant grant() {
        Grant held = run;
        if (held != null && System.nanoTime() - lastBeat > 3 * heartbeatEvery.toNanos()) {
            run = null;
        }
        if (run != null || !(told || lags.test(this))) {
            return null;
        }
        RunReason because = told ? RunReason.RUN_NOW : RunReason.EVENTS;
        told = false;
        stop = false;
        epoch++;
        lastBeat = System.nanoTime();
        Instant now = Instant.now();
        List<String> triggers = config.triggers() == null ? List.of() : config.triggers();
        run = new Grant(
                name + "-" + epoch,
                "token-" + epoch,
                name,
                epoch,
                now,
                now.plus(maxDuration.multipliedBy(8).dividedBy(10)),
                now.plus(maxDuration),
                heartbeatEvery,
                Map.copyOf(checkpoints),
                triggers,
                config.batch(),
                JsonNodeFactory.instance.objectNode(),
                because,
                null,
                suspects,
                null);
        return run;
    }

    synchronized boolean holds(String token) {
        return run != null && run.token().equals(token);
    }

    synchronized void require(String token) {
        if (!holds(token)) {
            throw new Refusal(ProblemType.STALE_RUN, "the run has ended");
        }
    }

    synchronized boolean beat(String token) {
        require(token);
        heartbeats++;
        lastBeat = System.nanoTime();
        return stop;
    }

    synchronized void checkpoint(String token, Map<String, Checkpoint> moved) {
        require(token);
        checkpointRequests++;
        moved.forEach((queue, checkpoint) -> {
            if (position(queue).firstAfter().compareTo(checkpoint.checkpoint().firstAfter()) > 0) {
                throw new Refusal(ProblemType.CHECKPOINT_BACKWARDS, "backwards");
            }
            checkpoints.put(queue, checkpoint);
        });
    }

    synchronized void skipped(String token, CheckpointLedger.Skip skip) {
        require(token);
        skips.add(skip);
    }

    /** What its runs had to skip. */
    public synchronized List<CheckpointLedger.Skip> skips() {
        return List.copyOf(skips);
    }

    synchronized void complete(String token, Complete complete) {
        require(token);
        if (complete.checkpoints() != null) {
            complete.checkpoints().forEach(checkpoints::put);
        }
        completions.add(complete);
        run = null;
    }

    /** Has a failing event tried again in another run, up to the third time; then it is passed. */
    synchronized RunProtocol.Verdict suspect(String token, RunProtocol.Suspicion suspicion) {
        require(token);
        if (suspicion.checkpoints() != null) {
            checkpoints.putAll(suspicion.checkpoints());
        }
        suspicions.add(suspicion);
        Instant at = Instant.now();
        if (suspicion.error() == null) {
            return new RunProtocol.Verdict(RunProtocol.Action.TRY, attempts + 1, at, at, null);
        }
        attempts++;
        boolean passes = attempts >= 3 || Boolean.TRUE.equals(suspicion.rejected());
        suspects = passes ? Map.of() : Map.of(suspicion.queue(), suspicion.eid());
        int tried = attempts;
        if (passes) {
            attempts = 0;
        } else {
            completions.add(new Complete(RunProtocol.Status.ERROR, suspicion.error(), suspicion.checkpoints(), null));
            run = null;
        }
        return new RunProtocol.Verdict(
                passes ? RunProtocol.Action.DEAD_LETTER : RunProtocol.Action.RETRY, tried, at, at, suspicion.error());
    }

    public synchronized List<RunProtocol.Suspicion> suspicions() {
        return List.copyOf(suspicions);
    }

    /** Ends the run under way as an administrator or a lost lease does. */
    public synchronized void kill() {
        run = null;
    }

    /** Tells the run under way to stop at its next heartbeat. */
    public synchronized void stop() {
        stop = true;
    }

    /** Starts a run, events or not. */
    public synchronized void runNow() {
        told = true;
    }

    public synchronized List<Complete> completions() {
        return List.copyOf(completions);
    }

    public synchronized Map<String, Checkpoint> checkpoints() {
        return Map.copyOf(checkpoints);
    }

    public synchronized int checkpointRequests() {
        return checkpointRequests;
    }

    public synchronized int heartbeats() {
        return heartbeats;
    }

    public synchronized long epoch() {
        return epoch;
    }

    synchronized BotInfo info() {
        return new BotInfo(
                name,
                config,
                "nominal",
                run == null ? List.of() : List.of("running"),
                null,
                0,
                null,
                null,
                epoch,
                null,
                new BotInfo.Checkpoints(Map.copyOf(checkpoints), Map.of()),
                Map.of(),
                null,
                null,
                new BotInfo.Runs(epoch, 0));
    }
}
