package io.millrace.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.protocol.json.Json;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** W3C Trace Context, https://www.w3.org/TR/trace-context/: what is taken of what comes. */
class TraceTest {
    private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + ID + "-00f067aa0ba902b7-01";

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "sampled, 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, 01",
        "not sampled, 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00, 00",
        "random as level 2 knows it, 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-03, 03",
        "flags that nobody knows, 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff, 03",
        "spaces around, ' 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 ', 01",
        "a later version, cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01, 01",
        "a later version with more, cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-then, 01",
    })
    void whatIsWellFormedIsTaken(String name, String header, String flags) {
        assertThat(Trace.ofHeaders(List.of(header), List.of()))
                .contains(new Trace("00-" + ID + "-00f067aa0ba902b7-" + flags, null));
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @ValueSource(
            strings = {
                "",
                "00",
                "-",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "CC-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.more",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b71-01",
                "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01",
                "00-4bf92f3577b34da6a3ce929d0e0e473\u0660-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01,00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            })
    void whatIsMalformedCountsAsNone(String header) {
        assertThat(Trace.ofHeaders(List.of(header), List.of("a=1"))).isEmpty();
    }

    @Test
    void noneOrSeveralCountAsNone() {
        assertThat(Trace.ofHeaders(List.of(), List.of("a=1"))).isEmpty();
        assertThat(Trace.ofHeaders(List.of(PARENT, PARENT), List.of())).isEmpty();
    }

    @ParameterizedTest(name = "[{index}] {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a=1                | a=1",
                "' a=1 , b=2 '      | a=1,b=2",
                "a=1,,b=2,          | a=1,b=2",
                "1a-_*/b=x y        | 1a-_*/b=x y",
                "t1@sys=v           | t1@sys=v",
                "a=1,a=2            |",
                "A=1                |",
                "a                  |",
                "a=                 |",
                "=1                 |",
                "a=1=2              |",
                "@a=1               |",
                "a=1,b=\u00e9      |",
                ",                  |",
                "''                 |",
            })
    void aStateIsKeptOrLeftOutAndTheTraceStays(String header, @Nullable String kept) {
        assertThat(state(header)).isEqualTo(kept);
    }

    @Test
    void aStateOfSeveralFieldsIsOne() {
        assertThat(Trace.ofHeaders(List.of(PARENT), List.of("a=1", "b=2"))).contains(new Trace(PARENT, "a=1,b=2"));
    }

    @Test
    void ofAStateThatIsTooLongTheLongMembersGoFirstAndThenTheLast() {
        String tooLong = "x=" + "1".repeat(130);
        String members = IntStream.range(0, 8)
                .mapToObj(i -> (char) ('a' + i) + "=" + "1".repeat(78))
                .collect(Collectors.joining(","));

        assertThat(state(tooLong + "," + members))
                .hasSizeLessThanOrEqualTo(Trace.MAX_STATE)
                .isEqualTo(members.substring(0, 6 * 81 - 1));
        assertThat(state(IntStream.range(0, 33).mapToObj(i -> "k" + i + "=1").collect(Collectors.joining(","))))
                .isNull();
    }

    @Test
    void aChildStandsInTheSameTraceUnderAParentOfItsOwn() {
        Trace trace = new Trace(PARENT, "a=1");
        Correlation first = Correlation.of("q", new EventId(1, 1));
        Correlation second = Correlation.of("q", new EventId(1, 2));

        Trace child = trace.child("b", first);

        assertThat(child.id()).isEqualTo(ID);
        assertThat(child.tracestate()).isEqualTo("a=1");
        assertThat(child.traceparent()).endsWith("-01").isNotEqualTo(PARENT);
        assertThat(child).isEqualTo(trace.child("b", first));
        assertThat(List.of(
                        child,
                        trace.child("c", first),
                        trace.child("b", second),
                        child.child("c", Correlation.of("p", new EventId(1, 1)))))
                .doesNotHaveDuplicates();
    }

    @Test
    void eventsOfSeveralTracesShareNone() {
        Trace one = new Trace(PARENT, null);
        Trace sameTrace = one.child("b", Correlation.of("q", new EventId(1, 1)));
        Trace other = new Trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null);

        assertThat(Trace.shared(events(one, sameTrace))).isEqualTo(sameTrace);
        assertThat(Trace.shared(events(one, other, one))).isNull();
        assertThat(Trace.shared(events(one, null, one))).isNull();
        assertThat(Trace.shared(events((Trace) null))).isNull();
        assertThat(Trace.shared(List.of())).isNull();
    }

    @Test
    void anEventThatWouldBeTooLargeWithATraceGoesWithout() {
        Trace trace = new Trace(PARENT, null);
        NewEvent event = NewEvent.of(Payload.ofJson("\"" + "x".repeat(Limits.EVENT_BYTES - 200) + "\""));

        assertThat(event.in(trace).trace()).isNull();
        assertThat(NewEvent.of(Payload.ofJson("1")).in(trace).trace()).isEqualTo(trace);
    }

    @Test
    void itsJsonIsStrict() {
        byte[] json = Json.bytes(new Trace(PARENT, "a=1"));
        assertThat(Json.read(json, 0, json.length, Trace.class)).isEqualTo(new Trace(PARENT, "a=1"));
        assertThatThrownBy(() -> new Trace("00-x", null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Trace(PARENT, "a=1, b=2")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Trace(PARENT, "")).isInstanceOf(IllegalArgumentException.class);
    }

    private static @Nullable String state(String header) {
        return Trace.ofHeaders(List.of(PARENT), List.of(header)).orElseThrow().tracestate();
    }

    private static List<Event> events(@Nullable Trace... traces) {
        return Arrays.stream(traces)
                .map(trace -> new Event(null, "q", new EventId(1, 1), 1, 1, null, trace, Payload.ofJson("1")))
                .toList();
    }
}
