package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What openapi.yaml promises is served. */
class ContractTest {
    @Test
    void shouldServeEveryOperationOfTheContract() throws java.io.IOException {
        List<String> missing = new ArrayList<>();
        List<String> operations =
                Contract.operations().stream().map(Object::toString).toList();
        try (TestServer server = new TestServer(TestServer.settings())) {
            for (String operation : operations) {
                String[] parts = operation.split(" ");
                RawHttp.Answer answer = RawHttp.send(
                        server.port(), RawHttp.request(parts[0], parts[1].replaceAll("\\{[a-z]+}", "x"), new byte[0]));
                // A queue or a replay that isn't there is 404 too: only the router says this.
                if (answer.status() == 405 || answer.text().contains("there is no such resource")) {
                    missing.add(operation);
                }
            }
        }
        assertThat(operations).hasSizeGreaterThan(20);
        assertThat(missing).isEmpty();
    }
}
