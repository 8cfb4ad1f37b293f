package io.millrace.node.handlers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.millrace.node.run.HandlerFactory;
import io.millrace.protocol.handler.BotHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class JarHandlersTest {
    @TempDir
    Path directory;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(JarHandlers.class);

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    private Map<String, HandlerFactory> load() {
        return JarHandlers.load(directory, "taken.Name"::equals);
    }

    private BotHandler create(String name) {
        return Objects.requireNonNull(load().get(name))
                .create(Events.event(1, "{}").payload().tree());
    }

    private String errors() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).reduce("", (a, b) -> a + b + "\n");
    }

    @Test
    void aJarsHandlerDoesItsWork() throws Exception {
        HandlerJar.of("my.Upper", "out.emit(\"b\", event.payload().as(String.class).toUpperCase());")
                .writeTo(directory.resolve("my.jar"));

        assertThat(Events.emitted(create("my.Upper"), Events.event(1, "\"hello\"")))
                .containsExactly("b \"HELLO\"");
    }

    @Test
    void jarsSeeNeitherTheNodeNorItsLibrariesNorEachOther() throws Exception {
        for (String name :
                new String[] {"io.millrace.node.Node", "org.apache.pekko.actor.ActorSystem", "org.slf4j.Logger", "one.A"
                }) {
            HandlerJar.of("one.A", "").writeTo(directory.resolve("a.jar"));
            HandlerJar.of("two.B", "Class.forName(\"" + name + "\");").writeTo(directory.resolve("b.jar"));
            BotHandler two = create("two.B");

            assertThatThrownBy(() -> Events.emitted(two, Events.event(1, "1")))
                    .as(name)
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void aJarThatCantBeLoadedCostsOnlyItself() throws Exception {
        HandlerJar.of("good.One", "").writeTo(directory.resolve("good.jar"));
        Files.writeString(directory.resolve("broken.jar"), "no zip");
        HandlerJar.of("not.There", "").naming("not.Here").writeTo(directory.resolve("naming.jar"));
        HandlerJar.of("none.Named", "").naming("").writeTo(directory.resolve("unnamed.jar"));
        Files.writeString(directory.resolve("readme.txt"), "not looked at");

        assertThat(load()).containsOnlyKeys("good.One");
        assertThat(errors())
                .contains("broken.jar can't be loaded", "naming.jar can't be loaded", "unnamed.jar has no handlers")
                .doesNotContain("readme");
    }

    @Test
    void aNameThatTwoJarsHaveIsNobodys() throws Exception {
        HandlerJar.of("same.Name", "").writeTo(directory.resolve("a.jar"));
        HandlerJar.of("same.Name", "").writeTo(directory.resolve("b.jar"));
        HandlerJar.of("taken.Name", "").writeTo(directory.resolve("c.jar"));

        assertThat(load()).isEmpty();
        assertThat(errors())
                .contains(
                        "both have a handler same.Name: neither is taken",
                        "c.jar has a handler taken.Name, which the node");
    }
}
