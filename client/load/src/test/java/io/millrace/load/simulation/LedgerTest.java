package io.millrace.load.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger();

    @Test
    void aRefusalIsNeitherAcceptedNorFailedAndWritesNothing() {
        ledger.append("put", "q", 10, 429, 1);
        assertThat(ledger.row("put").refused.sum()).isEqualTo(1);
        assertThat(ledger.row("put").failed.sum()).isZero();
        assertThat(ledger.row("put").accepted()).isZero();
        assertThat(ledger.agrees("q", 0)).isTrue();
        assertThat(ledger.agrees("q", 10)).isFalse();
        assertThat(ledger.firstRefusal()).isPresent();
    }

    @Test
    void whatIsAcknowledgedHasToBeThereExactly() {
        ledger.append("put", "q", 10, 200, 1);
        assertThat(ledger.agrees("q", 9)).isFalse();
        assertThat(ledger.agrees("q", 10)).isTrue();
        assertThat(ledger.agrees("q", 11)).isFalse();
    }

    @Test
    void whatHasAnUnknownOutcomeMayBeThereOrNot() {
        ledger.append("put", "q", 10, 200, 1);
        ledger.append("put", "q", 5, 503, 1);
        ledger.append("put", "q", 1, Ledger.NO_ANSWER, 0);
        assertThat(ledger.agrees("q", 9)).isFalse();
        assertThat(ledger.agrees("q", 10)).isTrue();
        assertThat(ledger.agrees("q", 16)).isTrue();
        assertThat(ledger.agrees("q", 17)).isFalse();
        assertThat(ledger.row("put").failed.sum()).isEqualTo(2);
    }

    @Test
    void percentilesAreThoseOfWhatWasAccepted() {
        for (int i = 0; i < 100; i++) {
            ledger.append("put", "q", 1, 429, 1);
        }
        ledger.append("put", "q", 1, 200, 700);
        assertThat(ledger.row("put").percentile(50)).isEqualTo(700);
        assertThat(ledger.refusedPercent("put")).isGreaterThan(99);
        assertThat(ledger.refusedPercent("other")).isZero();
    }
}
