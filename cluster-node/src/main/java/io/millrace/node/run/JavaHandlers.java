package io.millrace.node.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Problem.InputError;
import io.millrace.protocol.handler.BotHandler;
import io.millrace.protocol.http.HandlerSpec;
import io.millrace.protocol.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * The handlers of this node by the name that registrations give as {@code class}: those on its class path, as {@link
 * ServiceLoader} finds them at the start, by their class; those that ship with it, by short names; those of users' jars.
 */
public final class JavaHandlers {
    private final Map<String, HandlerFactory> factories;

    private JavaHandlers(Map<String, HandlerFactory> factories) {
        this.factories = Map.copyOf(factories);
    }

    /** Those on the class path. */
    public static JavaHandlers load() {
        Map<String, HandlerFactory> found = new HashMap<>();
        ServiceLoader.load(BotHandler.class).stream()
                .forEach(provider -> found.put(provider.type().getName(), settings -> provider.get()));
        return new JavaHandlers(found);
    }

    /** With more of them; names that are taken stay with whose they are. */
    public JavaHandlers and(Map<String, HandlerFactory> more) {
        Map<String, HandlerFactory> all = new HashMap<>(more);
        all.putAll(factories);
        return new JavaHandlers(all);
    }

    /** Whether there is a handler of this name. */
    public boolean knows(String name) {
        return factories.containsKey(name);
    }

    /** What keeps a handler from working; see {@link HandlerFactory#check}. */
    List<InputError> check(HandlerSpec.Java handler, List<String> triggers) {
        HandlerFactory factory = factories.get(handler.className());
        return factory == null ? List.of() : factory.check(settings(handler), triggers);
    }

    boolean hasWindows(HandlerSpec.Java handler) {
        HandlerFactory factory = factories.get(handler.className());
        return factory != null && factory.hasWindows();
    }

    boolean takesLanes(HandlerSpec.Java handler) {
        HandlerFactory factory = factories.get(handler.className());
        return factory == null || factory.takesLanes();
    }

    /**
     * A new instance for one run.
     *
     * @throws IllegalStateException if there is no such handler
     */
    BotHandler create(HandlerSpec.Java handler) {
        HandlerFactory factory = factories.get(handler.className());
        if (factory == null) {
            throw new IllegalStateException("no handler " + handler.className() + " on this node");
        }
        return factory.create(settings(handler));
    }

    static JsonNode settings(HandlerSpec.Java handler) {
        JsonNode settings = handler.settings();
        return settings == null || settings.isNull() ? Json.mapper().createObjectNode() : settings;
    }
}
