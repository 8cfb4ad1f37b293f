package io.millrace.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** No question is proven by anything that began before it came. */
class ProofsTest {
    private static final String ONE = "one";
    private static final String TWO = "two";
    private static final String THREE = "three";

    private final Proofs<String> proofs = new Proofs<>();

    @Test
    void aLookProvesWhatCameBeforeItBegan() {
        proofs.ask(ONE);
        assertThat(proofs.lookBegins()).isTrue();
        proofs.ask(TWO);
        assertThat(proofs.lookBegins()).as("one at a time").isFalse();

        assertThat(proofs.looked()).containsExactly(ONE);

        assertThat(proofs.lookBegins()).isTrue();
        assertThat(proofs.looked()).containsExactly(TWO);
        assertThat(proofs.lookBegins()).isFalse();
        assertThat(proofs.isEmpty()).isTrue();
    }

    @Test
    void aCommitProvesWhatCameBeforeItBegan() {
        proofs.ask(ONE);
        proofs.commitBegins();
        proofs.ask(TWO);

        assertThat(proofs.committed()).containsExactly(ONE);
        assertThat(proofs.committed()).isEmpty();

        proofs.commitBegins();
        assertThat(proofs.committed()).containsExactly(TWO);
    }

    @Test
    void aLostLogGivesAllBack() {
        proofs.ask(ONE);
        proofs.commitBegins();
        proofs.ask(TWO);
        proofs.lookBegins();
        proofs.ask(THREE);

        assertThat(proofs.drain()).containsExactlyInAnyOrder(ONE, TWO, THREE);
        assertThat(proofs.isEmpty()).isTrue();
    }

    @Test
    void tooManyAreRefused() {
        for (int i = 0; i < Proofs.MAX_WAITING; i++) {
            assertThat(proofs.ask(ONE)).isTrue();
        }

        assertThat(proofs.ask(ONE)).isFalse();
    }
}
