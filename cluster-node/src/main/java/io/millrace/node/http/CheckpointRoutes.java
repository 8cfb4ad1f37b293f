package io.millrace.node.http;

import io.millrace.node.application.Bots;
import io.millrace.node.application.Scope;
import io.millrace.protocol.BotId;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.http.CheckpointLedger;
import io.millrace.protocol.http.RunProtocol;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Read checkpoints as administrators move them, and the ledger of that. */
final class CheckpointRoutes {
    private static final int WHO = 200;

    private final Bots bots;
    private final JsonBodies json;

    CheckpointRoutes(Bots bots, JsonBodies json) {
        this.bots = bots;
        this.json = json;
    }

    void addTo(Router router) {
        router.on(
                        "GET",
                        "/v1/bots/{bot}/checkpoints",
                        Guard.seenBot(),
                        exchange -> bots.ledger(exchange.bot()).thenApply(Answers::ok))
                .on("PUT", "/v1/bots/{bot}/checkpoints/{queue}", Guard.bot(Scope.ADMIN), this::set)
                .on("POST", "/v1/bots/{bot}/checkpoints/{queue}/undo", Guard.bot(Scope.ADMIN), this::undo);
    }

    private CompletionStage<HttpResponse> set(Exchange exchange) {
        BotId bot = exchange.bot();
        QueueName queue = queue(exchange);
        return json.read(exchange, RunProtocol.Reset.class)
                .thenCompose(reset -> {
                    check(reset.reason(), reset.by());
                    return bots.reset(
                            bot,
                            queue,
                            new RunProtocol.Reset(reset.position(), reset.reason(), exchange.by(reset.by())));
                })
                .thenApply(Answers::ok);
    }

    private CompletionStage<HttpResponse> undo(Exchange exchange) {
        BotId bot = exchange.bot();
        QueueName queue = queue(exchange);
        return json.read(exchange, CheckpointLedger.Undo.class)
                .thenCompose(undo -> {
                    check(undo.reason(), undo.by());
                    return bots.undo(
                            bot, queue, new CheckpointLedger.Undo(undo.entry(), undo.reason(), exchange.by(undo.by())));
                })
                .thenApply(Answers::ok);
    }

    private static QueueName queue(Exchange exchange) {
        return Exchange.named(exchange.name(1), QueueName::new);
    }

    private static void check(@Nullable String reason, @Nullable String by) {
        BotRoutes.requireShort("/reason", reason);
        if (by != null && by.length() > WHO) {
            throw Refusal.pointer(ProblemType.UNPROCESSABLE, "/by", "must be at most " + WHO + " characters");
        }
    }
}
