package io.millrace.node.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.protocol.Event;
import io.millrace.protocol.EventId;
import io.millrace.protocol.Payload;
import io.millrace.protocol.Trace;
import io.millrace.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The log of a node as its configuration prints it. */
class LogLinesTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void aLineTellsWhatItIsAboutInFieldsOfItsOwn() {
        Logger log = logger("logback-node.xml");

        Trace trace = new Trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", null);
        Event event = new Event(null, "q", new EventId(1, 2), 1, 1, null, trace, Payload.ofJson("{}"));

        LogFields.event(LogFields.run(log.atWarn(), "b", "r-1"), event).log("event {} failed", 7);

        JsonNode line = only(lines());
        assertThat(line.path("message").asText()).isEqualTo("event 7 failed");
        assertThat(line.path("level").asText()).isEqualTo("WARN");
        assertThat(line.path("bot").asText()).isEqualTo("b");
        assertThat(line.path("run").asText()).isEqualTo("r-1");
        assertThat(line.path("queue").asText()).isEqualTo("q");
        assertThat(line.path("eid").asText()).isEqualTo(new EventId(1, 2).toString());
        assertThat(line.path("trace").asText()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
        assertThat(line.path("timestamp").asText()).endsWith("Z");
    }

    @Test
    void theNameOfALogTellsWhoseItIs() {
        Logger log = logger("logback-node.xml");

        LogFields.warnOfLog(log, "queue|orders").log("gone");
        LogFields.warnOfLog(log, "bot|a|b").log("gone");
        LogFields.warnOfLog(log, "whatever").log("gone");

        List<JsonNode> lines = lines();
        assertThat(lines.get(0).path("queue").asText()).isEqualTo("orders");
        assertThat(lines.get(1).path("bot").asText()).isEqualTo("a|b");
        assertThat(lines).hasSize(3);
    }

    @Test
    void whatUsersSayMakesNoLineAndNoFieldOfItsOwn() {
        Logger log = logger("logback-node.xml");
        String forged = "x\r\n{\"level\":\"ERROR\",\"message\":\"forged\"}\u2028\u0085\",\"level\":\"ERROR";

        log.atInfo()
                .addKeyValue(LogFields.BOT, forged)
                .setCause(new IllegalStateException(forged))
                .log("failed: {}", forged);

        JsonNode line = only(lines());
        assertThat(line.path("level").asText()).isEqualTo("INFO");
        assertThat(line.path("bot").asText()).isEqualTo(forged);
        assertThat(line.path("message").asText()).isEqualTo("failed: " + forged);
    }

    @Test
    void aLongTraceOfAStackIsCut() {
        Logger log = logger("logback-node.xml");

        log.atError().setCause(new IllegalStateException("m".repeat(1 << 20))).log("failed");

        assertThat(only(lines()).path("stack_trace").asText()).hasSizeLessThanOrEqualTo(8_192);
    }

    @Test
    void underDevAMessageIsALineForPeople() {
        System.setProperty("millrace.log", "target/log-lines-test.log");
        try {
            Logger log = logger("logback-dev.xml");

            log.atWarn().addKeyValue(LogFields.BOT, "b").log("bot b said a\r\nforged line");

            assertThat(text().lines()).hasSize(1);
            assertThat(text()).contains("WARN").contains("bot b said a | forged line");
        } finally {
            System.clearProperty("millrace.log");
        }
    }

    /** A logger of a context of its own, whose one appender prints to {@link #printed}. */
    private Logger logger(String configuration) {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        try {
            JoranConfigurator configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(LogLinesTest.class.getClassLoader().getResource(configuration));
        } catch (Exception wrong) {
            throw new AssertionError(wrong);
        }
        Logger root = context.getLogger("ROOT");
        OutputStreamAppender<ILoggingEvent> configured = (OutputStreamAppender<ILoggingEvent>)
                root.iteratorForAppenders().next();
        Encoder<ILoggingEvent> encoder = configured.getEncoder();
        root.detachAppender(configured);
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                printed.writeBytes(encoder.encode(event));
            }
        };
        appender.setContext(context);
        appender.start();
        root.addAppender(appender);
        return context.getLogger("io.millrace.test");
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private List<JsonNode> lines() {
        return text().lines()
                .map(line -> Json.readAnswer(line.getBytes(StandardCharsets.UTF_8), JsonNode.class))
                .toList();
    }

    private static JsonNode only(List<JsonNode> lines) {
        assertThat(lines).hasSize(1);
        return lines.get(0);
    }
}
