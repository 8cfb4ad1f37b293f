package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.process.ChildJvm;
import io.millrace.node.process.JvmCommand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace node} as processes: how they find each other, leave, die and are removed. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class NodeProcessesIT {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private static final int NODES = 3;

    @TempDir
    Path directory;

    private final TestCassandra cassandra = TestCassandra.shared();
    private final String keyspace = cassandra.newKeyspace();
    private final List<ChildJvm> children = new ArrayList<>();
    private int clusterPort;
    private int httpPort;

    @AfterEach
    void endWhatIsLeft() {
        children.forEach(ChildJvm::kill);
    }

    @Test
    void anotherTakesOverFromTheKilledAndTheFrozenAndTheFrozenLeaves() throws Exception {
        clusterPort = DevNodes.freePort(NODES);
        httpPort = DevNodes.freePort(NODES);
        List<ChildJvm> nodes = new ArrayList<>();
        for (int number = 1; number <= NODES; number++) {
            nodes.add(start(number, cassandra.contactPoint()));
        }
        awaitMembers(1, NODES);

        // kill -9 of the owner: somebody else acknowledges, after the resolver's time
        String queue = queueOn(3, "killed");
        nodes.get(2).kill();
        Duration takeOver = timeToNextAcknowledgement(queue, 1, 2);
        System.out.println("kill -9 to the next acknowledged append: " + takeOver.toMillis() + " ms");
        assertThat(takeOver).isLessThan(Duration.ofSeconds(25));

        // it comes back
        nodes.set(2, start(3, cassandra.contactPoint()));
        awaitMembers(1, NODES);

        // a frozen owner: the same; and when it wakes it finds that it is no member any more, and ends
        queue = queueOn(2, "frozen");
        signal("STOP", nodes.get(1));
        takeOver = timeToNextAcknowledgement(queue, 1, 3);
        System.out.println("SIGSTOP to the next acknowledged append: " + takeOver.toMillis() + " ms");
        awaitMembers(1, NODES - 1);
        signal("CONT", nodes.get(1));
        assertThat(nodes.get(1).onExit().toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isEqualTo(ExitCode.REMOVED.code());

        // SIGTERM: in order
        long start = System.nanoTime();
        nodes.get(2).stop(Duration.ofSeconds(30));
        System.out.println("SIGTERM to the end: "
                + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms");
        assertThat(nodes.get(2).onExit().toCompletableFuture().get(1, TimeUnit.SECONDS))
                .isEqualTo(143);
        awaitMembers(1, 1);
        assertThat(append(1, queue)).isTrue();
    }

    @Test
    void withoutCassandraItWaitsAndSaysSo() throws Exception {
        clusterPort = DevNodes.freePort(1);
        httpPort = DevNodes.freePort(1);
        ChildJvm node = start(1, new InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 1));

        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(directory.resolve("node-1.out"))
                        .content()
                        .containsPattern("millrace: waits for Cassandra at (localhost|127.0.0.1):1"));
        assertThat(node.isAlive()).isTrue();
        node.stop(Duration.ofSeconds(20));
        assertThat(node.onExit().toCompletableFuture().get(1, TimeUnit.SECONDS)).isEqualTo(143);
    }

    private ChildJvm start(int number, InetSocketAddress storage) throws IOException {
        Path file = directory.resolve("node-" + number + ".conf");
        String seeds = "\"127.0.0.1:" + clusterPort + "\", \"127.0.0.2:" + clusterPort + "\", \"127.0.0.3:"
                + clusterPort + "\"";
        Files.writeString(file, """
                millrace {
                  security.mode = open
                  http { host = "127.0.0.%1$d", port = %2$d }
                  cluster { host = "127.0.0.%1$d", port = %3$d, seed-nodes = [%4$s] }
                  cassandra { contact-points = ["%5$s:%6$d"], datacenter = "%7$s", keyspace = "%8$s" }
                }
                """.formatted(
                        number,
                        httpPort,
                        clusterPort,
                        seeds,
                        storage.getHostString(),
                        storage.getPort(),
                        cassandra.datacenter(),
                        keyspace));
        ChildJvm child = ChildJvm.start(new JvmCommand(
                Main.class.getName(),
                System.getProperty("java.class.path"),
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                List.of("node", "--child", "--config", file.toString()),
                directory.resolve("node-" + number + ".out")));
        children.add(child);
        return child;
    }

    private void awaitMembers(int node, int count) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .ignoreExceptions()
                .until(() -> get(node, "/v1/cluster").split("\"status\":\"up\"", -1).length - 1 == count
                        && get(node, "/health/ready").contains("ready"));
    }

    /** A queue that lives on that node. */
    private String queueOn(int number, String prefix) {
        for (int i = 0; i < 100; i++) {
            String queue = prefix + "-" + i;
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> append(1, queue));
            if (get(1, "/v1/cluster?queue=" + queue).matches(".*\"entity\":.*127\\.0\\.0\\." + number + ":\\d+\"}}")) {
                return queue;
            }
        }
        throw new AssertionError("no queue lives on node " + number);
    }

    private Duration timeToNextAcknowledgement(String queue, int... nodes) {
        long start = System.nanoTime();
        List<Integer> done = new java.util.concurrent.CopyOnWriteArrayList<>();
        // As clients do: one that isn't answered doesn't keep the others from trying.
        while (done.isEmpty()
                && System.nanoTime() - start < Duration.ofMinutes(1).toNanos()) {
            for (int node : nodes) {
                appendAsync(node, queue).thenAccept(ok -> {
                    if (ok) {
                        done.add(node);
                    }
                });
            }
            try {
                TimeUnit.MILLISECONDS.sleep(100);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private boolean append(int node, String queue) {
        return appendAsync(node, queue).toCompletableFuture().join();
    }

    private java.util.concurrent.CompletionStage<Boolean> appendAsync(int node, String queue) {
        HttpRequest request = HttpRequest.newBuilder(uri(node, "/v1/queues/" + queue + "/events"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"payload\":1}"))
                .build();
        return HTTP.sendAsync(request, BodyHandlers.ofString())
                .handle((answer, failure) -> answer != null && answer.statusCode() == 200);
    }

    private String get(int node, String target) {
        try {
            HttpResponse<String> answer =
                    HTTP.send(HttpRequest.newBuilder(uri(node, target)).build(), BodyHandlers.ofString());
            return answer.body();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private URI uri(int node, String target) {
        return URI.create("http://127.0.0." + node + ":" + httpPort + target);
    }

    private static void signal(String signal, ChildJvm process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}
