package io.millrace.node.cassandra;

import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Which Cassandra the tests use (design D9): one that is given, else a container, else a child process. */
sealed interface TestCassandraChoice {

    String VARIABLE = "MILLRACE_TEST_CASSANDRA";

    record Given(InetSocketAddress contactPoint, String datacenter) implements TestCassandraChoice {}

    /** In a container; {@code required}: it was asked for by name, so that nothing may stand in for it. */
    record Container(boolean required) implements TestCassandraChoice {}

    record ChildProcess() implements TestCassandraChoice {}

    /**
     * {@code given}: host:port[/datacenter] of one that runs, "container", "child", or null and blank for what there is; Docker is
     * asked only when that decides.
     */
    static TestCassandraChoice of(@Nullable String given, BooleanSupplier dockerAnswers) {
        if (given == null || given.isBlank()) {
            return dockerAnswers.getAsBoolean() ? new Container(false) : new ChildProcess();
        }
        if (given.strip().equals("container")) {
            return new Container(true);
        }
        if (given.strip().equals("child")) {
            return new ChildProcess();
        }
        return parse(given.strip());
    }

    private static Given parse(String given) {
        int slash = given.indexOf('/');
        String address = slash < 0 ? given : given.substring(0, slash);
        String datacenter = slash < 0 ? CassandraProcess.DATACENTER : given.substring(slash + 1);
        int colon = address.lastIndexOf(':');
        try {
            if (colon > 0 && !datacenter.isEmpty()) {
                String host = address.substring(0, colon).replaceAll("^\\[|\\]$", "");
                return new Given(
                        new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))), datacenter);
            }
        } catch (IllegalArgumentException malformed) {
            // Told below, together with the other ways to write it wrong.
        }
        throw new IllegalArgumentException(
                VARIABLE + " is \"" + given + "\", not host:port, host:port/datacenter, container or child");
    }
}
