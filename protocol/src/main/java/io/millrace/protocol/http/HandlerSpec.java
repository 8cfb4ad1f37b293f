package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Who does a bot's work. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HandlerSpec.Java.class, name = "java"),
    @JsonSubTypes.Type(value = HandlerSpec.Worker.class, name = "worker"),
    @JsonSubTypes.Type(value = HandlerSpec.Webhook.class, name = "webhook")
})
public sealed interface HandlerSpec {
    /**
     * A {@link io.millrace.protocol.handler.BotHandler} on the node.
     *
     * @param className on the wire {@code class}: its full name, as ServiceLoader finds it
     * @param settings an object handed to it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Java(
            @JsonProperty(value = "class", required = true) @JsonSetter(nulls = Nulls.FAIL)
            String className,

            @Nullable JsonNode settings)
            implements HandlerSpec {}

    /**
     * A process of the user's that asks for runs.
     *
     * @param settings an object handed to it with each run
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Worker(@Nullable JsonNode settings) implements HandlerSpec {}

    /**
     * A server of the user's that a node sends batches to.
     *
     * @param url where to, http or https, at most 2000 characters
     * @param timeout how long a call may take in all, 1 second to 10 minutes, default 30 seconds
     * @param secret what calls are signed with (Standard Webhooks): {@code whsec_} and base64 of 24 to 64 bytes; while it is
     *     changed two of them, the new one first, with a space between. In answers it is {@link #HIDDEN}, and to send that back
     *     keeps what it stands for
     * @param format how a batch is written, default NDJSON
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Webhook(
            @JsonProperty(value = "url", required = true) @JsonSetter(nulls = Nulls.FAIL)
            String url,

            @Nullable Duration timeout,
            @Nullable String secret,
            @Nullable Format format)
            implements HandlerSpec {
        /** What stands for a secret in answers. */
        public static final String HIDDEN = "******";

        /** The same without what nobody is to see. */
        public Webhook hidden() {
            return withSecret(secret == null ? null : HIDDEN);
        }

        /** The same with another secret. */
        public Webhook withSecret(@Nullable String other) {
            return new Webhook(url, timeout, other, format);
        }

        /** Whether it asks to keep the secret that there is. */
        public boolean keepsSecret() {
            return HIDDEN.equals(secret);
        }

        /** Without the secret, which must not get into a log, and the url, which may hold one. */
        @Override
        public String toString() {
            return "Webhook[]";
        }
    }

    /** How a webhook gets a batch. */
    enum Format {
        /** One event a line. */
        @JsonProperty("ndjson")
        NDJSON,
        /** An array of events. */
        @JsonProperty("json")
        JSON
    }

    /** Whether nodes do the work of such a bot, rather than somebody who asks for runs. */
    static boolean isDoneByNodes(@Nullable HandlerSpec handler) {
        return handler instanceof Java || handler instanceof Webhook;
    }
}
