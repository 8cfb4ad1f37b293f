package io.millrace.load.bench;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import io.millrace.load.bus.Meter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * W1b-insert: what single puts are held against. One caller inserts rows of one event into the bus's own Cassandra, each
 * awaited, its commit log flushed as at every write there.
 */
final class FlushedInsert implements Workload {
    private static final int SECONDS = 6;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String KEYSPACE = "millrace_bench";

    private final Stage stage;
    private final InetSocketAddress cassandra;

    FlushedInsert(Stage stage, InetSocketAddress cassandra) {
        this.stage = stage;
        this.cassandra = cassandra;
        System.setProperty("slf4j.internal.verbosity", "ERROR"); // the driver would have its missing logger told
    }

    @Override
    public boolean warmUp(int round) {
        run(stage.options().warmSeconds, -round);
        return true;
    }

    @Override
    public List<Result> measure(int rep) {
        return List.of(run(stage.options().seconds(SECONDS), rep));
    }

    private Result run(int seconds, int rep) {
        try (CqlSession session = session()) {
            session.execute("CREATE KEYSPACE IF NOT EXISTS " + KEYSPACE
                    + " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");
            session.execute("CREATE TABLE IF NOT EXISTS " + KEYSPACE + ".plain (id bigint PRIMARY KEY, body blob)");
            PreparedStatement insert = session.prepare("INSERT INTO " + KEYSPACE + ".plain (id, body) VALUES (?, ?)");
            Histogram took = new Histogram(3);
            Meter meter = stage.meter();
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            for (long id = 0; System.nanoTime() < end; id++) {
                BoundStatement row =
                        insert.bind(id, ByteBuffer.wrap(stage.events().event(id).toBytes()));
                long start = System.nanoTime();
                session.execute(row);
                took.recordValue(System.nanoTime() - start);
            }
            return new Result("W1b-insert", rep)
                    .usage(meter.stop(), took.getTotalCount())
                    .latency("", took);
        }
    }

    private CqlSession session() {
        return CqlSession.builder()
                .addContactPoint(cassandra)
                .withConfigLoader(DriverConfigLoader.programmaticBuilder()
                        .withString(DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS, "DcInferringLoadBalancingPolicy")
                        .withString(DefaultDriverOption.PROTOCOL_VERSION, "V4") // as the node does
                        .withString(DefaultDriverOption.REQUEST_CONSISTENCY, "LOCAL_QUORUM")
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, TIMEOUT)
                        .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, TIMEOUT)
                        .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, TIMEOUT)
                        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                        .build())
                .build();
    }
}
