package io.millrace.node.run;

import io.millrace.protocol.http.BotConfig;
import org.jspecify.annotations.Nullable;

/** The batches of webhooks: smaller by default than those of java handlers, since a call holds one in memory. */
final class WebhookBatches {
    private static final int COUNT = 100;
    private static final int BYTES = 1 << 20;

    private WebhookBatches() {}

    static BotConfig.Batch of(BotConfig.@Nullable Batch given) {
        Integer count = given == null ? null : given.count();
        Integer bytes = given == null ? null : given.bytes();
        return new BotConfig.Batch(
                count == null ? COUNT : count, bytes == null ? BYTES : bytes, given == null ? null : given.time());
    }
}
