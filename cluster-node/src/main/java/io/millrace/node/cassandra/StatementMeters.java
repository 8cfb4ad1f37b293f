package io.millrace.node.cassandra;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.config.DriverExecutionProfile;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.servererrors.QueryExecutionException;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import com.datastax.oss.driver.api.core.servererrors.WriteTimeoutException;
import com.datastax.oss.driver.api.core.session.Request;
import com.datastax.oss.driver.api.core.tracker.RequestTracker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.node.telemetry.Names;
import io.millrace.node.telemetry.Timers;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long Cassandra takes for each kind of statement, and how it fails. Called on the driver's threads. */
public final class StatementMeters implements RequestTracker {
    /** Verb and table; the node has some forty statements. */
    private static final Pattern KIND = Pattern.compile(
            "\\s*(\\w+)\\b.*?(?:(?<=\\bFROM\\s)|(?<=\\bINTO\\s)|(?<=\\bUPDATE\\s))(?:\\w+\\.)?(\\w+)\\b.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final int MAX_KINDS = 100;

    private static final List<String> ERRORS =
            List.of("no-answer", "timeout", "unavailable", "overloaded", "unreachable", "refused", "other");

    private final MeterRegistry registry;
    private final Names kinds = new Names(MAX_KINDS);
    private final Map<String, Counter> errors = new HashMap<>();
    private final Map<String, Timer> byQuery = new ConcurrentHashMap<>();

    /** Registers what can fail, so that the first failure counts as an increase. */
    public StatementMeters(MeterRegistry registry) {
        this.registry = registry;
        ERRORS.forEach(kind -> errors.put(
                kind,
                Counter.builder("millrace.cassandra.errors")
                        .description("Statements that failed, by how")
                        .tag("error", kind)
                        .register(registry)));
    }

    @Override
    public void onSuccess(
            Request request, long nanos, DriverExecutionProfile profile, Node node, String requestLogPrefix) {
        timer(request).record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    @SuppressWarnings("NullableProblems") // a request that reached no node has none
    public void onError(
            Request request,
            Throwable error,
            long nanos,
            DriverExecutionProfile profile,
            Node node,
            String requestLogPrefix) {
        timer(request).record(nanos, TimeUnit.NANOSECONDS);
        Counter counter = errors.get(kind(error));
        if (counter != null) {
            counter.increment();
        }
    }

    private static String kind(Throwable error) {
        if (error instanceof DriverTimeoutException) {
            return "no-answer";
        } else if (error instanceof WriteTimeoutException || error instanceof ReadTimeoutException) {
            return "timeout";
        } else if (error instanceof UnavailableException) {
            return "unavailable";
        } else if (error instanceof OverloadedException) {
            return "overloaded";
        } else if (error instanceof AllNodesFailedException) {
            return "unreachable";
        }
        return error instanceof QueryExecutionException ? "refused" : "other";
    }

    private Timer timer(Request request) {
        String query = request instanceof BoundStatement bound
                ? bound.getPreparedStatement().getQuery()
                : request instanceof SimpleStatement simple ? simple.getQuery() : "";
        Timer known = byQuery.get(query);
        return known == null ? make(query) : known;
    }

    private Timer make(String query) {
        Timer timer = Timers.ofStatements(
                        "millrace.cassandra.statement", "Statements, by verb and table, failed ones included")
                .tag("statement", kinds.take(name(query)))
                .register(registry);
        if (byQuery.size() < MAX_KINDS) {
            byQuery.put(query, timer);
        }
        return timer;
    }

    /** As {@code select_log}. */
    static String name(String query) {
        Matcher kind = KIND.matcher(query);
        return kind.matches() ? (kind.group(1) + "_" + kind.group(2)).toLowerCase(Locale.ROOT) : Names.OTHER;
    }

    @Override
    public void close() {}
}
