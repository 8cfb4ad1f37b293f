package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.protocol.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What openapi.yaml promises is served. */
class ContractTest {
    @Test
    void shouldServeEveryOperationOfTheContract() throws IOException {
        List<String> missing = new ArrayList<>();
        List<String> operations = operations();
        try (TestServer server = new TestServer(TestServer.settings())) {
            for (String operation : operations) {
                String[] parts = operation.split(" ");
                int status = RawHttp.send(
                                server.port(),
                                RawHttp.request(parts[0], parts[1].replaceAll("\\{[a-z]+}", "x"), new byte[0]))
                        .status();
                // A thing that isn't there is described nowhere but in the answer to GET of a queue.
                if (status == 405 || (status == 404 && !operation.equals("GET /v1/queues/{queue}"))) {
                    missing.add(operation);
                }
            }
        }
        assertThat(operations).hasSizeGreaterThan(20);
        assertThat(missing).isEmpty();
    }

    private static List<String> operations() throws IOException {
        List<String> operations = new ArrayList<>();
        String path = "";
        for (String line : contract().lines().toList()) {
            if (line.matches(" {2}/\\S*:")) {
                path = line.strip().replace(":", "");
            } else if (line.matches("(webhooks|components):")) {
                return operations;
            } else if (line.matches(" {4}(get|put|post|delete|patch):")) {
                operations.add(line.strip().replace(":", "").toUpperCase(Locale.ROOT) + " " + path);
            }
        }
        return operations;
    }

    private static String contract() throws IOException {
        try (InputStream in = Problem.class.getResourceAsStream("/openapi.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
