package io.millrace.node.cassandra;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the child Cassandra's jars are: the system property {@code millrace.cassandra.lib}, else
 * {@code cluster-node/cassandra/target/lib} in the checkout around the working directory.
 */
final class CassandraLibraries {

    static final String PROPERTY = "millrace.cassandra.lib";

    private static final Path IN_CHECKOUT = Path.of("cluster-node", "cassandra", "target", "lib");
    private static final String HINT = "; build them once with ./mvnw -pl cluster-node/cassandra package -DskipTests";

    private CassandraLibraries() {}

    static Path find() throws CassandraStartException {
        String named = System.getProperty(PROPERTY);
        if (named != null) {
            return checked(Path.of(named));
        }
        return findAround(Path.of("").toAbsolutePath());
    }

    static Path findAround(Path workingDirectory) throws CassandraStartException {
        for (Path at = workingDirectory; at != null; at = at.getParent()) {
            // The module's directory, not its target: in a fresh checkout the latter is yet to be built.
            if (Files.isRegularFile(at.resolve("cluster-node/cassandra/pom.xml"))) {
                return checked(at.resolve(IN_CHECKOUT));
            }
        }
        throw new CassandraStartException(
                "no Cassandra libraries: " + workingDirectory + " is in no checkout, and -D" + PROPERTY + " isn't set");
    }

    static Path checked(Path libraries) throws CassandraStartException {
        String[] jars = libraries.toFile().list((directory, name) -> name.endsWith(".jar"));
        if (jars == null) {
            throw new CassandraStartException("no Cassandra libraries: " + libraries + " doesn't exist" + HINT);
        }
        boolean database = false;
        boolean ours = false;
        for (String jar : jars) {
            database |= jar.startsWith("cassandra-all-");
            ours |= jar.startsWith("millrace-cassandra-");
        }
        if (!database || !ours) {
            throw new CassandraStartException("no Cassandra libraries: " + libraries + " is incomplete" + HINT);
        }
        return libraries;
    }
}
