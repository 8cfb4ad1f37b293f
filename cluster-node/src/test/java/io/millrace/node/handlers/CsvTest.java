package io.millrace.node.handlers;

import static io.millrace.node.handlers.Events.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.WholeNode;
import io.millrace.node.run.HandlerFactory;
import io.millrace.protocol.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class CsvTest {
    private static final String SETTINGS =
            "{\"file\":\"o.csv\",\"columns\":{\"n\":\"/payload/n\",\"who, when\":\"/payload/who\",\"at\":\"/timestamp\"}}";

    @TempDir
    Path directory;

    private HandlerFactory csv;
    private Path file;

    @BeforeEach
    void find() {
        csv = Objects.requireNonNull(StandardHandlers.all(directory).get("csv"));
        file = directory.resolve("o.csv");
    }

    private static Event row(int n) {
        return event(n, "{\"n\":" + n + "}");
    }

    private void write(long epoch, Event... events) throws Exception {
        write(SETTINGS, "bot", epoch, events);
    }

    private void write(String settings, String bot, long epoch, Event... events) throws Exception {
        csv.create(WholeNode.json(settings)).handle(List.of(events), new Events.Emitted(bot, epoch));
    }

    private List<String> numbers() throws IOException {
        return Files.readAllLines(file).stream()
                .skip(1)
                .map(line -> line.split(",")[0])
                .toList();
    }

    @Test
    void rowsFollowTheHeader() throws Exception {
        write(
                1,
                event(1, "{\"n\":1.50,\"who\":\"Ada \\\"L\\\", Ms\"}"),
                event(2, "{\"n\":{\"a\":[1]},\"who\":\"two\\nlines\"}"),
                event(3, "{\"who\":null}"));
        write(1, event(4, "{\"n\":true,\"who\":\" x\"}"));

        String at = "," + Events.NOW + "\r\n";
        assertThat(Files.readString(file))
                .isEqualTo("n,\"who, when\",at\r\n1.50,\"Ada \"\"L\"\", Ms\"" + at
                        + "\"{\"\"a\"\":[1]}\",\"two\nlines\"" + at + "," + at + "true,\" x\"" + at);
    }

    @Test
    void whatComesAgainStandsThereOnce() throws Exception {
        write(1, row(1), row(2), row(3));
        write(2, row(2), row(3), row(4));
        write(2, row(1), row(2));

        assertThat(numbers()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void rowsOfACrashAreCutOff() throws Exception {
        write(1, row(1), row(2));
        Files.writeString(file, "3,,17\r\n4,", StandardOpenOption.APPEND);

        write(2, row(3), row(4), row(5));

        assertThat(numbers()).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void aCrashBeforeTheFirstNotesIsNoMore() throws Exception {
        write(1, row(1));
        Path notes = directory.resolve("o.csv.notes");
        Files.writeString(
                notes,
                Files.readString(notes)
                        .replaceAll("\"length\":\\d+", "\"length\":0")
                        .replaceAll("\"positions\":\\{[^}]*\\}", "\"positions\":{}"));

        write(2, row(1), row(2));

        assertThat(numbers()).containsExactly("1", "2");
    }

    @Test
    void aFileThatWasMovedAwayBeginsAnew() throws Exception {
        write(1, row(1));
        Files.move(file, directory.resolve("old.csv"));

        write(1, row(2));

        assertThat(numbers()).containsExactly("2");
        assertThat(Files.readAllLines(file)).first().isEqualTo("n,\"who, when\",at");
    }

    @Test
    void whatIsNotOursOrNotAsItWasLeftIsRefused() throws Exception {
        write(5, row(1));
        assertThatThrownBy(() -> write(4, row(2))).hasMessageContaining("a later run");
        assertThatThrownBy(() -> write(SETTINGS, "other", 6, row(2))).hasMessageContaining("is the bot bot's");
        assertThatThrownBy(() -> write(SETTINGS.replace("\"n\"", "\"m\""), "bot", 6, row(2)))
                .hasMessageContaining("other columns");
        assertThatThrownBy(() -> write(SETTINGS.replace("}}", "},\"maxBytes\":30}"), "bot", 6, row(2)))
                .hasMessageContaining("is full");
        assertThat(numbers()).containsExactly("1");
        Files.writeString(file, "n");
        assertThatThrownBy(() -> write(6, row(2))).hasMessageContaining("shorter");
        Files.writeString(directory.resolve("mine.csv"), "keep");
        assertThatThrownBy(() -> write(SETTINGS.replace("o.csv", "mine.csv"), "bot", 1, row(2)))
                .hasMessageContaining("no bot's");
        assertThat(directory.resolve("mine.csv")).hasContent("keep");
    }

    @Test
    void aLinkIsNotFollowed() throws Exception {
        Path outside = Files.writeString(directory.resolve("outside"), "");
        Files.createSymbolicLink(file, outside);

        assertThatThrownBy(() -> write(1, row(1))).isInstanceOf(IOException.class);
        assertThat(outside).isEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"../o.csv", "/tmp/o.csv", "a/b.csv", ".o", "", "o.csv.notes", "a\\\\b", "o\\u0000"})
    void noNameLeadsOutOfTheDirectory(String name) {
        assertThat(csv.check(WholeNode.json(SETTINGS.replace("o.csv", name)), List.of()))
                .singleElement()
                .satisfies(error -> assertThat(error.pointer()).isEqualTo("/handler/settings/file"));
    }

    @Test
    void settingsThatCantWorkAreRefused() {
        assertThat(csv.check(WholeNode.json(SETTINGS), List.of())).isEmpty();
        assertThat(Events.errors("csv", SETTINGS))
                .singleElement()
                .asString()
                .startsWith("/file this node writes no files");
        assertThat(csv.check(WholeNode.json("{\"file\":\"a\",\"columns\":{\"x\":\"y\"},\"maxBytes\":0}"), List.of()))
                .extracting(error -> error.pointer())
                .containsExactly("/handler/settings/columns/x", "/handler/settings/maxBytes");
    }
}
