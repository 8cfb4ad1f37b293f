package io.millrace.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoOptionsTest {
    private static DemoOptions parse(String line) {
        return DemoOptions.parse(Arrays.asList(line.split(" ")));
    }

    @Test
    void theAddressIsEnough() {
        assertThat(parse("--url http://127.0.0.1:1"))
                .isEqualTo(new DemoOptions(URI.create("http://127.0.0.1:1"), 200, Long.MAX_VALUE));
    }

    @Test
    void whatComesLaterHolds() {
        assertThat(parse("--url http://h:1 --rate 5 --orders 7 --rate 6"))
                .isEqualTo(new DemoOptions(URI.create("http://h:1"), 6, 7));
    }

    @ParameterizedTest
    @CsvSource({
        "--rate 5, --url is missing",
        "--url, --url takes an address like http://127.0.0.1:8080",
        "--url http://h:1 --rate 0, --rate takes a number from 1 to 100000",
        "--url http://h:1 --rate fast, --rate takes a number from 1 to 100000",
        "--url http://h:1 --orders -1, --orders takes a number from 0",
        "--url http://h:1 --orders, --orders takes a number from 0",
        "--port 1, unknown option --port"
    })
    void anythingElseIsRefusedInWords(String line, String message) {
        assertThatThrownBy(() -> parse(line))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }
}
