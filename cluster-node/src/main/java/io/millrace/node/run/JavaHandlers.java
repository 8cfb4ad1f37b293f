package io.millrace.node.run;

import io.millrace.protocol.handler.BotHandler;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The handlers on this node's class path, by class name, as {@link ServiceLoader} finds them at the start. */
public final class JavaHandlers {
    private final Map<String, ServiceLoader.Provider<BotHandler>> providers;

    private JavaHandlers(Map<String, ServiceLoader.Provider<BotHandler>> providers) {
        this.providers = providers;
    }

    /** Looks for all handlers. */
    public static JavaHandlers load() {
        return new JavaHandlers(ServiceLoader.load(BotHandler.class).stream()
                .collect(
                        Collectors.toUnmodifiableMap(provider -> provider.type().getName(), provider -> provider)));
    }

    boolean knows(String className) {
        return providers.containsKey(className);
    }

    /**
     * A new instance for one run.
     *
     * @throws IllegalStateException if there is no such handler
     */
    BotHandler create(String className) {
        ServiceLoader.Provider<BotHandler> provider = providers.get(className);
        if (provider == null) {
            throw new IllegalStateException("no handler " + className + " on this node");
        }
        return provider.get();
    }
}
