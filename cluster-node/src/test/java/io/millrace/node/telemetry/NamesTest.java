package io.millrace.node.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamesTest {
    private final Names names = new Names(2);

    @Test
    void whoComesWhenThereIsNoRoomIsAnotherUntilOneLeaves() {
        assertThat(names.take("a")).isEqualTo("a");
        assertThat(names.take("b")).isEqualTo("b");
        assertThat(names.take("c")).isEqualTo(Names.OTHER);

        assertThat(names.leave(Names.OTHER)).isFalse();
        assertThat(names.leave("a")).isTrue();
        assertThat(names.take("c")).isEqualTo("c");
    }

    @Test
    void aNameThatTwoHoldGoesWithTheLast() {
        names.take("a");
        names.take("a");

        assertThat(names.leave("a")).isFalse();
        assertThat(names.leave("a")).isTrue();
        assertThat(names.leave("a")).isFalse();
    }
}
