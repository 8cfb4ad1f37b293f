package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pages that lists come in; {@code next} is what to give as {@code after} for the following one, if there is one. */
public final class Page {
    private Page() {}

    /** A page of queues, by name. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Queues(List<QueueInfo> queues, @Nullable String next) {}

    /** A page of bots, by name. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Bots(List<BotInfo> bots, @Nullable String next) {}
}
