package io.millrace.node.handlers;

import io.millrace.node.run.HandlerFactory;
import io.millrace.protocol.handler.BotHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handlers of users' jars, found by {@link ServiceLoader} in each jar by itself. A jar that can't be loaded costs only
 * its own handlers; of a name that two jars have neither is taken, because nobody can say which one is meant. The loaders
 * stay open as long as the process lives: handlers load classes when they need them.
 */
public final class JarHandlers {
    private static final Logger LOG = LoggerFactory.getLogger(JarHandlers.class);
    private static final int MAX_JARS = 1_000;

    private final Predicate<String> taken;
    private final Map<String, HandlerFactory> found = new HashMap<>();
    private final Map<String, Path> origins = new HashMap<>();
    private final Set<String> twice = new HashSet<>();

    private JarHandlers(Predicate<String> taken) {
        this.taken = taken;
    }

    /**
     * Loads all jars of a directory, and says in the log what it found.
     *
     * @param taken names that the node itself has
     * @throws IllegalArgumentException if the directory can't be read or holds more than 1000 jars
     */
    public static Map<String, HandlerFactory> load(Path directory, Predicate<String> taken) {
        JarHandlers handlers = new JarHandlers(taken);
        jars(directory).forEach(handlers::load);
        handlers.twice.forEach(handlers.found::remove);
        LOG.info("handlers of {}: {}", directory, handlers.found.keySet());
        return Map.copyOf(handlers.found);
    }

    private static List<Path> jars(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .limit(MAX_JARS + 1L)
                    .toList();
            if (jars.size() > MAX_JARS) {
                throw new IllegalArgumentException(
                        "millrace.handler.jars: more than " + MAX_JARS + " jars in " + directory);
            }
            return jars;
        } catch (IOException e) {
            throw new IllegalArgumentException("millrace.handler.jars: " + directory + " can't be read", e);
        }
    }

    @SuppressWarnings("BanClassLoader") // the directory is the operator's: who may write there may run code on the node
    private void load(Path jar) {
        try {
            new JarFile(jar.toFile()).close(); // a class loader would take a broken one for an empty one
            JarLoader loader = new JarLoader(jar.toUri().toURL());
            List<ServiceLoader.Provider<BotHandler>> providers =
                    ServiceLoader.load(BotHandler.class, loader).stream().toList();
            if (providers.isEmpty()) {
                LOG.warn("{} has no handlers: META-INF/services/{} would name them", jar, BotHandler.class.getName());
            }
            providers.forEach(provider -> add(provider, jar));
        } catch (IOException | ServiceConfigurationError | LinkageError e) {
            LOG.error("{} can't be loaded, and its handlers are not there: {}", jar, e.toString());
        }
    }

    private void add(ServiceLoader.Provider<BotHandler> provider, Path jar) {
        String name = provider.type().getName();
        Path other = origins.putIfAbsent(name, jar);
        if (taken.test(name)) {
            LOG.error("{} has a handler {}, which the node has itself: the node's is taken", jar, name);
        } else if (other != null) {
            LOG.error("{} and {} both have a handler {}: neither is taken", other, jar, name);
            twice.add(name);
        } else {
            found.put(name, settings -> provider.get());
        }
    }
}
