package io.millrace.node.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigUtil;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Refuses what a file sets and nobody reads: a misspelt key would otherwise leave its default in force, silently. */
final class KnownKeys {
    /** Keys below it are the database's. */
    private static final String FREE = "millrace.cassandra.replication.";

    private KnownKeys() {}

    /**
     * @param defaults have every key that there is under {@code millrace}; what stands under {@code pekko} is Pekko's
     * @throws IllegalArgumentException naming the first key that nobody knows
     */
    static void check(Config given, Config defaults) {
        Set<String> known = new TreeSet<>();
        defaults.entrySet().forEach(entry -> known.add(entry.getKey()));
        given.entrySet().stream()
                .map(entry -> entry.getKey())
                .sorted()
                .filter(key -> !key.startsWith("pekko.") && !key.startsWith(FREE) && !known.contains(key))
                .findFirst()
                .ifPresent(key -> {
                    throw new IllegalArgumentException("settings: there is no key " + key + " ("
                            + given.getValue(key).origin().description() + ")" + siblings(key, known));
                });
    }

    /** What stands beside it, because that's where a misspelt key's right name is. */
    private static String siblings(String key, Set<String> known) {
        List<String> path = ConfigUtil.splitPath(key);
        String section = ConfigUtil.joinPath(path.subList(0, path.size() - 1)) + ".";
        List<String> names = known.stream()
                .filter(other -> other.startsWith(section) && other.indexOf('.', section.length()) < 0)
                .map(other -> other.substring(section.length()))
                .toList();
        return names.isEmpty() ? "" : "; there are " + String.join(", ", names);
    }
}
