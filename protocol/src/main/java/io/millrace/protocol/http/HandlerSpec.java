package io.millrace.protocol.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Who does a bot's work. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HandlerSpec.Java.class, name = "java"),
    @JsonSubTypes.Type(value = HandlerSpec.Worker.class, name = "worker")
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
}
