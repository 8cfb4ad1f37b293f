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

    /** An append that its number makes safe to repeat. */
    CompletableFuture<AppendResult> append(
            QueueName queue, Block block, ProducerId producer, long sequence, Duration within) {
        return append(Call.of("POST", queue(queue) + "/events", within)
                .with(Headers.PRODUCER, producer.value())
                .with(Headers.SEQUENCE, Long.toString(sequence))
                .body(MediaTypes.BLOCK, block.toBytes()));
    }

    CompletableFuture<AppendResult> append(Call call) {
        return Replies.as(transport.send(call), AppendResult.class);
    }
}
