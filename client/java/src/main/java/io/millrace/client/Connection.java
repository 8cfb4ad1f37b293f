package io.millrace.client;

import io.millrace.client.internal.Answer;
import io.millrace.client.internal.Call;
import io.millrace.client.internal.Transport;
import io.millrace.protocol.BotId;
import io.millrace.protocol.ProducerId;
import io.millrace.protocol.QueueName;
import io.millrace.protocol.block.Block;
import io.millrace.protocol.http.AppendResult;
import io.millrace.protocol.http.Headers;
import io.millrace.protocol.http.MediaTypes;
import io.millrace.protocol.http.ProducerInfo;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What all parts of one client share: the transport, the default deadline, where things are found. */
record Connection(Transport transport, Duration deadline) {
    static String queue(QueueName queue) {
        return "/v1/queues/" + queue.value();
    }

    static String bot(BotId bot) {
        return "/v1/bots/" + bot.value();
    }

    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    static String list(String path, String prefix, @Nullable String after, int limit) {
        return path + "?limit=" + Check.range("limit", limit, 1, 1_000) + "&prefix=" + encode(prefix)
                + (after == null ? "" : "&after=" + encode(after));
    }

    Call call(String method, String path) {
        return Call.of(method, path, deadline);
    }

    CompletableFuture<Answer> send(Call call) {
        return transport.send(call);
    }

    /** How far a producer has come in a queue: null if it was never there, or has no name yet. */
    CompletableFuture<@Nullable ProducerInfo> producer(QueueName queue, @Nullable ProducerId producer) {
        if (producer == null) {
            return CompletableFuture.completedFuture(null);
        }
        return Replies.as(send(call("GET", queue(queue) + "/producers/" + producer.value())), ProducerInfo.class)
                .<@Nullable ProducerInfo>thenApply(info -> info)
                .exceptionally(e -> {
                    if (Replies.unwrap(e) instanceof NotFoundException) {
                        return null;
                    }
                    throw Replies.of(e);
                });
    }

    /** An append that its number makes safe to repeat. */
    CompletableFuture<AppendResult> append(
            QueueName queue, Block block, ProducerId producer, long sequence, Duration within) {
        return append(Call.of("POST", queue(queue) + "/events", within)
                .toOwnerOf(queue.value())
                .with(Headers.PRODUCER, producer.value())
                .with(Headers.SEQUENCE, Long.toString(sequence))
                .body(MediaTypes.BLOCK, block.toBytes()));
    }

    CompletableFuture<AppendResult> append(Call call) {
        return Replies.as(transport.send(call), AppendResult.class);
    }
}
