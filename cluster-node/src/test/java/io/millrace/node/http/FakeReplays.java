package io.millrace.node.http;

import io.millrace.node.application.Outcome;
import io.millrace.node.application.Replays;
import io.millrace.protocol.BotId;
import io.millrace.protocol.Position;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.Replay;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Knows one replay, {@code 1-price}. */
final class FakeReplays implements Replays {
    private static final Replay ONE = new Replay(
            "1-price",
            "price",
            "orders",
            Position.BEGINNING,
            Position.parse("z/2026"),
            10L,
            "ann",
            Replay.State.RUNNING,
            100,
            2_000,
            Duration.ofSeconds(10),
            new Replay.Downstream(List.of("priced"), List.of("invoice"), true),
            Instant.EPOCH,
            Instant.EPOCH,
            Instant.EPOCH,
            null,
            "price.replay",
            7,
            3,
            null);

    @Override
    public CompletionStage<Outcome<Replay>> plan(Replay.Request request) {
        return get(1 + "-" + request.bot());
    }

    @Override
    public CompletionStage<Outcome<Replay>> start(String id) {
        return get(id);
    }

    @Override
    public CompletionStage<Outcome<Replay>> get(String id) {
        return CompletableFuture.completedStage(
                id.equals(ONE.id()) ? Outcome.done(ONE) : Outcome.refused(ProblemType.NOT_FOUND, "no such replay"));
    }

    @Override
    public CompletionStage<Outcome<Replay>> cancel(String id) {
        return get(id);
    }

    @Override
    public CompletionStage<Outcome<Replay.Listing>> list(BotId bot) {
        return CompletableFuture.completedStage(Outcome.done(new Replay.Listing(List.of(ONE))));
    }
}
