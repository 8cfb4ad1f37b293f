package io.millrace.node.faults.work;

import io.millrace.node.faults.bus.NodeProcess;
import io.millrace.node.process.FreePort;
import io.millrace.protocol.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The process of the webhooks; it comes back at the same port. */
public final class WebhookServer implements AutoCloseable {
    private static final List<String> JVM =
            List.of("-Xmx96m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError");

    private final NodeProcess process;

    public WebhookServer(Topology topology, Path directory) {
        int port = port();
        Map<String, Recipe> recipes = new HashMap<>();
        topology.of(BotPlan.Kind.WEBHOOK).forEach(plan -> recipes.put(plan.name(), plan.recipe()));
        process = new NodeProcess(
                "webhooks",
                NodeProcess.java(
                        JVM,
                        WebhookProcess.class,
                        "webhooks",
                        Integer.toString(port),
                        Json.mapper().valueToTree(recipes).toString(),
                        directory.resolve("history").toString()),
                directory,
                URI.create("http://127.0.0.1:" + port));
    }

    private static int port() {
        try {
            return FreePort.find("127.0.0.1");
        } catch (IOException none) {
            throw new UncheckedIOException(none);
        }
    }

    public NodeProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.kill();
    }
}
