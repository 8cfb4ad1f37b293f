package io.millrace.node.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.node.http.RawHttp.Answer;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way to be wrong that we thought of: each answers a problem document, in our words, and changes nothing. */
class BadInputTest {
    private static TestServer server;

    @BeforeAll
    static void start() {
        server = new TestServer(TestServer.settings());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void reset() {
        server.queues.reset();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void shouldAnswerAProblemInOurWordsAndChangeNothing(BadRow row) throws IOException {
        Answer answer = RawHttp.send(server.port(), row.request().get());

        String text = answer.text();
        assertThat(answer.status()).as(text).isEqualTo(row.status());
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.path("type").asText()).isEqualTo("urn:millrace:problem:" + row.type());
        assertThat(problem.path("status").asInt()).isEqualTo(row.status());
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(problem.path("detail").asText()).contains(row.says());
        assertThat(text)
                .doesNotContain(
                        "com.fasterxml", "Exception", "at line", "org.apache", "io.millrace", "java.", "Illegal")
                .doesNotContain("Unexpected", "Unrecognized", "parse", "pekko", "antlr", "ERROR");
        assertThat(server.queues.changes).isEmpty();
    }

    static Stream<BadRow> rows() {
        return Stream.of(BadEvents.rows(), BadBlocks.rows(), BadTargets.rows(), BadHeads.rows(), BadDocuments.rows())
                .flatMap(rows -> rows);
    }
}
