package io.millrace.node;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code millrace dev} with a node that only says that it's ready; a process of its own for tests that kill it. */
final class DevWithFakeNode {

    private DevWithFakeNode() {}

    public static void main(String[] arguments) {
        System.exit(Main.commandLine(DevWithFakeNode::start).execute(arguments));
    }

    private static CompletionStage<NodeStarter.RunningNode> start(
            InetSocketAddress cassandra, String datacenter, InetSocketAddress http) {
        try {
            HttpServer server = HttpServer.create(http, 8);
            server.createContext("/health/ready", exchange -> {
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            return CompletableFuture.completedFuture(new FakeNode(server));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private record FakeNode(HttpServer server) implements NodeStarter.RunningNode {

        @Override
        public InetSocketAddress httpAddress() {
            return server.getAddress();
        }

        @Override
        public CompletionStage<Void> stop() {
            server.stop(0);
            System.out.println("node stopped");
            return CompletableFuture.completedFuture(null);
        }
    }
}
