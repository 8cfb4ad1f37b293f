package io.millrace.node.security;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.node.application.Audit.Note;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AuditLogTest {
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(AuditLog.LOGGER);
    private final AtomicLong now = new AtomicLong();
    private final AuditLog audit = new AuditLog(now::get);

    @BeforeEach
    void listen() {
        logger.setLevel(Level.INFO);
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
        logger.setLevel(null);
    }

    private List<String> lines() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void aChangeIsOneLineWithWhoWhatAndResult() {
        audit.note(new Note("key:ops:1", "PUT /v1/queues/{queue}", "orders", 200, "10.0.0.1"));

        assertThat(lines())
                .containsExactly("caller=\"key:ops:1\" action=\"PUT /v1/queues/{queue}\" target=\"orders\" result=200"
                        + " remote=\"10.0.0.1\"");
    }

    @Test
    void noNameMakesALineOfItsOwnOrEndsItsValue() {
        audit.note(new Note("x", "y", "a\r\n2026 caller=\"root\" \\ \u2028\u001b[31m\u0000 ü", 403, ""));

        assertThat(lines()).singleElement().satisfies(line -> {
            assertThat(line)
                    .contains(
                            "target=\"a\\u000d\\u000a2026 caller=\\\"root\\\" \\\\ \\u2028\\u001b[31m\\u0000 \\u00fc\"");
            assertThat(line.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
        });
    }

    @Property
    void whateverIsQuotedStaysOneValueOfPrintableCharacters(@ForAll String text) {
        String quoted = AuditLog.quoted(text);

        assertThat(quoted.chars()).allMatch(c -> c >= ' ' && c < 0x7f);
        assertThat(quoted.substring(1, quoted.length() - 1).replaceAll("\\\\.", ""))
                .doesNotContain("\"");
        assertThat(quoted.length()).isLessThan(2_000);
    }

    @Test
    void aFloodOfRefusalsIsCountedAndChangesAreStillWritten() {
        for (int i = 0; i < 100_000; i++) {
            audit.note(new Note("nobody", "GET /v1/queues", "", 401, "10.0.0.1"));
        }
        audit.note(new Note("key:a:1", "GET /v1/queues/{queue}", "x", 403, "10.0.0.1"));
        audit.note(new Note("key:a:1", "DELETE /v1/queues/{queue}", "x", 200, "10.0.0.1"));

        assertThat(lines()).hasSize(AuditLog.REFUSALS + 1);
        assertThat(lines().get(AuditLog.REFUSALS)).contains("DELETE");
        now.addAndGet(AuditLog.WINDOW_MILLIS);
        audit.tick();
        assertThat(lines().get(AuditLog.REFUSALS + 1))
                .isEqualTo("not written one by one: unauthenticated=99950 forbidden=1 seconds=10");
        audit.note(new Note("nobody", "GET /v1/queues", "", 401, "10.0.0.1"));
        assertThat(lines()).hasSize(AuditLog.REFUSALS + 3);
    }
}
