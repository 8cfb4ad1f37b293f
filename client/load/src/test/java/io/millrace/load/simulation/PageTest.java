package io.millrace.load.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PageTest {
    private static final String A = line("z/2026/01/01/00/00/1767225600000-0000000", 17);
    private static final String B = line("z/2026/01/01/00/00/1767225600000-0000001", 18);

    @Test
    void itCountsEventsAndTellsTheLastAndWhenTheyWereSent() {
        assertThat(Page.of(A + B, Requests.BEGINNING).events()).isEqualTo(2);
        assertThat(Page.of(A + B, Requests.BEGINNING).last()).endsWith("-0000001");
        assertThat(Page.of(A + B, Requests.BEGINNING).sent()).containsExactly(17L, 18L);
    }

    @Test
    void anEmptyPageStaysWhereItIs() {
        assertThat(Page.of("", "z/2026").last()).isEqualTo("z/2026");
    }

    @Test
    void anEventTwiceOrOutOfOrderIsAnError() {
        assertThatThrownBy(() -> Page.of(B + A, Requests.BEGINNING)).hasMessageContaining("out of order");
        assertThatThrownBy(() -> Page.of(A + A, Requests.BEGINNING)).hasMessageContaining("out of order");
        String last = Page.of(A, Requests.BEGINNING).last();
        assertThatThrownBy(() -> Page.of(A, last)).hasMessageContaining("out of order");
    }

    private static String line(String id, long sent) {
        return "{\"event\":\"q\",\"eid\":\"" + id + "\",\"payload\":{\"n\":1,\"sent\":" + sent + ",\"text\":\"x\"}}\n";
    }
}
