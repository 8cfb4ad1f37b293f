package io.millrace.node.application;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ETagsTest {
    @Test
    void aTagIsTheVersionInQuotes() {
        assertThat(ETags.of(7)).isEqualTo("\"7\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"7\"", "*", " \"7\" ", "\"6\", \"7\"", "\"6\",*"})
    void aFieldThatNamesTheVersionMatches(String field) {
        assertThat(ETags.matches(field, 7)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "\"77\"", "W/\"7\"", "\"6\", \"8\"", "\"\"", ","})
    void everyOtherDoesNot(String field) {
        assertThat(ETags.matches(field, 7)).isFalse();
    }
}
